// pnpm-lock.yaml, by pnpm's own readers: one for versions 5 and 6, and one for 7 and 9, which finds nothing in the others.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import * as newPath from '@pnpm/dependency-path'
import * as oldPath from '@pnpm/dependency-path-2'
import * as oldFile from '@pnpm/lockfile-file'
import * as newFile from '@pnpm/lockfile.fs'

import { yamlDocuments, yamlKeys } from './lines.mjs'
import { bare, flag, listed } from './reach.mjs'

// What pnpm itself needs stands in the first of two documents, and is listed by names of its own.
const lists = ['dependencies', 'devDependencies', 'optionalDependencies', 'configDependencies', 'packageManagerDependencies']

export async function pnpm({ text }) {
  const { documents, line } = yamlDocuments(text)
  const format = notation(String(documents.at(-1).get('lockfileVersion')))
  const answers = []
  for (const document of documents) {
    // pnpm's reader drops the first of two documents, so it gets each by itself, with the line breaks that it knows.
    const alone = text.slice(...document.range).replaceAll('\r\n', '\n').replace(/^---\n/, '').replace(/\n---\s*$/, '\n')
    answers.push(contents(await read(format, documents.length > 1 ? alone : text), document, line, format))
  }
  return {
    reader: format.reader,
    entries: answers.flatMap(({ entries }) => entries),
    roots: answers.flatMap(({ roots }) => roots),
  }
}

async function read(format, text) {
  const folder = mkdtempSync(join(tmpdir(), 'differential-'))
  try {
    writeFileSync(join(folder, 'pnpm-lock.yaml'), text)
    return await format.read(folder, { ignoreIncompatible: false })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

// notation is what differs between the versions.
function notation(version) {
  if (!/^[56]/.test(version)) {
    return {
      reader: '@pnpm/lockfile.fs',
      read: newFile.readWantedLockfile,
      refToRelative: newPath.refToRelative,
      parse: newPath.parse,
      keyOf: newPath.removeSuffix, // peers stand in the keys of `snapshots` only, and not in those of `packages`
      pathOf: (key) => key,
      flags: false,
    }
  }
  return {
    reader: '@pnpm/lockfile-file',
    read: oldFile.readWantedLockfile,
    refToRelative: oldPath.refToRelative,
    parse: oldPath.parse,
    keyOf: (path) => path,
    // The reader makes paths of version 5 of those of version 6: /name/1.0.0 of /name@1.0.0.
    pathOf: (key) => (version.startsWith('6') ? key.replace(/^([^/]*\/(?:@[^/]+\/)?[^/@]+)@/, '$1/') : key),
    flags: true,
  }
}

// contents gives the entries and roots of one document.
function contents(lockfile, document, line, format) {
  const packages = lockfile?.packages ?? {}
  const inFile = new Map(yamlKeys(document.get('packages')).map(([key, offset]) => [format.pathOf(key), { key, line: line(offset) }]))
  const edges = (from, specifiers) => {
    const list = []
    for (const [name, value] of lists.flatMap((each) => Object.entries(from[each] ?? {}))) {
      const reference = value.version ?? value
      const path = format.refToRelative(reference, name)
      const key = packages[path] === undefined ? '' : inFile.get(format.keyOf(path)).key
      const written = inFile.get(reference)?.key ?? reference
      list.push([name, specifiers === undefined ? written : value.specifier ?? specifiers[name], key])
    }
    return list
  }

  const roots = Object.entries(lockfile?.importers ?? {}).map(([folder, from]) => (
    { folder: folder === '.' ? '' : folder, manifest: from, edges: edges(from, from.specifiers ?? {}) }
  ))
  const byKey = new Map()
  for (const [path, found] of Object.entries(packages)) {
    const { key, line } = inFile.get(format.keyOf(path))
    const entry = byKey.get(key) ?? { key, line, fields: fields(path, found, format), edges: [] }
    // An entry is optional, or for development, if it is so with all peers that it stands with.
    if (!found.optional) entry.fields.optional = ''
    if (!found.dev) entry.fields.dev = ''
    for (const edge of edges(found)) { // of those that differ in what stands behind the version alone, the first
      if (!entry.edges.some(([name, , to]) => name === edge[0] && to === edge[2])) entry.edges.push(edge)
    }
    byKey.set(key, entry)
  }
  const entries = [...byKey.values()]
  const said = entries.map(({ fields: { dev } }) => dev)
  flag(entries, roots, ({ manifest }, [name]) => listed(manifest, name, ['dependencies', 'optionalDependencies']))
  if (format.flags) {
    entries.forEach(({ fields }, i) => { fields.dev = said[i] })
  }
  return { entries, roots: roots.map(bare) }
}

function fields(path, found, format) {
  const { name, version } = format.parse(path)
  const { integrity, tarball, directory, repo, commit } = found.resolution
  return {
    name: found.name ?? name,
    version: found.version ?? version ?? '',
    resolved: tarball ?? directory ?? (repo === undefined ? '' : `${repo}#${commit}`),
    integrity: integrity ?? '',
    optional: 'true',
    dev: 'true',
    ...(format.flags && { script: found.requiresBuild ? 'true' : '' }),
  }
}

// yarn.lock of version 1, by @yarnpkg/lockfile, yarn's own.

import { join, relative } from 'node:path'

import mapWorkspaces from '@npmcli/map-workspaces'
import lockfile from '@yarnpkg/lockfile'

import { readBeside } from './folder.mjs'
import { bare, flag, listed } from './reach.mjs'

export async function classic(text, folder) {
  const { type, object } = lockfile.parse(text)
  if (type === 'conflict') {
    throw new Error('merge conflict')
  }
  // All descriptors of an entry lead to one object.
  const descriptors = new Map()
  for (const [descriptor, entry] of Object.entries(object)) {
    descriptors.set(entry, [...(descriptors.get(entry) ?? []), descriptor])
  }
  const keyOf = (entry) => (entry === undefined ? '' : descriptors.get(entry).join(', '))
  const named = new Map()
  for (const [entry, keys] of descriptors) {
    for (const { alias } of keys.map(cut)) named.set(alias, (named.get(alias) ?? new Set()).add(entry))
  }
  // A range that stands in no key was edited since: the only entry of that name answers.
  const answer = (name, range) => {
    const [only, another] = named.get(name) ?? []
    return keyOf(object[`${name}@${range}`] ?? (another === undefined ? only : undefined))
  }

  const lines = keyLines(text)
  const entries = []
  for (const [entry, keys] of descriptors) {
    const asked = keys.map(cut)
    const { name } = asked[0]
    entries.push({
      key: keyOf(entry),
      line: lines.get(keys[0]),
      fields: {
        name,
        alias: asked.every(({ alias }) => alias !== name) ? asked[0].alias : '',
        version: entry.version,
        // Of what isn't fetched the range alone says where it is.
        resolved: entry.resolved ?? asked.find(({ range }) => /^(file|link):/.test(range))?.range ?? '',
        integrity: entry.integrity ?? '',
      },
      edges: Object.entries({ ...entry.dependencies, ...entry.optionalDependencies })
        .map(([to, range]) => [to, range, answer(to, range)]),
    })
  }
  const manifest = readBeside(folder, 'package.json')
  if (manifest === undefined) { // then nothing says what is asked for
    return { reader: '@yarnpkg/lockfile', entries }
  }
  const roots = await own(folder, manifest, answer)
  flag(entries, roots, (from, [name]) => listed(from.manifest, name, ['dependencies', 'optionalDependencies']))
  return { reader: '@yarnpkg/lockfile', entries, roots: roots.map(bare) }
}

// keyLines gives the line of each descriptor: keys stand at the first column and end in a colon.
function keyLines(text) {
  const lines = new Map()
  text.replace(/^\uFEFF/, '').split('\n').forEach((line, index) => {
    const key = /^([^\s#].*):\s*$/.exec(line)?.[1]
    for (const token of key?.match(/"(?:[^"\\]|\\.)*"|[^\s",][^,]*/g) ?? []) {
      lines.set(token.startsWith('"') ? JSON.parse(token) : token, index + 1)
    }
  })
  return lines
}

// cut takes "name@range" apart; the package is another one if the range is "npm:package@range".
function cut(descriptor) {
  const [, alias, range] = /^(.[^@]*)@?(.*)$/s.exec(descriptor)
  return { alias, range, name: /^npm:(.[^@]*)/.exec(range)?.[1] ?? alias }
}

// own gives what the manifest beside the lockfile asks for, and those of its workspaces. Nothing answers peers.
async function own(folder, manifest, answer) {
  const workspaces = await mapWorkspaces({ cwd: folder, pkg: manifest })
  const places = ['', ...[...workspaces.values()].map((path) => relative(folder, path)).sort()]
  return places.map((place) => {
    const manifest = readBeside(join(folder, place), 'package.json')
    const asked = ['dependencies', 'devDependencies', 'optionalDependencies'].flatMap((list) => Object.entries(manifest[list] ?? {}))
    return {
      folder: place,
      manifest,
      edges: [
        ...asked.map(([name, range]) => [name, range, answer(name, range)]),
        ...Object.entries(manifest.peerDependencies ?? {}),
      ],
    }
  })
}

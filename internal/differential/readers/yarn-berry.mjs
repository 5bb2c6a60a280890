// yarn.lock of yarn 2 and newer, by @yarnpkg/parsers, yarn's own.

import { join } from 'node:path'

import { parseResolution, parseSyml } from '@yarnpkg/parsers'

import { readBeside } from './folder.mjs'
import { yamlDocuments, yamlKeys } from './lines.mjs'
import { bare, flag, listed } from './reach.mjs'

export async function berry(text, folder) {
  const { __metadata: metadata, ...object } = parseSyml(text)
  const { documents, line } = yamlDocuments(text)
  const lines = new Map(yamlKeys(documents[0].contents).map(([key, offset]) => [key, line(offset)]))
  const answer = answers(object, folder)
  const resolved = new Map(Object.entries(object).map(([key, { resolution }]) => [resolution, key]))

  const entries = []
  const roots = []
  for (const [key, entry] of Object.entries(object)) {
    const [name, reference] = cut(entry.resolution)
    const edges = [
      ...Object.entries(entry.dependencies ?? {}).map(([to, range]) => [to, range, answer(entry, to, range)]),
      ...Object.entries(entry.peerDependencies ?? {}),
    ]
    const patched = patchedBy(reference)
    if (patched !== undefined) { // what is patched is fetched, too
      edges.push([...cut(patched), resolved.get(patched) ?? resolved.get(patched.replace(/(.)@/, '$1@npm:')) ?? ''])
    }
    const place = /^workspace:\.?(.*)$/.exec(reference)?.[1]
    const manifest = place === undefined ? undefined : readBeside(join(folder, place), 'package.json')
    if (place !== undefined) {
      roots.push({ folder: place, manifest, edges })
    }
    entries.push({
      key,
      line: lines.get(key),
      manifest,
      fields: {
        name,
        alias: descriptorsOf(key).map((descriptor) => cut(descriptor)[0]).find((alias) => alias !== name) ?? '',
        version: entry.version,
        resolved: address(reference),
        checksum: checksum(entry, metadata, reference),
        integrity: '',
      },
      edges,
    })
  }
  flag(entries, roots, ({ manifest }, [name]) => listed(manifest, name, ['dependencies', 'optionalDependencies', 'peerDependencies']))
  return { reader: '@yarnpkg/parsers', entries: entries.map(bare), roots: roots.map(bare) }
}

// descriptorsOf splits a key at the commas that a name and its range follow.
const descriptorsOf = (key) => key.split(/, (?=(?:@[^/@]+\/)?[^/@, ]+@)/)

// cut takes "name@reference" apart.
const cut = (text) => /^(@?[^@]+)@(.*)$/s.exec(text).slice(1)

// patchedBy gives the package that a patch is made for, as "name@reference", or undefined.
function patchedBy(reference) {
  const source = /^patch:([^#]*)#/.exec(reference)?.[1]
  return source && decodeURIComponent(source)
}

// answers gives the function that finds the key which answers what an entry asks for.
function answers(object, folder) {
  const keyOf = new Map()
  for (const key of Object.keys(object)) {
    for (const descriptor of descriptorsOf(key)) keyOf.set(descriptor, key)
  }
  // yarn has patches of its own for some packages: who asks for one of these gets the patched one.
  for (const [descriptor, key] of [...keyOf]) {
    const [, reference] = cut(descriptor)
    if (/#(optional!|~)?builtin</.test(reference)) keyOf.set(patchedBy(reference), key)
  }
  const root = Object.values(object).find(({ resolution }) => resolution.endsWith('@workspace:.'))?.resolution
  const resolutions = resolutionsIn(folder)
  const catalogs = catalogsIn(folder)
  return ({ resolution }, name, asked) => {
    const replaced = resolutions.find(({ replaces }) => replaces(resolution, name, asked))?.range
    const range = replaced ?? catalogs.get(`${asked} ${name}`) ?? asked
    // What lies in the repository is bound to the package that names it: for resolutions, the root.
    const bound = `::locator=${encodeURIComponent(replaced === undefined ? resolution : root)}`
    const candidates = [range, range + bound, `npm:${range}`]
    return candidates.map((each) => keyOf.get(`${name}@${each}`)).find((key) => key !== undefined) ?? ''
  }
}

// resolutionsIn gives a manifest's resolutions: which request they replace, and by which range.
function resolutionsIn(folder) {
  const bare = (range) => range.replace(/^npm:/, '')
  const fits = (pattern, name, range) => (
    pattern.fullName === name && (pattern.description === undefined || bare(pattern.description) === bare(range))
  )
  return Object.entries(readBeside(folder, 'package.json')?.resolutions ?? {}).map(([pattern, range]) => {
    const { from, descriptor } = parseResolution(pattern)
    return {
      range,
      replaces: (by, name, asked) => fits(descriptor, name, asked) && (from === undefined || fits(from, ...cut(by))),
    }
  })
}

// catalogsIn gives the ranges for which "catalog:" and "catalog:name" stand, by these texts and the package's name.
function catalogsIn(folder) {
  const { catalog = {}, catalogs = {} } = readBeside(folder, '.yarnrc.yml', parseSyml) ?? {}
  return new Map(Object.entries({ '': catalog, ...catalogs }).flatMap(
    ([name, ranges]) => Object.entries(ranges).map(([to, range]) => [`catalog:${name} ${to}`, range]),
  ))
}

// address gives where the bytes come from, as far as the reference tells.
function address(reference) {
  const patched = patchedBy(reference)
  if (patched !== undefined) {
    return address(cut(patched)[1])
  }
  switch (reference.split(':')[0]) {
    case 'npm':
      return decodeURIComponent(/::__archiveUrl=(.*)$/.exec(reference)?.[1] ?? '')
    case 'workspace':
      return ''
    case 'file': case 'exec': case 'link': case 'portal':
      return reference.replace(/(#.*)?::.*$/, '')
  }
  return reference
}

// checksum puts before the sum what it depends on besides the archive: the key of the cache, which older versions write at
// the top of the file alone, and the hash of a patch.
function checksum(entry, metadata, reference) {
  if (entry.checksum === undefined) {
    return ''
  }
  const [, key = metadata.cacheKey, sum] = /^(?:(.*)\/)?(.*)$/.exec(entry.checksum)
  const patch = patchedBy(reference) === undefined ? '' : `+${/[:&]hash=([^&]*)/.exec(reference)?.[1] ?? ''}`
  return `${key}${patch}/${sum}`
}

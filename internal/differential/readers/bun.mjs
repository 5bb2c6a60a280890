// bun.lock: bun's own reader can't be called from here, so this is the obvious one.

import { getNodeValue } from 'jsonc-parser'

import { jsonTree, lineAt, member, members } from './lines.mjs'
import { bare, flag, listed } from './reach.mjs'

const lists = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies']

export async function bun({ text }) {
  const document = jsonTree(text)
  const line = lineAt(text)
  const packages = members(member(document, 'packages'))
  const workspaces = new Map(members(member(document, 'workspaces')).map(([folder, node]) => [folder, getNodeValue(node)]))
  const keys = new Set(packages.map(([key]) => key))

  const entries = packages.map(([key, node, offset]) => {
    const tuple = getNodeValue(node)
    const workspace = workspaces.get(/@workspace:(.*)$/.exec(tuple[0])?.[1])
    const manifest = workspace ?? tuple.find((part) => typeof part === 'object') ?? {}
    return { key, line: line(offset), manifest, fields: fields(key, tuple, manifest, workspace), edges: edges(manifest, key, keys) }
  })
  const roots = [...workspaces].map(([folder, manifest]) => (
    { folder, manifest, edges: edges(manifest, folder === '' ? '' : manifest.name, keys) }
  ))
  // With --production bun installs what another list has, too, even that of the peers.
  flag(entries, roots, ({ manifest }, [name]) => listed(manifest, name, lists.filter((list) => list !== 'devDependencies')))
  return { reader: 'jsonc-parser', entries: entries.map(bare), roots: roots.map(bare) }
}

function fields(key, tuple, manifest, workspace) {
  const [, name, reference] = /^(@?[^@]+)@(.*)$/s.exec(tuple[0])
  const alias = segments(key).at(-1)
  const fromRegistry = /^\d/.test(reference)
  const texts = tuple.slice(1).filter((part) => typeof part === 'string')
  return {
    name,
    alias: alias === name ? '' : alias,
    version: fromRegistry ? reference : workspace?.version ?? '',
    resolved: fromRegistry ? texts[0] : workspace ? '' : reference,
    integrity: texts.find((text) => /^(sha\d+|md5)-/.test(text)) ?? '',
    bundled: manifest.bundled ? 'true' : '',
  }
}

function edges(manifest, key, keys) {
  return lists.flatMap((list) => Object.entries(manifest[list] ?? {}).map(([name, spec]) => [name, spec, answer(key, name, keys)]))
}

// answer looks for a name below an entry, then below the entry that it is nested in, up to the top.
function answer(key, name, keys) {
  for (let parts = segments(key); ; parts.pop()) {
    const candidate = [...parts, name].join('/')
    if (keys.has(candidate)) return candidate
    if (parts.length === 0) return ''
  }
}

// segments takes "a/@s/b/c" apart into a, @s/b and c.
const segments = (key) => key.match(/@[^/]+\/[^/]+|[^/]+/g) ?? []

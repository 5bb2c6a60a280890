// package-lock.json and npm-shrinkwrap.json, by Arborist, npm's own.

import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'

import Arborist from '@npmcli/arborist'
import { getNodeValue } from 'jsonc-parser'

import { jsonTree, lineAt, member, members } from './lines.mjs'

export async function npm({ root, path, text }) {
  const { legacy, of, manifests } = outline(text)
  const tree = await load(root, path, { legacy, manifests })
  const entries = []
  const roots = []
  for (const node of tree.inventory.values()) {
    if (node.isRoot || isFolder(node.location)) {
      roots.push({ folder: node.location, edges: edges(node) })
    }
    if (!node.isRoot) {
      entries.push({ key: node.location, line: of.get(node.location), fields: fields(node, tree, legacy), edges: edges(node) })
    }
  }
  const direct = new Set(roots.flatMap(({ edges }) => edges.map(([, , key]) => key)))
  for (const { key, fields } of entries) {
    fields.direct = flag(direct.has(key))
  }
  return { reader: '@npmcli/arborist', entries, roots }
}

// load reads the lockfile in a folder of its own: Arborist prefers a shrinkwrap that lies beside it, and works out all flags
// anew where a manifest doesn't fit the lockfile. So the manifests are what the lockfile holds of them. Only the old format
// holds nothing, and needs the root's own.
async function load(root, path, { legacy, manifests }) {
  const folder = mkdtempSync(join(tmpdir(), 'differential-'))
  try {
    const app = join(folder, 'within', 'app') // packages of the repository may lie beside it
    mkdirSync(app, { recursive: true })
    cpSync(join(root, path), join(app, basename(path)))
    for (const [place, manifest] of manifests) {
      mkdirSync(join(app, place), { recursive: true })
      writeFileSync(join(app, place, 'package.json'), JSON.stringify(manifest))
    }
    if (legacy && existsSync(join(root, dirname(path), 'package.json'))) {
      cpSync(join(root, dirname(path), 'package.json'), join(app, 'package.json'))
    }
    return await new Arborist({ path: app }).loadVirtual()
  } finally {
    rmSync(folder, { recursive: true })
  }
}

// outline gives the line of each install path, the manifests of the repository's own packages, and whether the file is of
// the old format, whose entries are nested.
function outline(text) {
  const document = jsonTree(text)
  const line = lineAt(text)
  const of = new Map()
  const packages = member(document, 'packages')
  if (packages !== undefined) {
    const manifests = []
    for (const [key, value, offset] of members(packages)) {
      of.set(key, line(offset))
      if (key !== '' && isFolder(key)) manifests.push([key, getNodeValue(value)])
    }
    return { legacy: false, of, manifests }
  }
  const nested = (node, within) => {
    for (const [name, value, offset] of members(member(node, 'dependencies'))) {
      const key = `${within}node_modules/${name}`
      of.set(key, line(offset))
      nested(value, `${key}/`)
    }
  }
  nested(document, '')
  return { legacy: true, of, manifests: [] }
}

// isFolder: the place of one of the repository's own packages, which are linked to and not installed.
const isFolder = (key) => !/(^|\/)node_modules\//.test(key)

function fields(node, tree, legacy) {
  // The metadata as it was read; the node's own `resolved` is made absolute.
  const meta = tree.meta.data.packages[node.location] ?? {}
  const found = {
    name: node.packageName ?? node.name,
    alias: node.packageName && node.packageName !== node.name && !isFolder(node.location) && !node.isLink ? node.name : '',
    version: node.isLink ? '' : node.version ?? '',
    resolved: meta.resolved ?? '',
    integrity: (node.integrity ?? '').split(/\s+/).filter(Boolean).join(' '),
    dev: flag(node.dev),
    optional: flag(node.optional || (node.devOptional && !node.dev)),
    peer: flag(node.peer),
    bundled: flag(meta.inBundle),
  }
  if (!legacy && !node.isLink) { // links have the flags of their targets
    found.script = flag(node.hasInstallScript)
  }
  return found
}

// edges gives what a package asks for. Behind Arborist's own edge to a workspace may be a request for it, or none.
function edges(node) {
  const list = []
  for (const [name, { spec, type, to }] of node.edgesOut) {
    const asked = type === 'workspace' ? request(node.package, name) : spec
    if (asked !== undefined) list.push([name, asked, to?.location ?? ''])
  }
  return list
}

function request(manifest, name) {
  const lists = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies']
  return lists.map((list) => manifest[list]?.[name]).find((spec) => spec !== undefined)
}

const flag = (set) => (set ? 'true' : '')

// deno.lock: deno's own reader can't be called from here, so this is the obvious one.

import { getNodeValue } from 'jsonc-parser'

import { jsonTree, lineAt, member, members } from './lines.mjs'

export async function deno({ text }) {
  const document = jsonTree(text)
  const line = lineAt(text)
  const version = getNodeValue(member(document, 'version'))
  const inner = version === '3' ? member(document, 'packages') : document
  const npm = members(version === '2' ? member(member(document, 'npm'), 'packages') : member(inner, 'npm'))
  const jsr = members(member(inner, 'jsr'))
  const remote = members(member(document, 'remote'))
  const specifiers = new Map(members(member(inner, 'specifiers')).map(([asked, { value }]) => [asked, value]))
  const sums = new Map(remote.map(([address, { value }]) => [address, value]))
  const answer = answers(npm.map(([key]) => key), jsr.map(([key]) => key), specifiers)

  const entry = (make) => ([key, node, offset]) => ({ key, line: line(offset), ...make(key, getNodeValue(node)) })
  return {
    reader: 'jsonc-parser',
    entries: [
      ...npm.map(entry((key, value) => ({
        fields: {
          ...cut(key),
          resolved: value.tarball ?? '',
          integrity: value.integrity ?? '',
          script: value.scripts ? 'true' : '',
        },
        edges: [
          ...edges(value.dependencies, answer.npm),
          ...edges(value.optionalDependencies, answer.npm),
          ...edges(value.optionalPeers, (text) => answer.npm(text).slice(0, 2)),
        ],
      }))),
      ...jsr.map(entry((key, value) => ({
        fields: { ...cut(key), ecosystem: 'jsr', integrity: value.integrity ?? '' },
        edges: edges(value.dependencies, answer.specifier),
      }))),
      ...remote.map(entry((key, sum) => ({ fields: { resolved: key, integrity: sum }, edges: [] }))),
      ...members(member(document, 'redirects')).map(entry((key, to) => ({
        fields: { resolved: to, integrity: sums.get(to) ?? '' }, edges: [],
      }))),
    ],
  }
}

// cut takes "@s/name@1.0.0_peer@2.0.0" apart. A name may hold "_", and a version can't.
function cut(key) {
  const [, name, version] = /^(@?[^@]+)@([^_]*)/.exec(key)
  return { name, version }
}

// edges are a list of texts, or in npm's part of versions 2 and 3 a map of names to keys.
function edges(asked = [], answer) {
  return Array.isArray(asked) ? asked.map(answer) : Object.entries(asked).map(([name, key]) => [name, key, key])
}

// answers gives the functions that make an edge of a text. In both the version is left out where there is no choice.
function answers(npmKeys, jsrKeys, specifiers) {
  const nameOf = (text) => /^(?:(?:jsr|npm):\/?)?(@?[^@]+)/.exec(text)[1]
  const only = (list) => (list.length === 1 ? list[0] : undefined)
  return {
    // "name", "name@1.0.0", or "alias@npm:name@1.0.0"
    npm(text) {
      const target = text.replace(/^.+@npm:/, '')
      const [, name, spec] = /^(@?[^@]+)@?(.*)$/s.exec(text)
      return [name, spec, (npmKeys.includes(target) ? target : only(npmKeys.filter((key) => nameOf(key) === target))) ?? '']
    },
    // "jsr:name@range" as in `specifiers`, or "jsr:name" of which these have one
    specifier(text) {
      const name = nameOf(text)
      const asked = specifiers.has(text) ? text : only([...specifiers.keys()].filter((each) => each.startsWith(`${text}@`)))
      const pinned = specifiers.get(asked)?.replace(/^(jsr|npm):/, '')
      const keys = text.startsWith('jsr:') ? jsrKeys : npmKeys
      return [name, text, keys.find((key) => key === pinned || key === `${name}@${pinned}`) ?? '']
    },
  }
}

// Finds the lines of entries, by libraries that keep positions.

import { parseTree } from 'jsonc-parser'
import { LineCounter, parseAllDocuments } from 'yaml'

// lineAt gives the function from an offset in a text to its line. Lines end at "\n" alone.
export function lineAt(text) {
  const ends = []
  for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) {
    ends.push(i)
  }
  return (offset) => {
    let low = 0
    for (let high = ends.length; low < high;) {
      const middle = (low + high) >> 1
      if (ends[middle] < offset) low = middle + 1
      else high = middle
    }
    return low + 1
  }
}

// jsonTree parses JSON with comments and trailing commas into nodes with offsets.
export function jsonTree(text) {
  const errors = []
  const bare = text.replace(/^\uFEFF/, ' ') // as long, so that offsets stay
  const tree = parseTree(bare, errors, { allowTrailingComma: true })
  if (tree === undefined || errors.length > 0) {
    throw new Error(`not JSON: ${errors.length} errors`)
  }
  return tree
}

// members gives [name, value node, offset of the name] of each member of an object node, none for what is no object.
export function members(node) {
  if (node?.type !== 'object') {
    return []
  }
  return node.children.map(({ children: [name, value] }) => [name.value, value, name.offset])
}

// member gives the value node of a member, the last of its name.
export function member(node, wanted) {
  return members(node).findLast(([name]) => name === wanted)?.[1]
}

// yamlDocuments parses YAML into documents with positions, and the function from an offset to its line. It is not strict:
// yarn 2 writes keys of more than 1024 characters without the mark that YAML asks for.
export function yamlDocuments(text) {
  const lines = new LineCounter()
  const documents = parseAllDocuments(text, { lineCounter: lines, schema: 'failsafe', strict: false })
  for (const { errors } of documents) {
    if (errors.length > 0) throw errors[0]
  }
  return { documents, line: (offset) => lines.linePos(offset).line }
}

// yamlKeys gives [key, offset] of each pair of a map, none for what is no map.
export function yamlKeys(map) {
  return (map?.items ?? []).map(({ key }) => [key.value, key.range[0]])
}

// flag sets `direct` and `dev` of entries, where the format has no such flags: what a root asks for, and what is reached
// from the roots through edges for development only. forDevelopment says whether an edge is one: it gets what the edge
// starts from, a root or an entry, and the edge.
export function flag(entries, roots, forDevelopment) {
  const direct = new Set(roots.flatMap(({ edges }) => edges.map(([, , key]) => key)))
  const all = reached(roots, entries, () => true)
  const production = reached(roots, entries, (from, edge) => !forDevelopment(from, edge))
  for (const { key, fields } of entries) {
    fields.direct = direct.has(key) ? 'true' : ''
    fields.dev = all.has(key) && !production.has(key) ? 'true' : ''
  }
}

// listed tells edges for development by the lists of the manifest that they start from: one of a name that stands in none
// of the other lists.
export function listed(manifest, name, others) {
  return manifest?.devDependencies?.[name] !== undefined && others.every((list) => manifest[list]?.[name] === undefined)
}

// reached gives the keys that edges lead to from the roots.
function reached(roots, entries, follow) {
  const byKey = new Map(entries.map((entry) => [entry.key, entry]))
  const seen = new Set()
  const queue = [...roots]
  while (queue.length > 0) {
    const from = queue.pop()
    for (const edge of from.edges) {
      const key = edge[2]
      if (!seen.has(key) && byKey.has(key) && follow(from, edge)) {
        seen.add(key)
        queue.push(byKey.get(key))
      }
    }
  }
  return seen
}

// bare leaves out what only flag needs, the manifest that edges start from.
export const bare = ({ manifest, ...rest }) => rest

// Reads lockfiles with libraries that are not Lockkeeper's, and prints what they find.
//
// Standard input has a request in each line, {"root": FOLDER, "path": LOCKFILE BELOW IT}; standard output gets an answer in
// each line, in the same order:
//
//   {"reader": NAME, "entries": [{"key", "line", "fields": {NAME: TEXT}, "edges": [[NAME, SPEC, KEY]]}],
//    "roots": [{"folder", "edges"}]}
//   {"reader": NAME, "error": TEXT}
//
// A field, list of edges or list of roots that is missing is one that the reader knows nothing of, as it does of an edge's
// answer where there is no key, not even "". Flags are "true" or "".

import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { createInterface } from 'node:readline'

import { bun } from './readers/bun.mjs'
import { deno } from './readers/deno.mjs'
import { npm } from './readers/npm.mjs'
import { pnpm } from './readers/pnpm.mjs'
import { yarn } from './readers/yarn.mjs'

const readers = {
  'package-lock.json': npm,
  'npm-shrinkwrap.json': npm,
  'yarn.lock': yarn,
  'pnpm-lock.yaml': pnpm,
  'bun.lock': bun,
  'deno.lock': deno,
}

async function answer({ root, path }) {
  const read = readers[basename(path)]
  if (read === undefined) {
    return { reader: 'none', error: `no independent reader for ${basename(path)}` }
  }
  try {
    return await read({ root, path, text: readFileSync(join(root, path), 'utf8') })
  } catch (error) {
    return { reader: read.name, error: error.message }
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await answer(JSON.parse(line))))
}

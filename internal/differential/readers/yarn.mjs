// yarn.lock is of two formats: berry's has an entry of its own, where classic's has a comment.

import { dirname, join } from 'node:path'

import { berry } from './yarn-berry.mjs'
import { classic } from './yarn-classic.mjs'

export async function yarn({ root, path, text }) {
  const read = /^__metadata:/m.test(text) ? berry : classic
  return read(text, join(root, dirname(path)))
}

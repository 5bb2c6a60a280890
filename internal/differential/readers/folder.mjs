import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

// readBeside parses a file of a folder, and gives undefined where there is none.
export function readBeside(folder, file, parse = JSON.parse) {
  const path = join(folder, file)
  return existsSync(path) ? parse(readFileSync(path, 'utf8')) : undefined
}

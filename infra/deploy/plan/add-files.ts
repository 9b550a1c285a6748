import type { Hash } from 'node:crypto'
import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** Adds every file in a folder and in those below to a hash: its path and what is in it, in the order of the paths. */
export const addFiles = (hash: Hash, folder: string): Hash => {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => statSync(join(folder, path)).isFile())
    .toSorted()
  for (const path of files) hash.update(path).update(readFileSync(join(folder, path)))
  return hash
}

import { randomBytes } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Bytes of a key: as many as HMAC-SHA256 gives. */
const keyBytes = 32

const isMissing = (fault: unknown): boolean =>
  fault instanceof Error && 'code' in fault && fault.code === 'ENOENT'

const make = async (file: string): Promise<string> => {
  const key = randomBytes(keyBytes).toString('base64')
  // Renamed when it is whole: half a key would be another one.
  await writeFile(`${file}.new`, `${key}\n`, { mode: 0o600 })
  await rename(`${file}.new`, file)
  return key
}

const readOrMake = async (file: string): Promise<string> => {
  try {
    return (await readFile(file, 'utf8')).trim()
  } catch (fault) {
    if (isMissing(fault)) return make(file)
    throw fault
  }
}

/**
 * A key of this service in a file of its data folder, which only its owner can read; made when it is asked for the
 * first time. For one process. Rejects with what the system says of a file that cannot be read or written.
 */
export const ownKey = (folder: string, name: string): (() => Promise<string>) => {
  let key: Promise<string> | undefined
  return () => (key ??= readOrMake(join(folder, name)))
}

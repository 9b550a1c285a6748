import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Secret } from '../../ports/secrets.ts'
import { writePrivateFile } from '../files/private-file.ts'
import { isKey, keyBytes } from './key.ts'

const codeOf = (fault: unknown): string =>
  fault instanceof Error && 'code' in fault ? String(fault.code) : String(fault)

const make = async (file: string): Promise<Secret> => {
  const key = randomBytes(keyBytes).toString('base64')
  try {
    await writePrivateFile(file, `${key}\n`)
    return { value: key }
  } catch (fault) {
    return { unavailable: `the file ${file} cannot be written (${codeOf(fault)})` }
  }
}

const readOrMake = async (file: string): Promise<Secret> => {
  try {
    const key = (await readFile(file, 'utf8')).trim()
    if (isKey(key)) return { value: key }
    const advice =
      'Restore it from a backup; without it, a new key is made, and with it other webhook secrets'
    return { unavailable: `the file ${file} must hold ${keyBytes} bytes in base64. ${advice}` }
  } catch (fault) {
    const code = codeOf(fault)
    return code === 'ENOENT' ? make(file) : { unavailable: `the file ${file} cannot be read (${code})` }
  }
}

/**
 * A key of this service in a file of its data folder, which only its owner can read; made when it is asked for the
 * first time. For one process. What went wrong is tried again the next time.
 */
export const ownKey = (folder: string, name: string): (() => Promise<Secret>) => {
  let known: Promise<Secret> | undefined
  const read = async (): Promise<Secret> => {
    const secret = await readOrMake(join(folder, name))
    if ('unavailable' in secret) known = undefined
    return secret
  }
  return () => (known ??= read())
}

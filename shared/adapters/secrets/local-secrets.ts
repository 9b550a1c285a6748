import { readFile, realpath, stat } from 'node:fs/promises'
import { sep } from 'node:path'
import { referenceRefusal } from '../../model/connections/secret-rules.ts'
import type { Secret, Secrets } from '../../ports/secrets.ts'

const fromEnvironment = (environment: NodeJS.ProcessEnv, name: string): Secret => {
  const value = environment[name]
  return value ? { value } : { unavailable: 'the environment variable is not set' }
}

/** Bytes of a file of a password at most: devices and logs have no end. */
const maxBytes = 4096

/**
 * Reads a file that holds one line, as those of passwords do, and those of keys and accounts do not; the newline that
 * editors leave at its end is not part of the secret.
 */
const fromFile = async (path: string, folder: string): Promise<Secret> => {
  try {
    // Where links lead in the end: those that stay in the folder are how containers replace secrets.
    const real = await realpath(path)
    if (!real.startsWith((await realpath(folder)) + sep)) {
      return { unavailable: `the file is a link that leads out of ${folder}` }
    }
    const file = await stat(real)
    if (!file.isFile() || file.size > maxBytes)
      return { unavailable: `this is not a regular file of at most ${maxBytes} bytes` }
    const value = (await readFile(real, 'utf8')).replace(/\r?\n$/, '')
    if (/[\r\n]/.test(value)) return { unavailable: 'the file must consist of one line' }
    return value ? { value } : { unavailable: 'the file is empty' }
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unreadable'
    return { unavailable: `the file cannot be read (${code})` }
  }
}

const nameIn = (reference: string): string => reference.slice(reference.indexOf(':') + 1)

/** Secrets of the machine where the check runs: `env:PRECHECK_SECRET_…`, and files of one line in a folder. */
export const localSecrets = (environment: NodeJS.ProcessEnv, folder: string): Secrets => ({
  resolve: async (reference) => {
    const refusal = referenceRefusal(reference, { folder })
    if (refusal !== null) return { unavailable: refusal }
    const name = nameIn(reference)
    if (reference.startsWith('kms:')) {
      return { unavailable: 'KMS secrets can only be read on Alibaba Cloud' }
    }
    return reference.startsWith('file:') ? fromFile(name, folder) : fromEnvironment(environment, name)
  },
})

/** Secrets in the environment of a deployed function: `env:PRECHECK_SECRET_…` and nothing else, since its keys are there too. */
export const functionSecrets = (environment: NodeJS.ProcessEnv): Secrets => ({
  resolve: async (reference) => {
    const refusal = referenceRefusal(reference, { folder: null })
    return refusal === null ? fromEnvironment(environment, nameIn(reference)) : { unavailable: refusal }
  },
})

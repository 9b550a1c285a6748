import { readFile, realpath, stat } from 'node:fs/promises'
import { sep } from 'node:path'
import type { Secret, Secrets } from '../../ports/secrets.ts'

/**
 * Whoever registers an instance names its host and the reference of its password: the secret goes to where they say. So
 * what was not put there as the password of a database must not be readable by a reference.
 */

/** Names that are kept for passwords of databases. */
const passwordName = /^PRECHECK_SECRET_./

/** Keys of Alibaba Cloud, what Function Compute sets, and the settings of this service. In any case, as Windows reads names. */
const closedName = /^(ALIBABA_CLOUD_|FC_|PRECHECK_)/i

/** Holds the environment of processes, and with it every variable that is closed above. */
const processes = '/proc'

const fromEnvironment = (environment: NodeJS.ProcessEnv, name: string): Secret => {
  const value = environment[name]
  return value ? { value } : { unavailable: 'the environment variable is not set' }
}

/** Bytes of a file of a password at most: devices and logs have no end. */
const maxBytes = 4096

const isInside = (path: string, folder: string): boolean => path.startsWith(folder + sep)

/** Reads a file that holds one line, as those of passwords do, and those of keys and accounts do not; the newline that editors leave at its end is not part of the secret. */
const fromFile = async (path: string, ownFolder: string | undefined): Promise<Secret> => {
  try {
    // Where links lead in the end.
    const real = await realpath(path)
    const closed = ownFolder === undefined ? [processes] : [processes, await realpath(ownFolder)]
    if (closed.some((folder) => isInside(real, folder))) {
      return { unavailable: 'files of the system and of this service cannot be used as passwords' }
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

/**
 * Secrets in the environment (`env:NAME`) and in files of one line (`file:/path`) of the machine where the check runs.
 * Variables of Alibaba Cloud and of this service are refused, `PRECHECK_SECRET_*` excepted, and so are files in
 * `ownFolder`, where this service keeps its own.
 */
export const localSecrets = (environment: NodeJS.ProcessEnv, ownFolder?: string): Secrets => ({
  resolve: async (reference) => {
    const name = nameIn(reference)
    if (reference.startsWith('kms:')) {
      return { unavailable: 'KMS secrets can only be read on Alibaba Cloud' }
    }
    if (reference.startsWith('file:')) return fromFile(name, ownFolder)
    if (closedName.test(name) && !passwordName.test(name)) {
      return { unavailable: 'the name of a password variable must start with PRECHECK_SECRET_' }
    }
    return fromEnvironment(environment, name)
  },
})

/** Secrets in the environment of a deployed function: `env:PRECHECK_SECRET_*` and nothing else, since its keys are there too. */
export const functionSecrets = (environment: NodeJS.ProcessEnv): Secrets => ({
  resolve: async (reference) => {
    const name = nameIn(reference)
    if (reference.startsWith('env:') && passwordName.test(name)) return fromEnvironment(environment, name)
    return { unavailable: 'on Alibaba Cloud, only kms:NAME and env:PRECHECK_SECRET_… are supported' }
  },
})

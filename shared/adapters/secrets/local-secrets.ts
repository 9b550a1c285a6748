import { readFile } from 'node:fs/promises'
import type { Secret, Secrets } from '../../ports/secrets.ts'

const fromEnvironment = (environment: NodeJS.ProcessEnv, name: string): Secret => {
  const value = environment[name]
  return value ? { value } : { unavailable: 'the environment variable is not set' }
}

/** Reads a file; the newline that editors leave at its end is no part of the secret. */
const fromFile = async (path: string): Promise<Secret> => {
  try {
    const value = (await readFile(path, 'utf8')).replace(/\r?\n$/, '')
    return value ? { value } : { unavailable: 'the file is empty' }
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unreadable'
    return { unavailable: `the file cannot be read (${code})` }
  }
}

/** Secrets in the environment (`env:NAME`) and in files (`file:/path`) of the machine where the check runs. */
export const localSecrets = (environment: NodeJS.ProcessEnv): Secrets => ({
  resolve: async (reference) => {
    const [scheme, ...rest] = reference.split(':')
    const name = rest.join(':')
    if (scheme === 'kms') return { unavailable: 'secrets of KMS are read on Alibaba Cloud alone' }
    return scheme === 'file' ? fromFile(name) : fromEnvironment(environment, name)
  },
})

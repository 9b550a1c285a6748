import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Access } from './client.ts'
import { CommandFailed } from './command-failed.ts'

const readTokenFile = (folder: string): string => {
  const path = join(folder, 'admin-token')
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    const looked = `${path} cannot be read; PRECHECK_DATA names another folder`
    throw new CommandFailed(
      `There is no token: set PRECHECK_TOKEN, or run precheck where the service stores its data (${looked}).`,
      'NO_TOKEN',
    )
  }
}

/** Without `URL.canParse`, which Node.js 20 gets wrong once it is optimised. */
const parseUrl = (text: string): URL | null => {
  try {
    return new URL(text)
  } catch {
    return null
  }
}

const readUrl = (text: string): string => {
  const url = parseUrl(text)
  const isPlain = url?.username === '' && url.password === '' && url.search === '' && url.hash === ''
  if (isPlain && /^https?:$/.test(url.protocol)) return url.href.replace(/\/+$/, '')
  throw new CommandFailed(
    'PRECHECK_URL is not a valid service address. Use one like http://127.0.0.1:9000.',
    'URL_INVALID',
  )
}

/** What a header can carry: visible ASCII (RFC 9110, 5.5). */
const readToken = (text: string): string => {
  if (/^[!-~]+$/.test(text)) return text
  throw new CommandFailed(
    'The token (PRECHECK_TOKEN, or the file admin-token) is empty or contains characters that tokens do not have. Copy it again.',
    'TOKEN_MALFORMED',
  )
}

/**
 * Where the service is and the token for it, from PRECHECK_URL and PRECHECK_TOKEN; by default the service on this
 * machine and its first token.
 */
export const accessFrom = (environment: NodeJS.ProcessEnv): Access => ({
  url: readUrl(environment['PRECHECK_URL'] ?? `http://127.0.0.1:${environment['PRECHECK_PORT'] ?? '9000'}`),
  token: readToken(environment['PRECHECK_TOKEN'] ?? readTokenFile(environment['PRECHECK_DATA'] ?? 'data')),
})

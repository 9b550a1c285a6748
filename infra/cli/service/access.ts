import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import type { Access } from './client.ts'
import { CommandFailed } from './command-failed.ts'
import { fileReason } from './file-text.ts'
import { type Profile, readProfiles, standardProfile } from './profiles.ts'

const readTokenFile = (folder: string): string => {
  const path = join(folder, 'admin-token')
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    throw new CommandFailed(
      {
        en: `There is no token: set PRECHECK_TOKEN, log in (precheck login), or run precheck where the service stores its data (${path} cannot be read; PRECHECK_DATA names another folder).`,
        zh: `没有令牌：请先登录（precheck login）、设置 PRECHECK_TOKEN，或在服务的数据目录所在位置运行 precheck（无法读取 ${path}；可用 PRECHECK_DATA 指定其他目录）。`,
      },
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

/** The address of a service. Throws `CommandFailed` where it is none. */
export const readUrl = (text: string): string => {
  const url = parseUrl(text)
  const isPlain = url?.username === '' && url.password === '' && url.search === '' && url.hash === ''
  if (isPlain && /^https?:$/.test(url.protocol)) return url.href.replace(/\/+$/, '')
  throw new CommandFailed(
    {
      en: 'PRECHECK_URL is not a valid service address. Use one like http://127.0.0.1:9000.',
      zh: 'PRECHECK_URL 不是有效的服务地址。示例：http://127.0.0.1:9000。',
    },
    'URL_INVALID',
  )
}

/** A token that a header can carry: visible ASCII (RFC 9110, 5.5). Throws `CommandFailed` where it is none. */
export const readToken = (text: string): string => {
  if (/^[!-~]+$/.test(text)) return text
  throw new CommandFailed(
    {
      en: 'The token (PRECHECK_TOKEN, or the file admin-token) is empty or contains characters that tokens do not have. Copy it again.',
      zh: '令牌（PRECHECK_TOKEN 或 admin-token 文件）为空，或含有令牌不会有的字符。请重新复制。',
    },
    'TOKEN_MALFORMED',
  )
}

/** The address that the environment gives, or that of the service on this machine. */
const addressIn = (environment: NodeJS.ProcessEnv): string =>
  environment['PRECHECK_URL'] ?? `http://127.0.0.1:${environment['PRECHECK_PORT'] ?? '9000'}`

const fromEnvironment = (environment: NodeJS.ProcessEnv): Profile => ({
  url: readUrl(addressIn(environment)),
  token: readToken(environment['PRECHECK_TOKEN'] ?? readTokenFile(environment['PRECHECK_DATA'] ?? 'data')),
})

const named = (environment: NodeJS.ProcessEnv, name: string): Profile => {
  const profiles = readProfiles(environment)
  const found = Object.hasOwn(profiles, name) ? profiles[name] : undefined
  if (found) return found
  const known = Object.keys(profiles).join(', ')
  throw new CommandFailed(
    {
      en: `There is no profile "${name}". ${known === '' ? '' : `There are: ${known}. `}Log in: precheck login ${name}`,
      zh: `没有配置“${name}”。${known === '' ? '' : `已有：${known}。`}请登录：precheck login ${name}`,
    },
    'PROFILE_UNKNOWN',
  )
}

/**
 * Where the service is and the token for it: the profile that is named (`--profile`, PRECHECK_PROFILE), else what
 * PRECHECK_URL and PRECHECK_TOKEN say, else the profile `default`, else the service on this machine and its first
 * token. Both come from one place: no token is sent elsewhere than where it belongs. Throws `CommandFailed`.
 */
export const accessFrom = (environment: NodeJS.ProcessEnv, profile?: string): Access => {
  const name = profile ?? environment['PRECHECK_PROFILE']
  if (name !== undefined) return named(environment, name)
  const { PRECHECK_URL: url, PRECHECK_TOKEN: token } = environment
  const standing =
    url === undefined && token === undefined ? readProfiles(environment)[standardProfile] : undefined
  return standing ?? fromEnvironment(environment)
}

/** What says where the service is. */
const ours = ['PRECHECK_PROFILE', 'PRECHECK_URL', 'PRECHECK_TOKEN', 'PRECHECK_PORT', 'PRECHECK_DATA']

/**
 * The environment with what a file `.env` says of the service, as the service itself reads it; one that says something
 * of it already stays as it is, so that no token of it goes to an address of the file. Throws `CommandFailed`.
 */
export const withEnvFile = (environment: NodeJS.ProcessEnv, path?: string): NodeJS.ProcessEnv => {
  if (path === undefined || ours.some((name) => environment[name] !== undefined)) return environment
  try {
    const read = parseEnv(readFileSync(path, 'utf8'))
    const found = ours.flatMap((name) => (read[name] === undefined ? [] : [[name, read[name]] as const]))
    return { ...environment, ...Object.fromEntries(found) }
  } catch (fault) {
    if (fault instanceof Error && 'code' in fault && fault.code === 'ENOENT') return environment
    const { en, zh } = fileReason(fault)
    throw new CommandFailed(
      { en: `${path} cannot be read: ${en}.`, zh: `无法读取 ${path}：${zh}。` },
      'FILE_UNREADABLE',
    )
  }
}

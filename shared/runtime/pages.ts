import { createHash } from 'node:crypto'
import { readFile, readdir } from 'node:fs/promises'
import { extname } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { HttpRequest, HttpResponse } from './http.ts'
import type { Endpoint } from './http-chain.ts'
import { HttpProblem } from './problem-document.ts'

/** What serves a request for a page of the console; null: it is for something else. */
export type Pages = (request: HttpRequest) => Endpoint | null

export const noPages: Pages = () => null

const pack = promisify(gzip)

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
}

/**
 * The page runs scripts and styles of its own alone, asks this service alone, makes no markup from text (Trusted
 * Types), and is shown in no frame.
 */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ')

const protection = {
  'content-security-policy': policy,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
}

interface File {
  readonly type: string
  readonly bytes: Buffer
  readonly packed: Buffer
  readonly etag: string
}

const read = async (folder: URL, name: string): Promise<File> => {
  const bytes = await readFile(new URL(name, folder))
  const etag = `W/"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`
  return { type: types[extname(name)] ?? 'application/octet-stream', bytes, packed: await pack(bytes), etag }
}

/** Every file below a folder by its path, held in memory: 100 KB. */
const readAll = async (folder: URL): Promise<ReadonlyMap<string, File>> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const root = decodeURIComponent(folder.pathname).replace(/\/$/, '')
  const names = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => `${parentPath}/${name}`.replace(/\/+/g, '/').slice(root.length + 1))
  return new Map(await Promise.all(names.map(async (name) => [name, await read(folder, name)] as const)))
}

/** Names of these files hold a hash of what is in them. */
const isForEver = (name: string): boolean => name.startsWith('assets/')

const answer = (name: string, file: File, { headers: asked }: HttpRequest): HttpResponse => {
  const headers = {
    ...protection,
    'cache-control': isForEver(name) ? 'public, max-age=31536000, immutable' : 'no-cache',
    etag: file.etag,
    vary: 'accept-encoding',
  }
  if (asked['if-none-match'] === file.etag) return { status: 304, headers }
  const { type, bytes, packed } = file
  if (!/\bgzip\b/.test(asked['accept-encoding'] ?? '')) {
    return { status: 200, headers, content: { type, bytes } }
  }
  return {
    status: 200,
    headers: { ...headers, 'content-encoding': 'gzip' },
    content: { type, bytes: packed },
  }
}

/** Relative, since the service may be reached below a path that it does not know. */
const toFolder: HttpResponse = { status: 308, headers: { location: 'console/' } }

const refuseOthers = ({ method, path }: HttpRequest): void => {
  if (method === 'GET') return
  throw new HttpProblem(
    { code: 'METHOD_NOT_ALLOWED', detail: { en: `${path} allows GET.`, zh: `${path} 允许 GET。` } },
    { allow: 'GET' },
  )
}

/** Serves the files of a folder below `/console/`. They are read when somebody asks first. */
export const pagesIn = (folder: URL): Pages => {
  let files: Promise<ReadonlyMap<string, File>> | null = null
  const all = async (): Promise<ReadonlyMap<string, File>> => {
    files ??= readAll(folder)
    try {
      return await files
    } catch (fault) {
      files = null
      throw fault
    }
  }

  const serve = async (request: HttpRequest, name: string): Promise<HttpResponse> => {
    refuseOthers(request)
    const file = (await all()).get(name)
    if (file) return answer(name, file, request)
    throw new HttpProblem({
      code: 'PATH_NOT_FOUND',
      detail: {
        en: `The console has no ${name}. Load its page again.`,
        zh: `控制台没有 ${name}。请重新加载页面。`,
      },
    })
  }

  return (request) => {
    const { path } = request
    if (path === '/console') return { route: '/console', serve: async () => toFolder }
    if (!path.startsWith('/console/')) return null
    const name = path.slice('/console/'.length)
    return { route: '/console/', serve: () => serve(request, name === '' ? 'index.html' : name) }
  }
}

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { HttpRequest, HttpResponse } from '../../../shared/runtime/http.ts'
import { pagesIn } from '../../../shared/runtime/pages.ts'

const folder = mkdtempSync(join(tmpdir(), 'precheck pages-'))
beforeAll(() => {
  mkdirSync(join(folder, 'assets'))
  writeFileSync(join(folder, 'index.html'), '<!doctype html>')
  writeFileSync(join(folder, 'assets/console-1.js'), 'run()')
})
afterAll(() => rmSync(folder, { recursive: true }))

const pages = pagesIn(pathToFileURL(`${folder}/`))

const get = (path: string, changes: Partial<HttpRequest> = {}): Promise<HttpResponse> => {
  const endpoint = pages({
    method: 'GET',
    path,
    query: {},
    headers: {},
    readBody: async () => ({ text: '' }),
    address: '',
    requestId: 'r',
    ...changes,
  })
  if (!endpoint) throw new Error(`no page at ${path}`)
  return endpoint.serve()
}

const bytesOf = ({ content }: HttpResponse): Buffer =>
  Buffer.from(content && 'bytes' in content ? content.bytes : new Uint8Array())

describe('the pages of the console', () => {
  it('are under a policy that lets nothing in, and are asked for again each time', async () => {
    const { status, headers } = await get('/console/')
    expect(status).toBe(200)
    expect(headers['content-security-policy']).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; " +
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; " +
        "trusted-types 'none'",
    )
    expect(headers).toMatchObject({ 'cache-control': 'no-cache', 'x-frame-options': 'DENY' })
  })

  it('are not sent again to who has them', async () => {
    const { headers } = await get('/console/')
    const again = await get('/console/', { headers: { 'if-none-match': headers['etag'] ?? '' } })
    expect([again.status, again.content]).toEqual([304, undefined])
  })

  it('have a script that browsers keep for ever, compressed where they take that', async () => {
    const plain = await get('/console/assets/console-1.js')
    expect(bytesOf(plain).toString()).toBe('run()')
    expect(plain.content?.type).toBe('text/javascript; charset=utf-8')
    expect(plain.headers['cache-control']).toBe('public, max-age=31536000, immutable')
    const packed = await get('/console/assets/console-1.js', { headers: { 'accept-encoding': 'gzip, br' } })
    expect(packed.headers['content-encoding']).toBe('gzip')
    expect(gunzipSync(bytesOf(packed)).toString()).toBe('run()')
  })

  it('are found below a path that the service does not know', async () => {
    expect(await get('/console')).toMatchObject({ status: 308, headers: { location: 'console/' } })
  })

  it.each(['assets/console-2.js', '../pages.ts', '%2e%2e/secret', 'index.html/', 'assets', 'assets/'])(
    'are no other files: %s',
    async (name) => {
      await expect(get(`/console/${name}`)).rejects.toMatchObject({ failure: { code: 'PATH_NOT_FOUND' } })
    },
  )

  it('can only be read', async () => {
    await expect(get('/console/', { method: 'POST' })).rejects.toMatchObject({
      failure: { code: 'METHOD_NOT_ALLOWED' },
      headers: { allow: 'GET' },
    })
  })

  it.each(['/', '/v1/fleet', '/consoles/', '/healthz'])('are not %s', (path) => {
    const request = { method: 'GET', path, query: {}, headers: {}, address: '', requestId: 'r' }
    expect(pages({ ...request, readBody: async () => ({ text: '' }) })).toBeNull()
  })

  it('are looked for again after they were missing', async () => {
    const late = mkdtempSync(join(tmpdir(), 'precheck-late-'))
    rmSync(late, { recursive: true })
    const found = pagesIn(pathToFileURL(`${late}/`))
    const request = { method: 'GET', path: '/console/', query: {}, headers: {}, address: '', requestId: 'r' }
    const ask = () => found({ ...request, readBody: async () => ({ text: '' }) })?.serve()
    await expect(ask()).rejects.toThrow('ENOENT')
    mkdirSync(late)
    writeFileSync(join(late, 'index.html'), 'x')
    expect(await ask()).toMatchObject({ status: 200 })
    rmSync(late, { recursive: true })
  })
})

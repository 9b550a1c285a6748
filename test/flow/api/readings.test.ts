import { afterAll, beforeAll, expect, it } from 'vitest'
import { openApiDocument } from '../../../functions/api/routing/openapi-document.ts'
import { routes } from '../../../functions/api/routes.ts'
import { type TestApi, startApi } from '../../support/api.ts'
import { probesGiving } from '../../support/probes.ts'
import { databasesAnswer, reachedAnswer } from '../../support/small-catalogue.ts'

let api: TestApi
let precheckId: string

beforeAll(async () => {
  const answer = databasesAnswer(['Sales'], ['Gone', { online: false }])
  api = await startApi(
    probesGiving(
      async () => answer,
      async () => reachedAnswer,
    ),
  )
  const credential = { username: 'precheck', password: 'env:PRECHECK_SECRET_DB' }
  for (const id of ['a', 'b', 'c']) {
    const connection = { host: 'db.example', credential }
    await api.call('PUT', `/v1/instances/${id}`, {
      body: { engine: 'sqlserver', region: 'cn-hangzhou', connection },
    })
  }
  const started = await api.call('POST', '/v1/instances/a/prechecks', { headers: { prefer: 'wait=30' } })
  precheckId = started.json.id
})
afterAll(() => api.close())

const read = (path: string, accept: string, query: Readonly<Record<string, string>> = {}) =>
  api.call('GET', path, { headers: { accept }, query, token: api.tokens.read })

it.each([
  ['text/html', /^<!doctype html>\n<html lang="en">/],
  ['application/xml', /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<testsuites /],
  ['text/plain', /^PRECHECK CRITICAL - a: Failed; .*DATABASES_ONLINE \| 'time'=/],
  ['application/json', /^\{"id":"pc_/],
  ['image/png', /^\{"id":"pc_/],
])('a precheck can be had as %s', async (type, expected) => {
  const { status, headers, text } = await read(`/v1/prechecks/${precheckId}`, type)
  expect([status, headers['vary']]).toEqual([200, expect.stringContaining('accept, ')])
  expect(headers['content-type']).toBe(`${type === 'image/png' ? 'application/json' : type}; charset=utf-8`)
  expect(text).toMatch(expected)
  expect((await read('/v1/instances/a/prechecks/last', type)).text).toBe(text)
})

it('a page of it may do nothing in the name of this service, and is not sent again where it has not changed', async () => {
  const { headers } = await read(`/v1/prechecks/${precheckId}`, 'text/html')
  expect(headers['content-security-policy']).toBe("default-src 'none'; style-src 'unsafe-inline'; sandbox")
  const again = { accept: 'text/html', 'if-none-match': String(headers['etag']) }
  expect((await api.call('GET', `/v1/prechecks/${precheckId}`, { headers: again })).status).toBe(304)
  const other = { ...again, accept: 'application/xml' }
  expect((await api.call('GET', `/v1/prechecks/${precheckId}`, { headers: other })).status).toBe(200)
})

it('speaks the language of the reader', async () => {
  expect((await read(`/v1/prechecks/${precheckId}`, 'text/html', { locale: 'zh' })).text).toContain(
    'Gone 已离线。',
  )
})

it('the fleet can be had as CSV, page by page', async () => {
  const first = await read('/v1/fleet', 'text/csv', { limit: '2' })
  expect(first.text.split('\r\n').map((line) => line.split(',')[0])).toEqual(['instance', 'a', 'b', ''])
  const after = /^<\/v1\/fleet\?limit=2&after=(.+)>; rel="next"$/.exec(first.headers['link'] ?? '')?.[1] ?? ''
  const second = await read('/v1/fleet', 'text/csv', { limit: '2', after })
  expect(second.text.split('\r\n').map((line) => line.split(',')[0])).toEqual(['instance', 'c', ''])
  expect(second.headers).not.toHaveProperty('link')
})

it('problems stay what they are, whatever is asked for', async () => {
  const { status, headers } = await read(`/v1/prechecks/pc_${'0'.repeat(32)}`, 'text/html')
  expect([status, headers['content-type']]).toEqual([404, 'application/problem+json; charset=utf-8'])
})

it('stands in the document', () => {
  const { paths } = openApiDocument(routes) as unknown as {
    paths: Record<string, { get: { responses: Record<string, { content: object }> } }>
  }
  const typesOf = (path: string) => Object.keys(paths[path]?.get.responses['200']?.content ?? {})
  expect(typesOf('/v1/prechecks/{precheckId}')).toEqual([
    'application/json',
    'text/html',
    'application/xml',
    'text/plain',
  ])
  expect(typesOf('/v1/fleet')).toEqual(['application/json', 'text/csv'])
})

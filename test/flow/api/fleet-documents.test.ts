import { afterAll, beforeAll, expect, it } from 'vitest'
import { type TestApi, startApi } from '../../support/api.ts'
import { probesGiving } from '../../support/probes.ts'

let api: TestApi
beforeAll(async () => {
  api = await startApi(probesGiving(() => ({ answer: {} })))
})
afterAll(() => api.close())

const read = (text: string, token: string = api.tokens.admin) =>
  api.call('POST', '/v1/fleet/documents', { body: { text }, token })

it('reads instances with their lines and the defaults of their document, and judges nothing', async () => {
  const { status, json } = await read(`
defaults: { region: nowhere }
instances:
  one: { engine: mysql }
  two:
---
- { id: three, tags: { team: 7 } }
- engine: oracle
`)
  expect([status, json]).toEqual([
    200,
    {
      instances: [
        { id: 'one', line: 4, definition: { region: 'nowhere', engine: 'mysql' } },
        { id: 'two', line: 5, definition: { region: 'nowhere' } },
        { id: 'three', line: 7, definition: { tags: { team: 7 } } },
        { id: '', line: 8, definition: { engine: 'oracle' } },
      ],
      faults: [],
    },
  ])
})

const linesOf = (count: number, line: (at: number) => string): string =>
  Array.from({ length: count }, (_, at) => `${line(at)}\n`).join('')

it.each([
  ['what is cut off', 'a: [', 1, /./],
  ['another document', '# two\nids: {}', 2, /^ids: unknown field/],
  ['a number in place of an instance', 'instances:\n  a: 7', 2, /expected record/],
  ['what JSON cannot say', 'instances: { a: { size: .inf } }', 1, /size/],
  ['policies', 'policies:\n  strict: {}', 2, /"precheck apply" takes policies/],
  ['an alias of nothing', '[&a a, *b]', 1, /unresolved alias/i],
  ['lists in lists', '['.repeat(100_000), 1, /nested in 32 levels/],
  ['lists in lists on one line', '- '.repeat(100_000), 1, /nested in 32 levels/],
  ['very many keys', linesOf(20_000, (at) => `${at}:`), 1, /2000 entries/],
  ['very many documents', linesOf(50_000, () => '---'), 1, /2000 entries/],
  [
    'large defaults of many',
    `defaults: { description: ${'x'.repeat(100_000)} }\ninstances:\n${linesOf(100, (at) => `  a${at}:`)}`,
    42,
    /too large together/,
  ],
])('says of %s that it is no instance, and where', async (_name, text, line, message) => {
  const { status, json } = await read(text)
  expect([status, json]).toEqual([
    200,
    { instances: [], faults: [{ line, message: expect.stringMatching(message) }] },
  ])
})

it('is for who may register', async () => {
  expect((await read('', api.tokens.run)).status).toBe(403)
})

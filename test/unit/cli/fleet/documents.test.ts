import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { stringify } from 'yaml'
import { type FleetFile, readFleet } from '../../../../infra/cli/fleet/documents.ts'
import { inEveryLanguage } from '../../../../shared/model/failure.ts'

/** What is refused is told in English. */
const readAll = (files: readonly FleetFile[]) => {
  const { described, refused } = readFleet(files)
  return {
    described,
    refused: refused.map((each) => ({ ...each, message: inEveryLanguage(each.message).en })),
  }
}

const read = (text: string, path = 'fleet.yaml') => readAll([{ path, text }])

const connection = {
  host: '10.0.0.8',
  credential: { username: 'precheck', password: 'env:PRECHECK_SECRET_DB' },
}
const instance = { engine: 'mysql', region: 'cn-hangzhou', connection }

it('reads policies, instances and webhooks of several documents, each with its file and line', () => {
  const { described, refused } = read(`instances:
  one: ${JSON.stringify(instance)}
policies:
  strict: { thresholds: { historyMinHours: 1 } }
---
# another team
instances:

  two: ${JSON.stringify(instance)}
webhooks:
  - url: https://a.example/
  - { url: 'https://robot.example/{token}', token: 'env:PRECHECK_SECRET_ROBOT', format: slack }
`)
  expect(refused).toEqual([])
  expect(described.map(({ kind, name, place }) => [kind, name, place])).toEqual([
    ['policy', 'strict', 'fleet.yaml:4'],
    ['instance', 'one', 'fleet.yaml:2'],
    ['instance', 'two', 'fleet.yaml:9'],
    ['webhook', 'https://a.example/', 'fleet.yaml:11'],
    ['webhook', 'https://robot.example/{token} (env:PRECHECK_SECRET_ROBOT)', 'fleet.yaml:12'],
  ])
})

it('fills instances with the defaults of their own document, which they may take back with null', () => {
  const { described, refused } = read(`
defaults: ${JSON.stringify({ ...instance, description: 'ours', tags: { team: 'orders', stage: 'test' } })}
instances:
  plain:
  other: { description: null, connection: { host: 10.0.0.9 }, tags: { stage: production } }
---
instances:
  bare: {}
`)
  const definitions = Object.fromEntries(described.map(({ name, definition }) => [name, definition]))
  expect(definitions['plain']).toMatchObject({ ...instance, description: 'ours' })
  expect(definitions['other']).toMatchObject({
    connection: { ...connection, host: '10.0.0.9' },
    tags: { team: 'orders', stage: 'production' },
  })
  expect(definitions['other']).not.toHaveProperty('description')
  expect(refused.map(({ subject }) => subject)).toEqual(['instance bare'])
})

it.each([
  ['orders.yaml', instance, 'orders'],
  ['folder/orders.json', { ...instance, id: 'crm' }, 'crm'],
])('takes %s, which is one instance', (path, document, name) => {
  const { described, refused } = read(stringify(document), path)
  expect(refused).toEqual([])
  expect(described[0]).toMatchObject({ kind: 'instance', name, place: `${path}:1`, definition: instance })
})

it('takes a list of instances, each with its id', () => {
  const { described, refused } = read(stringify([{ ...instance, id: 'orders' }, instance]), 'list.yaml')
  expect(described).toMatchObject([
    { kind: 'instance', name: 'orders', place: 'list.yaml:1', definition: instance },
  ])
  expect(refused).toMatchObject([
    { place: 'list.yaml:9', message: expect.stringMatching(/^name: must be 1/) },
  ])
})

it('tells of each entry that is not valid its place and fields, and reads all others', () => {
  const { described, refused } = read(`instances:
  -bad-: ${JSON.stringify(instance)}
  worse: ${JSON.stringify({ ...instance, region: 'nowhere', colour: 'red' })}
  good: ${JSON.stringify(instance)}
policies: { empty: {} }
webhooks: [{ url: ftp://a.example/ }]
`)
  expect(described.map(({ name }) => name)).toEqual(['good'])
  const told = Object.fromEntries(refused.map(({ subject, place, message }) => [subject, [place, message]]))
  expect(told['instance -bad-']).toEqual(['fleet.yaml:2', expect.stringMatching(/^name: must be 1 to 64/)])
  expect(told['instance worse']).toEqual([
    'fleet.yaml:3',
    'region: must be a region id such as cn-hangzhou\ncolour: unknown field',
  ])
  expect(told['policy empty']?.[1]).toMatch(/^thresholds: must say/)
  expect(told['webhook 0']?.[1]).toMatch(/^url: must be an https address/)
})

it.each([
  ['instances: [', 'document', /./],
  ['instances:\n  a: {}\n  a: {}\n', 'document', /unique/],
  ['instance: {}\n', 'document', /^instance: unknown field$/],
  ['just text', 'document', /expected object/],
])('refuses a document that cannot be understood: %j', (text, subject, message) => {
  const { described, refused } = read(
    `${text}\n---\npolicies: { ok: { thresholds: { historyMinHours: 1 } } }\n`,
  )
  expect(refused[0]).toMatchObject({ subject, message: expect.stringMatching(message) })
  if (text !== 'instances: [') expect(described.map(({ name }) => name)).toEqual(['ok'])
})

it('does not grow a small document into a large one', () => {
  const levels = Array.from({ length: 12 }, (_, level) => {
    const times = Array.from({ length: 9 }, () => `*a${level - 1}`)
    return `  a${level}: &a${level} [${level === 0 ? 'x' : times.join(', ')}]`
  })
  expect(read(`defaults:\n${levels.join('\n')}\n`).refused[0]?.message).toMatch(/alias/i)
})

it('says in Chinese too what is not valid', () => {
  const { refused } = readFleet([
    {
      path: 'fleet.yaml',
      text: stringify({ instances: { worse: { ...instance, region: 'nowhere', colour: 'red' } } }),
    },
  ])
  expect(refused[0]?.message).toHaveProperty('zh', 'region：须为地域 ID，例如 cn-hangzhou\ncolour：未知字段')
})

it('refuses the second of two descriptions, and says where the first is', () => {
  const text = stringify({ instances: { one: instance } })
  const { described, refused } = readAll([
    { path: 'a.yaml', text },
    { path: 'b.yaml', text },
  ])
  expect(described).toHaveLength(1)
  expect(refused).toEqual([
    { subject: 'instance one', place: 'b.yaml:2', message: 'is described at a.yaml:2 already' },
  ])
})

it('finds nothing in files without documents', () => {
  for (const text of ['', '# nothing yet\n', '---\n---\n', 'instances:\n'])
    expect(read(text)).toEqual({ described: [], refused: [] })
})

it.each(['docs/fleet-as-code.md', 'docs/fleet-as-code.zh.md'])('understands the example in %s', (path) => {
  const [, example = ''] = /```yaml\n([^]*?)```/.exec(readFileSync(path, 'utf8')) ?? []
  const { described, refused } = read(example)
  expect(refused).toEqual([])
  expect(described.map(({ kind }) => kind)).toEqual(['policy', 'instance', 'instance', 'webhook'])
})

it('reads a table of instances, each with its line, and says why one is none', () => {
  const table = [
    'id,engine,region,connection.host,connection.port,connection.credential.username,connection.credential.password',
    'one,mysql,cn-hangzhou,10.0.0.8,3306,precheck,env:PRECHECK_SECRET_DB',
    'two,mysql,nowhere,10.0.0.9,,precheck,env:PRECHECK_SECRET_DB',
  ].join('\r\n')
  const { described, refused } = read(table, 'fleet.csv')
  expect(described).toMatchObject([
    { kind: 'instance', name: 'one', place: 'fleet.csv:2', definition: { connection: { port: 3306 } } },
  ])
  expect(refused).toMatchObject([
    { subject: 'instance two', place: 'fleet.csv:3', message: expect.stringContaining('region') },
  ])
  const many = Array.from({ length: 1500 }, (_, index) => `i${index},mysql,cn-hangzhou,10.0.0.8,3306,u,env:X`)
  expect(read([table.split('\r\n')[0], ...many].join('\n'), 'fleet.csv').described).toHaveLength(1500)
  expect(read('name\none\n', 'fleet.CSV').refused).toMatchObject([{ subject: 'table', place: 'fleet.CSV:1' }])
})

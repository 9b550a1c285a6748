import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openApiDocument } from '../../../functions/api/routing/openapi-document.ts'
import { routes } from '../../../functions/api/routes.ts'
import { checksFor } from '../../../shared/checks/catalogue.ts'
import type { ProbeOutcome } from '../../../shared/checks/judge.ts'
import { probesGiving } from '../../support/probes.ts'
import { type TestApi, startApi } from '../../support/api.ts'
import { databasesAnswer, itemIds, reachedAnswer } from '../../support/small-catalogue.ts'

const definition = {
  engine: 'sqlserver',
  region: 'cn-hangzhou',
  connection: {
    host: 'db.example',
    credential: { username: 'precheck', password: 'env:PRECHECK_SECRET_DB' },
  },
}

const broken = databasesAnswer(['Sales'], ['Old [one]', { logged: false }], ['Gone', { online: false }])

let api: TestApi
let answer: ProbeOutcome = databasesAnswer(['Sales'])
/** Holds database probes back until it is resolved. */
let gate: Promise<void> = Promise.resolve()

beforeAll(async () => {
  const ask = async () => {
    await gate
    return answer
  }
  api = await startApi(probesGiving(ask, async () => reachedAnswer))
})
afterAll(() => api.close())
beforeEach(() => {
  answer = databasesAnswer(['Sales'])
  gate = Promise.resolve()
})

const register = (id: string, changes: Readonly<Record<string, unknown>> = {}) =>
  api.call('PUT', `/v1/instances/${id}`, { body: { ...definition, ...changes } })

const start = (id: string, request: Parameters<TestApi['call']>[2] = {}) =>
  api.call('POST', `/v1/instances/${id}/prechecks`, { headers: { prefer: 'wait=10' }, ...request })

describe('instances', () => {
  it('are registered once, replaced after that, and carry a revision', async () => {
    const created = await register('inst-a')
    expect([created.status, created.headers['location'], created.headers['etag']]).toEqual([
      201,
      '/v1/instances/inst-a',
      '"1"',
    ])
    const replaced = await register('inst-a', { description: 'the same again' })
    expect([replaced.status, replaced.headers['etag'], replaced.json.status]).toEqual([
      200,
      '"2"',
      'registered',
    ])
    expect(replaced.json.definition.connection.credential.password).toBe('env:PRECHECK_SECRET_DB')
  })

  it('are changed in part, and never by who has not seen the last change', async () => {
    await register('inst-b', { tags: { team: 'a', tier: '1' } })
    const changed = await api.call('PATCH', '/v1/instances/inst-b', {
      body: { tags: { tier: null }, profile: 'native' },
      headers: { 'If-Match': '"1"' },
    })
    expect([changed.status, changed.json.definition.tags, changed.json.definition.profile]).toEqual([
      200,
      { team: 'a' },
      'native',
    ])
    const late = await api.call('PATCH', '/v1/instances/inst-b', {
      body: { profile: 'cloud-backup' },
      headers: { 'If-Match': '"1"' },
    })
    expect([late.status, late.json.code]).toEqual([412, 'PRECONDITION_FAILED'])
  })

  it('are refused field by field', async () => {
    const { status, json, headers } = await register('inst-bad', {
      region: 'Hangzhou',
      colour: 'red',
      connection: { host: 'db.example', port: 0, credential: { username: 'precheck', password: 'in clear' } },
    })
    expect([status, json.code, headers['content-type']]).toEqual([
      422,
      'FIELDS_INVALID',
      'application/problem+json; charset=utf-8',
    ])
    const fields = json.errors.map((error) => error.field)
    expect(fields).toEqual(
      expect.arrayContaining(['region', 'colour', 'connection.port', 'connection.credential.password']),
    )
    expect(JSON.stringify(json)).not.toContain('in clear')
    const patch = await api.call('PATCH', '/v1/instances/inst-b', { body: { region: null, size: 1 } })
    expect(patch.json.errors.map((error) => error.field)).toEqual(expect.arrayContaining(['region', 'size']))
  })

  it.each<[object, Record<string, string>]>([
    [{ weekdays: ['Saturday'], at: '22:00', minutes: 60 }, { 'weekdays.0': 'Invalid option: ' }],
    [{ reason: undefined, weekdays: ['sat'], at: '22:00', minutes: 60 }, { reason: 'is missing' }],
    [
      { from: '2026-11-21T22:00:00+08:00', until: 'tomorrow' },
      { from: 'must be a UTC time such as', until: 'must be a UTC time such as' },
    ],
    [{}, { from: 'must be a UTC time such as', until: 'must be a UTC time such as' }],
    [
      { weekdays: ['sat'], at: '22:00', minutes: 60, until: '2026-11-22T00:00:00Z' },
      { until: 'unknown field' },
    ],
  ])('are refused for a maintenance window that is nearly one: %j', async (window, faults) => {
    const maintenanceWindows = [{ reason: 'patch day', ...window }]
    const { status, json } = await register('inst-bad', { maintenanceWindows })
    expect(status).toBe(422)
    expect(json.errors).toEqual(
      Object.entries(faults).map(([field, message]) => ({
        field: `maintenanceWindows.0.${field}`,
        message: expect.stringContaining(message),
      })),
    )
  })

  it.each(['169.254.169.254', '100.100.100.200', 'fe80::1', '::ffff:169.254.1.1', '64:ff9b::a9fe:a9fe'])(
    'are not registered at %s, where no database is',
    async (host) => {
      const connection = { ...definition.connection, host }
      const { status, json } = await register('inst-metadata', { connection })
      expect([status, json.code]).toEqual([422, 'FIELDS_INVALID'])
      expect(JSON.stringify(json)).toMatch(/link-local|metadata|leads to an IPv4/)
      await register('inst-patched')
      const patch = await api.call('PATCH', '/v1/instances/inst-patched', { body: { connection: { host } } })
      expect([patch.status, patch.json.code]).toEqual([422, 'FIELDS_INVALID'])
    },
  )

  it('are listed page by page, narrowed by what is asked for', async () => {
    for (const id of ['list-1', 'list-2', 'list-3']) await register(id, { tags: { page: 'yes' } })
    const first = await api.call('GET', '/v1/instances', { query: { tag: 'page:yes', limit: '2' } })
    expect(first.json.items.map(({ id }) => id)).toEqual(['list-1', 'list-2'])
    expect(first.headers['link']).toContain(`after=${first.json.next}`)
    const second = await api.call('GET', '/v1/instances', {
      query: { tag: 'page:yes', limit: '2', after: first.json.next },
    })
    expect([second.json.items.map(({ id }) => id), second.json.next]).toEqual([['list-3'], null])
    const none = await api.call('GET', '/v1/instances', { query: { engine: 'oracle' } })
    expect(none.json.items).toEqual([])
  })

  it('can be removed', async () => {
    await register('inst-c')
    const memory = {
      instanceId: 'inst-c',
      precheckId: `pc_${'1'.repeat(32)}`,
      startedAt: '2026-11-21T02:00:00.000Z',
      series: [],
    }
    await api.runtime.memories.put('inst-c', memory, 0)
    expect((await api.call('DELETE', '/v1/instances/inst-c')).status).toBe(204)
    expect(await api.runtime.memories.get('inst-c')).toBeNull()
    expect((await api.call('DELETE', '/v1/instances/inst-c')).json.code).toBe('INSTANCE_NOT_FOUND')
    expect((await api.call('GET', '/v1/instances/inst-c')).status).toBe(404)
  })
})

describe('the reference of a password', () => {
  const withPassword = (password: string) => ({
    connection: { ...definition.connection, credential: { username: 'u', password } },
  })

  it.each([
    ['env:DB_PASSWORD', 'refer to env:PRECHECK_SECRET_DB_PASSWORD'],
    ['file:/etc/db', 'refer to file:/run/secrets/db'],
    ['file:/run/secrets/../db', 'refer to file:/run/secrets/db'],
    ['kms:precheck-webhook-robot', 'belong to webhooks'],
  ])('is refused as %s, and the answer says what to do', async (password, advice) => {
    const { status, json } = await register('inst-reference', withPassword(password))
    expect([status, json.code]).toEqual([422, 'SECRET_REFUSED'])
    expect(json.detail).toContain(`cannot be read from ${password}: `)
    expect(json.detail).toContain(advice)
    await register('inst-patched')
    const patched = await api.call('PATCH', '/v1/instances/inst-patched', { body: withPassword(password) })
    expect(patched.json.code).toBe('SECRET_REFUSED')
  })

  it.each(['env:PRECHECK_SECRET_DB', 'file:/run/secrets/team/db', 'kms:precheck-db'])(
    'may be %s',
    async (password) => {
      expect((await register('inst-reference', withPassword(password))).status).toBeLessThan(300)
    },
  )

  it('is none of a webhook and not the key of the service', async () => {
    const kept = await startApi(
      probesGiving(() => answer),
      {},
      {
        PRECHECK_WEBHOOK_KEY: 'env:PRECHECK_SECRET_KEY',
        PRECHECK_WEBHOOK_KEY_PREVIOUS: 'env:PRECHECK_SECRET_KEY_BEFORE',
      },
    )
    const webhook = {
      url: 'https://oapi.dingtalk.com/robot/send?access_token={token}',
      format: 'dingtalk',
      token: 'env:PRECHECK_SECRET_ROBOT',
      signingSecret: 'file:/run/secrets/signing',
    }
    expect((await kept.call('POST', '/v1/webhooks', { body: webhook })).status).toBe(201)
    const codeOf = async (password: string) => {
      const body = { ...definition, ...withPassword(password) }
      const { status, json } = await kept.call('PUT', '/v1/instances/inst-a', { body })
      return status < 300 ? null : json.code
    }
    expect(await codeOf('env:PRECHECK_SECRET_ROBOT')).toBe('SECRET_REFUSED')
    expect(await codeOf('file:/run/secrets/signing')).toBe('SECRET_REFUSED')
    expect(await codeOf('env:PRECHECK_SECRET_KEY')).toBe('SECRET_REFUSED')
    expect(await codeOf('env:PRECHECK_SECRET_KEY_BEFORE')).toBe('SECRET_REFUSED')
    expect(await codeOf('env:PRECHECK_SECRET_DB')).toBeNull()
    for (const token of ['env:PRECHECK_SECRET_KEY', 'env:ROBOT', 'file:/etc/robot']) {
      const { json } = await kept.call('POST', '/v1/webhooks', { body: { ...webhook, token } })
      expect(json.code).toBe('SECRET_REFUSED')
    }
    await kept.close()
  })

  it('of an older version can still be read, and is refused when it is used', async () => {
    await register('inst-old')
    const { runtime } = api
    const stored = await runtime.instances.get('inst-old')
    if (!stored) throw new Error('It was registered')
    const old = JSON.parse(
      JSON.stringify(stored.document).replace('env:PRECHECK_SECRET_DB', 'env:OLD_PASSWORD'),
    ) as typeof stored.document
    await runtime.instances.put('inst-old', old, stored.revision)
    const { json } = await api.call('GET', '/v1/instances/inst-old')
    expect(json.definition.connection.credential.password).toBe('env:OLD_PASSWORD')
    expect((await start('inst-old')).text).toContain('refer to env:PRECHECK_SECRET_OLD_PASSWORD')
  })
})

describe('a precheck', () => {
  it('is waited for, and says what is wrong and how to fix it', async () => {
    answer = broken
    await register('pre-a')
    const { status, json, headers } = await start('pre-a')
    expect([status, json.state, json.outcome, headers['preference-applied']]).toEqual([
      200,
      'completed',
      'failed',
      'wait=10',
    ])
    const total = checksFor('sqlserver').length
    expect(json.progress).toEqual({ completed: total, total })
    const logged = json.items.find(({ checkItem }) => checkItem === itemIds.logged)
    const finding = logged?.findings.find(({ level }) => level === 'failed')
    expect(finding?.text).toBe('Old [one] keeps no log.')
    expect(finding?.remediation?.steps[0]?.command).toBe('LOG Old [one];')
    expect(
      json.readiness.databases.find(({ database: name }) => name === 'Sales')?.operations.log.verdict,
    ).toBe('ready')
  })

  it('is in Chinese for those who read Chinese', async () => {
    answer = broken
    await register('pre-zh')
    await start('pre-zh')
    const { json } = await api.call('GET', '/v1/instances/pre-zh/prechecks/last', {
      headers: { 'Accept-Language': 'zh-CN' },
    })
    expect(JSON.stringify(json.items)).toContain('Old [one] 未保留日志。')
  })

  it('is answered at once without Prefer, one at a time for an instance', async () => {
    let open = (): void => undefined
    gate = new Promise((resolve) => {
      open = resolve
    })
    await register('pre-b')
    const first = await start('pre-b', { headers: {} })
    expect([first.status, first.headers['location'], first.json.state]).toEqual([
      202,
      `/v1/prechecks/${first.json.id}`,
      'running',
    ])
    const second = await start('pre-b', { headers: {} })
    expect([second.status, second.json.code, second.json.precheckId]).toEqual([
      409,
      'PRECHECK_RUNNING',
      first.json.id,
    ])
    const meanwhile = await api.call('GET', `/v1/prechecks/${first.json.id}`)
    expect(meanwhile.json.items.some(({ status }) => status === 'pending')).toBe(true)
    open()
    await expect
      .poll(async () => (await api.call('GET', `/v1/prechecks/${first.json.id}`)).json.state)
      .toBe('completed')
  })

  it('is the same one for a repeated request, and refused for another under the same key', async () => {
    await register('pre-c')
    const headers = { 'Idempotency-Key': 'nightly-1', prefer: 'wait=10' }
    const first = await start('pre-c', { headers })
    const again = await start('pre-c', { headers })
    expect([again.status, again.json.id]).toEqual([200, first.json.id])
    const other = await start('pre-c', { headers, body: { checkItems: [itemIds.reached] } })
    expect([other.status, other.json.code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED'])
  })

  it('of some items leaves the last result alone', async () => {
    await register('pre-d')
    const full = await start('pre-d')
    const partial = await start('pre-d', { body: { checkItems: [itemIds.reached] } })
    expect([partial.json.scope, partial.json.items.length]).toEqual(['partial', 1])
    const last = await api.call('GET', '/v1/instances/pre-d/prechecks/last')
    expect(last.json.id).toBe(full.json.id)
    const wrong = await start('pre-d', { body: { checkItems: [itemIds.ofOracle] } })
    expect([wrong.status, wrong.json.code]).toEqual([422, 'CHECK_ITEM_NOT_APPLICABLE'])
  })

  it('is compared with the one before, and stands in the history', async () => {
    answer = broken
    await register('pre-e')
    const first = await start('pre-e')
    answer = databasesAnswer(['Sales'], ['Gone', { online: false }])
    const { json } = await start('pre-e')
    expect([
      json.comparison.new.length,
      json.comparison.resolved.length,
      json.comparison.still.length,
    ]).toEqual([0, 1, 1])
    expect(json.comparison.still[0]?.since).toBe(first.json.startedAt)
    const history = await api.call('GET', '/v1/instances/pre-e/prechecks', { query: { limit: '1' } })
    expect(history.json.items.map(({ id }) => id)).toEqual([json.id])
    const older = await api.call('GET', '/v1/instances/pre-e/prechecks', {
      query: { limit: '1', after: history.json.next },
    })
    expect(older.json.items.map(({ id }) => id)).toEqual([first.json.id])
  })

  it('whose password cannot be read says which reference that was', async () => {
    await register('pre-f', {
      connection: {
        ...definition.connection,
        credential: { username: 'u', password: 'env:PRECHECK_SECRET_NOT_SET' },
      },
    })
    const { json } = await start('pre-f')
    expect(json.outcome).toBe('inconclusive')
    expect(json.items.at(-1)?.reason).toMatchObject({
      code: 'SECRET_UNAVAILABLE',
      text: expect.stringContaining('env:PRECHECK_SECRET_NOT_SET'),
    })
  })

  it('writes its remediation as one script', async () => {
    answer = broken
    await register('pre-g')
    const { json } = await start('pre-g')
    const script = await api.call('GET', `/v1/prechecks/${json.id}/remediation.sql`)
    expect(script.headers['content-type']).toBe('application/sql; charset=utf-8')
    expect(script.text).toMatch(/^START Gone;$/m)
  })
})

describe('readiness', () => {
  it('answers whether an operation is safe, by database', async () => {
    answer = broken
    await register('ready-a')
    await start('ready-a')
    const ask = (query: Readonly<Record<string, string>>) =>
      api.call('GET', '/v1/instances/ready-a/readiness', { query })
    expect((await ask({ operation: 'log', database: 'Sales' })).json.verdict).toBe('ready')
    expect((await ask({ operation: 'log', database: 'Old [one]' })).json.verdict).toBe('blocked')
    expect((await ask({ operation: 'full', database: 'Old [one]' })).json.verdict).toBe('ready')
    const all = (await ask({})).json
    expect([all.verdict, Object.keys(all.instance), all.databases.length]).toEqual([
      'degraded',
      ['full', 'incremental', 'log', 'restore'],
      3,
    ])
    const { instance } = (await ask({ operation: 'log' })).json
    expect(instance).toMatchObject({ log: { verdict: 'degraded', databases: { ready: 1, total: 3 } } })
    expect((await ask({ database: 'Nobody' })).json.code).toBe('DATABASE_NOT_FOUND')
    expect((await ask({ operation: 'differential' })).json.errors[0].field).toBe('operation')
  })

  it('is not invented where nothing was checked', async () => {
    await register('ready-b')
    const { status, json } = await api.call('GET', '/v1/instances/ready-b/readiness')
    expect([status, json.code]).toEqual([404, 'NO_LAST_RESULT'])
  })

  it.each(['readiness', 'prechecks/last', 'protection'])('is not asked of nobody: %s', async (path) => {
    const { status, json } = await api.call('GET', `/v1/instances/ready-nobody/${path}`)
    expect([status, json.code]).toEqual([404, 'INSTANCE_NOT_FOUND'])
  })
})

describe('validation', () => {
  const granted = {
    'VIEW ANY DATABASE': [{ held: 1 }],
    'VIEW SERVER STATE': [{ held: 1 }],
  }
  const validate = (id: string) => api.call('POST', `/v1/instances/${id}/validate`)

  it('makes an instance online once everything needed is granted', async () => {
    await register('valid-a')
    answer = { answer: granted }
    const { json } = await validate('valid-a')
    expect([json.status, json.missingPrivileges, json.grantScript]).toEqual(['online', [], null])
    expect((await api.call('GET', '/v1/instances/valid-a')).json.status).toBe('online')
    const moved = await register('valid-a', {
      connection: { ...definition.connection, host: 'other.example' },
    })
    expect(moved.json.status).toBe('registered')
  })

  it('writes the grants for what is missing', async () => {
    await register('valid-b')
    answer = { answer: { ...granted, 'VIEW SERVER STATE': [{ held: 0 }] } }
    const { json } = await validate('valid-b')
    expect([json.status, json.grantScript]).toEqual([
      'registered',
      'USE [master]; GRANT VIEW SERVER STATE TO [precheck];\n',
    ])
  })

  it('can be read again, until the connection is another one', async () => {
    await register('valid-d')
    const read = () => api.call('GET', '/v1/instances/valid-d/validation')
    expect((await read()).json.code).toBe('NOT_VALIDATED')
    answer = { answer: granted }
    const { json } = await validate('valid-d')
    expect((await read()).json).toEqual(json)
    await register('valid-d', { connection: { ...definition.connection, host: 'other.example' } })
    expect((await read()).json.code).toBe('NOT_VALIDATED')
  })

  it('says why an instance could not be asked', async () => {
    await register('valid-c')
    answer = { problem: { code: 'LOGIN_FAILED', params: { user: 'precheck' } } }
    const { json } = await validate('valid-c')
    expect([json.status, json.problem.code, json.problem.advice.length > 0]).toEqual([
      'registered',
      'LOGIN_FAILED',
      true,
    ])
  })
})

describe('tokens', () => {
  it('are shown once, work at once, and are revoked at once', async () => {
    const issued = await api.call('POST', '/v1/tokens', { body: { name: 'ci', scope: 'read' } })
    expect(issued.status).toBe(201)
    const token = issued.json.token
    expect((await api.call('GET', '/v1/instances', { token })).status).toBe(200)
    const listed = await api.call('GET', '/v1/tokens')
    expect(listed.text).not.toContain(token.slice(`bp_${issued.json.id}_`.length))
    expect(listed.text).not.toContain('secretHash')
    expect((await api.call('DELETE', `/v1/tokens/${issued.json.id}`)).status).toBe(204)
    expect((await api.call('GET', '/v1/instances', { token })).status).toBe(401)
    expect((await api.call('DELETE', `/v1/tokens/${issued.json.id}`)).json.code).toBe('TOKEN_NOT_FOUND')
  })

  it.each([
    ['none', null],
    ['an empty one', ''],
    ['a made-up one', `bp_${'0'.repeat(16)}_${'a'.repeat(43)}`],
    ['one with a wrong secret', 'wrong-secret'],
    ['a malformed one', 'bp_x_y'],
  ])('are needed: %s is refused', async (_, given) => {
    const token = given === 'wrong-secret' ? `${api.tokens.read.slice(0, -3)}abc` : given
    const { status, json, headers } = await api.call('GET', '/v1/instances', { token })
    expect([status, json.code, headers['www-authenticate']]).toEqual([401, 'TOKEN_INVALID', 'Bearer'])
  })

  it.each(
    routes
      .filter(({ scope }) => scope !== null)
      .map((route) => [route.method, route.path, route.scope] as const),
  )('%s %s needs the scope %s', async (method, template, needed) => {
    const path = template
      .replace('{instanceId}', 'nobody')
      .replace('{precheckId}', `pc_${'0'.repeat(32)}`)
      .replace('{tokenId}', '0')
    const statusOf = async (scope: 'read' | 'run' | 'admin') =>
      (await api.call(method, path, { token: api.tokens[scope] })).status
    const order = ['read', 'run', 'admin'] as const
    for (const scope of order) {
      const isAllowed = order.indexOf(scope) >= order.indexOf(needed ?? 'read')
      expect((await statusOf(scope)) === 403).toBe(!isAllowed)
    }
  })
})

describe('the door', () => {
  const guess = (n: number): string => `bp_${String(n).padStart(16, '0')}_${'a'.repeat(43)}`
  const from = (address: string, token: string) => api.call('GET', '/v1/instances', { token, address })

  it('lets an address guess so often, and no more until it has waited', async () => {
    const address = '192.0.2.1'
    for (let n = 0; n < 20; n += 1) expect((await from(address, guess(n))).status).toBe(401)
    const refused = await from(address, guess(20))
    expect([refused.status, refused.json.code]).toEqual([429, 'WRONG_TOKENS_TOO_MANY'])
    expect(Number(refused.headers['retry-after'])).toBeGreaterThanOrEqual(1)
    expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(3)
    expect((await from('192.0.2.2', guess(20))).status).toBe(401)
  })

  it('counts guesses that come at the same time', async () => {
    const answers = await Promise.all(Array.from({ length: 60 }, (_, n) => from('192.0.2.3', guess(n))))
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(20)
  })

  it('counts the addresses of an IPv6 network together, and an IPv4 address once in both forms', async () => {
    for (let n = 0; n < 20; n += 1) {
      await from(`2001:db8:0:1::${n.toString(16)}`, guess(n))
      await from(n % 2 === 0 ? '192.0.2.4' : '::ffff:192.0.2.4', guess(n))
    }
    expect((await from('2001:db8:0:1:ffff::1', guess(20))).status).toBe(429)
    expect((await from('2001:db8:0:2::1', guess(20))).status).toBe(401)
    expect((await from('192.0.2.4', guess(20))).status).toBe(429)
  })

  it('lets a token in that was right before, whatever its neighbours guess, until it is revoked', async () => {
    const { json: known } = await api.call('POST', '/v1/tokens', { body: { name: 'a', scope: 'read' } })
    const { json: unknown } = await api.call('POST', '/v1/tokens', { body: { name: 'b', scope: 'read' } })
    const address = '192.0.2.5'
    expect((await from(address, known.token)).status).toBe(200)
    for (let n = 0; n < 20; n += 1) await from(address, guess(n))
    expect((await from(address, known.token)).status).toBe(200)
    expect((await from(address, unknown.token)).status).toBe(429)
    await api.call('DELETE', `/v1/tokens/${known.id}`)
    expect((await from(address, known.token)).status).toBe(401)
  })

  it('lets no caller lock out others where the platform tells no addresses', async () => {
    const { json: unknown } = await api.call('POST', '/v1/tokens', { body: { name: 'c', scope: 'read' } })
    const untold = (token: string) => api.call('GET', '/v1/instances', { token })
    for (let n = 0; n < 40; n += 1) expect((await untold(guess(n))).status).toBe(401)
    expect((await untold(unknown.token)).status).toBe(200)
  })

  it('counts no request without a token, and none with a right one', async () => {
    for (let n = 0; n < 40; n += 1) {
      const token = n % 2 === 0 ? null : api.tokens.read
      const { status } = await api.call('GET', '/v1/instances', { token, address: '192.0.2.6' })
      expect(status).toBe(n % 2 === 0 ? 401 : 200)
    }
    expect((await from('192.0.2.6', guess(0))).status).toBe(401)
  })

  it('lets each token make the requests of the setting', async () => {
    const limited = await startApi(
      probesGiving(() => answer),
      {},
      { PRECHECK_REQUESTS_PER_MINUTE: '3' },
    )
    const statusOf = async (token: string) => (await limited.call('GET', '/v1/instances', { token })).status
    const { read, run } = limited.tokens
    expect([await statusOf(read), await statusOf(read), await statusOf(read)]).toEqual([200, 200, 200])
    const refused = await limited.call('GET', '/v1/instances', { token: read })
    expect([refused.status, refused.json.code]).toEqual([429, 'REQUESTS_TOO_MANY'])
    expect(Number(refused.headers['retry-after'])).toBeGreaterThanOrEqual(1)
    expect(await statusOf(run)).toBe(200)
    expect((await limited.call('GET', '/healthz', { token: null })).status).toBe(200)
    await limited.close()
  })
})

describe('deep JSON', () => {
  const deep = (levels: number, open: string, close: string): string =>
    `{"a":${open.repeat(levels)}1${close.repeat(levels)}}`

  it.each([
    ['PUT', '/v1/instances/deep'],
    ['PATCH', '/v1/instances/deep'],
    ['PATCH', `/v1/webhooks/wh_${'0'.repeat(16)}`],
    ['POST', '/v1/webhooks'],
    ['POST', '/v1/sweeps'],
    ['POST', '/v1/tokens'],
    ['POST', '/v1/instances/deep/prechecks'],
  ])('is refused by %s %s, however deep it is', async (method, path) => {
    for (const levels of [32, 1500, 40_000]) {
      for (const text of [deep(levels, '[', ']'), deep(levels, '{"a":', '}')]) {
        const { status, json } = await api.call(method, path, { text })
        expect([status, json.code]).toEqual([400, 'BODY_TOO_DEEP'])
      }
    }
  })

  it('is judged by its fields up to the limit', async () => {
    const { status } = await api.call('PUT', '/v1/instances/deep', { text: deep(31, '[', ']') })
    expect(status).toBe(422)
  })
})

describe('the edge', () => {
  it.each([
    ['an unknown path', 'GET', '/v2/instances', {}, 404, 'PATH_NOT_FOUND'],
    ['a wrong method', 'PUT', '/v1/instances', {}, 405, 'METHOD_NOT_ALLOWED'],
    ['malformed JSON', 'PUT', '/v1/instances/x', { text: '{"a":' }, 400, 'BODY_INVALID'],
    [
      'a body that is not JSON',
      'PUT',
      '/v1/instances/x',
      { text: 'a=b', headers: { 'Content-Type': 'application/x-www-form-urlencoded' } },
      415,
      'CONTENT_TYPE_UNSUPPORTED',
    ],
    ['no body', 'PUT', '/v1/instances/x', {}, 422, 'FIELDS_INVALID'],
    [
      'a body of 300 KB',
      'PUT',
      '/v1/instances/x',
      { text: `"${'x'.repeat(300_000)}"` },
      413,
      'BODY_TOO_LARGE',
    ],
    ['an id that climbs', 'GET', '/v1/instances/..%2Fetc', {}, 422, 'FIELDS_INVALID'],
    ['a path that is badly encoded', 'GET', '/v1/instances/%E0%A4%A', {}, 404, 'PATH_NOT_FOUND'],
    ['a precheck that never was', 'GET', `/v1/prechecks/pc_${'0'.repeat(32)}`, {}, 404, 'PRECHECK_NOT_FOUND'],
    [
      'a precheck of an instance that never was',
      'POST',
      '/v1/instances/nobody/prechecks',
      {},
      404,
      'INSTANCE_NOT_FOUND',
    ],
    ['a limit out of range', 'GET', '/v1/instances', { query: { limit: '1000' } }, 422, 'FIELDS_INVALID'],
    [
      'a query parameter that does not exist',
      'GET',
      '/v1/instances',
      { query: { colour: 'red' } },
      422,
      'FIELDS_INVALID',
    ],
    [
      'an impossible Prefer',
      'POST',
      '/v1/instances/nobody/prechecks',
      { headers: { prefer: 'wait=soon' } },
      422,
      'FIELDS_INVALID',
    ],
  ] as const)('answers %s with a problem document', async (_, method, path, request, status, code) => {
    const answered = await api.call(method, path, request)
    expect([answered.status, answered.json.code, answered.json.status]).toEqual([status, code, status])
    expect(answered.json.requestId).toBe(answered.headers['x-request-id'])
    expect(answered.headers['content-type']).toBe('application/problem+json; charset=utf-8')
  })

  it('names what a path takes', async () => {
    expect((await api.call('PUT', '/v1/instances')).headers['allow']).toBe('GET')
  })

  it('keeps the reason of a fault in the log', async () => {
    const { call, close, lines, runtime } = await startApi(probesGiving(() => answer))
    Object.assign(runtime.instances, { list: () => Promise.reject(new Error('disk on fire')) })
    const { status, text, json } = await call('GET', '/v1/instances')
    expect([status, json.code, text.includes('disk')]).toEqual([500, 'UNEXPECTED', false])
    expect(lines.join('')).toContain('disk on fire')
    await close()
  })

  it('lets everybody see its health and its document', async () => {
    expect((await api.call('GET', '/healthz', { token: null })).json.status).toBe('pass')
    const { json } = await api.call('GET', '/openapi.json', { token: null })
    expect(json).toEqual(JSON.parse(JSON.stringify(openApiDocument(routes))))
    // Whatever refers to itself has a name of ours.
    expect(JSON.stringify(json)).not.toContain('__schema')
    const described = Object.entries(json.paths as Record<string, object>).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    )
    expect(described.sort()).toEqual(routes.map(({ method, path }) => `${method} ${path}`).sort())
  })

  it('says what is wrong in the language of the caller', async () => {
    const asked = { 'accept-language': 'zh-CN,zh;q=0.9,en;q=0.8' }
    const said = await api.call('GET', '/v1/instances/nobody', { headers: asked })
    expect(said.json).toMatchObject({
      code: 'INSTANCE_NOT_FOUND',
      title: '没有该实例',
      detail: '没有注册实例 nobody。',
    })
    const english = await api.call('GET', '/v1/instances/nobody')
    expect(english.json).toMatchObject({
      title: 'No such instance',
      detail: 'No instance is registered as nobody.',
    })
    for (const [method, path] of [
      ['GET', '/nowhere'],
      ['POST', '/healthz'],
      ['PUT', '/v1/instances/x'],
    ] as const) {
      const { json } = await api.call(method, path, {
        headers: asked,
        body: method === 'PUT' ? {} : undefined,
      })
      const chinese = expect.stringMatching(/\p{Script=Han}/u)
      expect(json).toMatchObject({ title: chinese, detail: chinese })
    }
    const refused = await api.call('GET', '/v1/instances', { headers: asked, token: 'bp_0_x' })
    expect(refused.json).toMatchObject({ status: 401, title: '需要有效的令牌' })
  })

  it('has no default in fields of requests, which generators would take for fields that are required', () => {
    const document = JSON.parse(JSON.stringify(openApiDocument(routes))) as {
      readonly components: { readonly schemas: Readonly<Record<string, object>> }
    }
    const requests = Object.entries(document.components.schemas).filter(([name]) => name.endsWith('Request'))
    const fields = JSON.stringify(
      requests.map(([, schema]) => Object.entries(schema).filter(([key]) => key !== 'default')),
    )
    expect(fields).not.toContain('"default":')
    expect(fields).toContain(String.raw`Default: \"cloud-backup\".`)
  })

  it('lists the catalogue', async () => {
    const { json } = await api.call('GET', '/v1/check-items', { query: { engine: 'oracle' } })
    expect(json.items.map(({ id }) => id)).toEqual([itemIds.reached, itemIds.ofOracle])
  })

  it('reads one item of the catalogue, and says where there is none', async () => {
    const { json } = await api.call('GET', `/v1/check-items/${itemIds.online}`)
    expect(json).toMatchObject({ id: itemIds.online, set: 'essential', findings: [{ code: 'IS_OFFLINE' }] })
    const missing = await api.call('GET', '/v1/check-items/NO_SUCH_ITEM')
    expect([missing.status, missing.json.code]).toEqual([404, 'CHECK_ITEM_NOT_FOUND'])
  })

  it('answers in the shapes that the document promises', async () => {
    await register('shape')
    const answered = await start('shape')
    const route = routes.find(({ operationId }) => operationId === 'startPrecheck')
    expect(route?.answers[200]?.schema?.safeParse(answered.json).error?.issues ?? []).toEqual([])
  })
})

describe('the findings of a precheck', () => {
  const findings = (id: string, query: Readonly<Record<string, string>> = {}) =>
    api.call('GET', `/v1/prechecks/${id}/findings`, { query })

  it('are listed item by item, page by page, and are those that the precheck shows', async () => {
    answer = broken
    await register('listed')
    const { json } = await start('listed')
    const shown = json.items.flatMap((item) => item.findings)
    expect(shown.length).toBeGreaterThan(1)
    const listed: object[] = []
    for (let query: Record<string, string> = { limit: '1' }; ;) {
      const { json: page, headers } = await findings(json.id, query)
      expect(page.items).toHaveLength(1)
      listed.push(...page.items)
      expect(headers['link'] === undefined).toBe(page.next === null)
      if (page.next === null) break
      query = { limit: '1', after: page.next }
    }
    expect(listed).toEqual(shown)
  })

  it('are those of an item, a database or a level', async () => {
    answer = broken
    await register('chosen')
    const { json } = await start('chosen')
    const shown = json.items.flatMap((item) => item.findings)
    const [one] = shown
    const chosen = async (query: Readonly<Record<string, string>>) =>
      (await findings(json.id, query)).json.items
    const { checkItem, level, object } = one!
    expect(await chosen({ checkItem })).toEqual(shown.filter((each) => each.checkItem === checkItem))
    expect(await chosen({ level })).toEqual(shown.filter((each) => each.level === level))
    expect(await chosen({ database: object.name })).toEqual(
      shown.filter((each) => each.object.name === object.name),
    )
    expect(await chosen({ database: 'nobody' })).toEqual([])
  })

  it('are none of a precheck that does not exist, and of a place that is none', async () => {
    expect((await findings(`pc_${'f'.repeat(32)}`)).json.code).toBe('PRECHECK_NOT_FOUND')
    answer = broken
    await register('odd')
    const { json } = await start('odd')
    expect((await findings(json.id, { after: 'bm93aGVyZQ' })).json.items).toEqual([])
  })
})

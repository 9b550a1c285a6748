import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { precheckView } from '../../../functions/api/views/precheck-view.ts'
import { sweepCountsOf } from '../../../shared/model/sweep.ts'
import {
  completedOf,
  itemResult,
  riskyDatabase,
  simpleDatabase,
  undeterminedItem,
} from '../../support/completed-prechecks.ts'
import { type Script, answering, answeringWith, precheckWith } from './scripted-service.ts'

const viewOf = (...results: Parameters<typeof completedOf>[0]['results']) =>
  precheckView(completedOf({ results }), 'en')

const failed = viewOf(itemResult([simpleDatabase('HR')]))
const started = { [`POST /v1/instances/db1/prechecks`]: failed, [`GET /v1/prechecks/${failed.id}`]: failed }

/** As the API shows it. */
const instanceOf = (id: string) => ({
  id,
  definition: {
    engine: 'sqlserver',
    region: 'cn-hangzhou',
    connection: {
      host: 'db.example',
      port: 1433,
      credential: { username: 'precheck', password: 'env:PRECHECK_SECRET_DB' },
      tls: { mode: 'required', trustServerCertificate: false },
    },
    profile: 'cloud-backup',
    tags: {},
    enabled: true,
  },
  status: 'online',
  revision: 1,
  registeredAt: '2026-11-21T02:00:00.000Z',
  updatedAt: '2026-11-21T02:00:00.000Z',
  validatedAt: null,
})

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'precheck-files-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const fileWith = (name: string, content: string): string => {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

const callsOf = ({ received }: Awaited<ReturnType<typeof precheckWith>>) => received.map(({ call }) => call)

describe('register', () => {
  it('takes a file by its name alone, as with --file', async () => {
    const path = fileWith('erp.yaml', 'engine: mysql\nregion: cn-hangzhou\nconnection: {}\n')
    const ended = await precheckWith(answering(200, instanceOf('erp')), ['register', path])
    expect([ended.errors, callsOf(ended)]).toEqual(['', ['PUT /v1/instances/erp']])
  })

  it('names the command where there is only an id', async () => {
    const { code, errors } = await precheckWith(answering(200, {}), ['register', 'erp'])
    expect([code, errors]).toEqual([
      3,
      expect.stringMatching(/^Give a file \(precheck register --file my-db\.yaml\)/),
    ])
  })
})

describe('run', () => {
  it('starts a precheck, follows it and reports it, with the token of the user', async () => {
    const ended = await precheckWith(answeringWith(started), ['run', 'db1'])
    expect(ended.received).toEqual([
      { call: 'POST /v1/instances/db1/prechecks', token: 'Bearer secret-token', body: {} },
      { call: `GET /v1/prechecks/${failed.id}`, token: 'Bearer secret-token', body: undefined },
    ])
    expect(ended.output).toMatch(/^✘ failed +SQL_SERVER_DB_IN_SIMPLE_RECOVERY_MODE.*\n[^]*Outcome: FAILED/)
    expect([ended.code, ended.errors]).toEqual([2, ''])
  })

  it.each(['-f', '--file'])('with %s registers the file first, under its name', async (option) => {
    const path = fileWith('db1.yaml', 'engine: sqlserver\nregion: cn-hangzhou\n')
    const answers = { ...started, 'PUT /v1/instances/db1': instanceOf('db1') }
    const { received } = await precheckWith(answeringWith(answers), ['run', option, path])
    expect(received[0]).toMatchObject({
      call: 'PUT /v1/instances/db1',
      body: { engine: 'sqlserver', region: 'cn-hangzhou' },
    })
  })

  it('takes the id in the file before its name', async () => {
    const path = fileWith('any.json', '{"id": "db1", "engine": "oracle"}')
    const answers = { ...started, 'PUT /v1/instances/db1': instanceOf('db1') }
    const { received } = await precheckWith(answeringWith(answers), ['run', '--file', path])
    expect(received[0]?.body).toEqual({ engine: 'oracle' })
  })

  it('follows the precheck that runs already', async () => {
    const running = { code: 'PRECHECK_RUNNING', detail: 'One runs.', precheckId: failed.id }
    const script: Script = (call, response) =>
      call.startsWith('POST')
        ? answering(409, running)(call, response)
        : answeringWith(started)(call, response)
    expect((await precheckWith(script, ['run', 'db1'])).code).toBe(2)
  })

  it.each([[undefined], ['\uD800'], ['pc_../..']])('follows none whose id is %j', async (precheckId) => {
    const running = { code: 'PRECHECK_RUNNING', detail: 'One runs.', precheckId }
    const { code, errors, received } = await precheckWith(answering(409, running), ['run', 'db1'])
    expect([code, errors, received.length]).toEqual([3, 'One runs.\n', 1])
  })

  it('that loses the service says how to find the precheck again', async () => {
    const script: Script = (call, response) =>
      call.startsWith('POST') ? answering(202, failed)(call, response) : void response.destroy()
    const { code, errors } = await precheckWith(script, ['run', 'db1'])
    expect(errors).toMatch(
      new RegExp(
        `was interrupted .*\\nThe precheck continues. Follow it with: precheck watch ${failed.id}\\n$`,
      ),
    )
    expect(code).toBe(3)
  })
})

describe('the file of run', () => {
  it.each([
    ['a tab', 'engine:\n\t- x: ][', /is not valid YAML or JSON: .* at line \d+, column \d+\n$/],
    ['half a JSON', '{"engine": "ora', /is not valid YAML or JSON: /],
    ['nothing', '', /does not describe an instance/],
    ['a list', '- engine: oracle', /does not describe an instance/],
    [
      'bytes of a picture',
      '\u0089PNG\r\n\u001A\n\u0000\u0000',
      /does not describe an instance|not valid YAML/,
    ],
    ['an id that is a number', 'id: 7\nengine: oracle', /has an id that is not a string/],
    ['more aliases than there is room for', `a: &a [x]\nb: [${'*a,'.repeat(200)}]\n`, /./],
  ])('with %s is refused in one sentence', async (name, content, text) => {
    const path = fileWith(`${name.replaceAll(' ', '-')}.yaml`, content)
    const ended = await precheckWith(answering(404, {}), ['run', '--file', path])
    expect(ended.errors).toMatch(text)
    expect(ended.errors.trimEnd().split('\n')).toHaveLength(1)
    expect([ended.code, ended.output]).toEqual([3, ''])
  })

  it.each([
    [
      'is not there',
      () => join(folder, 'absent.yaml'),
      /absent\.yaml cannot be read: there is no such file\.\n$/,
    ],
    ['is a folder', () => folder, /cannot be read: it is a folder\.\n$/],
  ])('that %s is named', async (_, path, text) => {
    const { code, errors, received } = await precheckWith(answering(200, {}), ['run', '--file', path()])
    expect(errors).toMatch(text)
    expect([code, received]).toEqual([3, []])
  })
})

describe('last', () => {
  it.each([
    [0, viewOf(itemResult([]))],
    [1, viewOf(itemResult([riskyDatabase('HR')]))],
    [2, failed],
    [3, viewOf(itemResult([]), undeterminedItem())],
  ])('exits with %i by the outcome', async (code, view) => {
    const ended = await precheckWith(answering(200, view), ['last', 'db1'])
    expect(callsOf(ended)).toEqual(['GET /v1/instances/db1/prechecks/last'])
    expect([ended.code, ended.errors]).toEqual([code, ''])
  })

  it.each([
    [['last', 'db1', '--output', 'json']],
    [['last', '-o', 'json', 'db1']],
    [['--output=json', 'last', 'db1']],
  ])('%j prints JSON alone', async (args) => {
    const { output } = await precheckWith(answering(200, failed), args)
    expect(JSON.parse(output)).toEqual(JSON.parse(JSON.stringify(failed)))
  })

  it('sends an id of any characters as one part of the path', async () => {
    const ended = await precheckWith(answering(200, failed), ['last', 'a/../b?c'])
    expect(callsOf(ended)).toEqual(['GET /v1/instances/a%2F..%2Fb%3Fc/prechecks/last'])
  })
})

describe('watch', () => {
  it('follows a precheck until it ends, and names every item once', async () => {
    const [item] = failed.items
    const running = { ...failed, state: 'running', outcome: null, completedAt: null }
    const pending = { ...running, items: [{ ...item, status: 'pending' }] }
    const answers: unknown[] = [pending, running, failed]
    const script: Script = (call, response) => answering(200, answers.shift())(call, response)
    const { code, output, received } = await precheckWith(script, ['watch', failed.id])
    const [live = ''] = output.split(`\n\n${failed.instanceId}`)
    expect(live.match(/SQL_SERVER_DB_IN_SIMPLE_RECOVERY_MODE/g)).toHaveLength(1)
    expect([code, received.length]).toEqual([2, 3])
  })
})

describe('instances', () => {
  it('lists all pages', async () => {
    const ended = await precheckWith(
      answeringWith({
        'GET /v1/instances?limit=200': { items: [instanceOf('db1')], next: 'db1' },
        'GET /v1/instances?limit=200&after=db1': { items: [instanceOf('db2')], next: null },
      }),
      ['instances'],
    )
    expect(ended.output).toBe(
      ['db1', 'db2'].map((id) => `${id}  sqlserver  cn-hangzhou  online  db.example:1433\n`).join(''),
    )
    expect(ended.code).toBe(0)
  })

  it('says when there are none', async () => {
    const { output } = await precheckWith(answering(200, { items: [], next: null }), ['instances'])
    expect(output).toBe('No instances are registered yet.\n')
  })
})

const minutesEach = { exposureMinutes: 2000, objectiveMinutes: 1500, worstExposureMinutes7d: null }
const worst = { database: 'Sales', ...minutesEach }
const totals = { 'at-risk': 1, unknown: 0, new: 0, protected: 120 }
const asOf = '2026-11-21T02:00:00.000Z'
const lastFull = { at: '2026-11-19T16:40:00.000Z', bytes: 1000, device: 'disk', by: 'backup' }

describe('protection', () => {
  const fleet = (state: string) => ({
    items: [
      {
        instanceId: 'db1',
        engine: 'sqlserver',
        region: 'cn-hangzhou',
        tags: {},
        precheckId: failed.id,
        asOf,
        maxAgeHours: 25,
        state,
        totals,
        worst,
      },
    ],
    next: 'x',
  })
  const ofInstance = {
    instanceId: 'db1',
    precheckId: failed.id,
    state: 'at-risk',
    asOf,
    maxAgeHours: 25,
    totals,
    databases: [
      {
        ...worst,
        state: 'at-risk',
        full: lastFull,
        incremental: null,
        log: null,
        chain: 'broken',
        restoreSeconds: 600,
      },
    ],
  }

  it('lists the fleet, worst first', async () => {
    const script = answeringWith({ 'GET /v1/protection?limit=200': fleet('at-risk') })
    const { output, code: exitCode } = await precheckWith(script, ['protection'])
    expect(output).toMatch(
      /^at-risk +db1 +Sales loses 33 h of 25 h; at risk: 1 +as of 2026-11-21 02:00 UTC\n/,
    )
    expect(output).toContain('… and more')
    expect(exitCode).toBe(2)
  })

  it.each([
    ['protected', 0],
    ['new', 1],
    ['unknown', 3],
  ])('ends as the worst instance stands: %s', async (state, code) => {
    const script = answeringWith({ 'GET /v1/protection?limit=200': fleet(state) })
    expect((await precheckWith(script, ['protection'])).code).toBe(code)
  })

  it('says so where nothing is known', async () => {
    const { output, code: exitCode } = await precheckWith(answering(200, { items: [], next: null }), [
      'protection',
    ])
    expect([output, exitCode]).toEqual(['Nothing is known yet: no precheck has seen backups.\n', 3])
  })

  it('shows the databases of an instance', async () => {
    const script = answeringWith({ 'GET /v1/instances/db1/protection': ofInstance })
    const { output, code: exitCode } = await precheckWith(script, ['protection', 'db1'])
    expect(output.split('\n')[0]).toMatch(/^db1 +at-risk +as of 2026-11-21 02:00 UTC$/)
    expect(output).toMatch(
      /at-risk +Sales +loses 33 h of 25 h +worst of 7 d \?; restore about 10 min; log chain broken; full 2026-11-19 16:40 UTC/,
    )
    expect(output).toContain('… and 120 more that stand no worse')
    expect(exitCode).toBe(2)
  })

  it('says of an instance that nothing was seen', async () => {
    const nothing = {
      ...ofInstance,
      state: 'unknown',
      asOf: null,
      maxAgeHours: null,
      totals: null,
      databases: [],
    }
    const script = answeringWith({ 'GET /v1/instances/db1/protection': nothing })
    const { output, code: exitCode } = await precheckWith(script, ['protection', 'db1'])
    expect(output).toMatch(/^db1: unknown\./)
    expect(exitCode).toBe(3)
  })

  it('stands in the report of a precheck', async () => {
    const view = { ...failed, protection: { state: 'at-risk', asOf, totals, worst } }
    const script = answeringWith({ 'GET /v1/instances/db1/prechecks/last': view })
    const { output } = await precheckWith(script, ['last', 'db1'])
    expect(output).toContain('Protection: at-risk  Sales loses 33 h of 25 h  (1 at-risk, 120 protected)')
  })
})

describe('sweep', () => {
  const head = {
    id: '2026-11-21T020000Z-0123abcd',
    kind: 'requested',
    state: 'completed',
    filter: {},
    startedAt: '2026-11-21T02:00:00.000Z',
    completedAt: '2026-11-21T02:00:09.000Z',
  }

  it('sends the filter, and exits with the worst outcome', async () => {
    const swept = { ...head, counts: sweepCountsOf({ warning: 1 }), entries: { items: [], next: null } }
    const script: Script = (call, response) =>
      answering(200, call.startsWith('POST') ? { ...head, counts: null } : swept)(call, response)
    const filter = [
      '--tag',
      'team:orders',
      '--tag',
      'site:a:b',
      '--engine',
      'oracle',
      '--region',
      'cn-beijing',
    ]
    const { code, received, errors } = await precheckWith(script, ['sweep', ...filter])
    expect([code, errors]).toEqual([1, ''])
    expect(received[0]).toMatchObject({
      call: 'POST /v1/sweeps',
      body: { engine: 'oracle', region: 'cn-beijing', tags: { team: 'orders', site: 'a:b' } },
    })
  })

  it('without a filter sends none', async () => {
    const { received } = await precheckWith(answering(500, {}), ['sweep'])
    expect(received[0]?.body).toEqual({ tags: {} })
  })
})

describe('acknowledge', () => {
  const made = {
    id: 'ack_0123456789abcdef',
    checkItem: 'ARCHIVELOG',
    database: 'HR',
    reason: 'moves',
    author: 'li',
    expiresAt: '2027-01-31T00:00:00.000Z',
    acknowledgedAt: '2026-11-21T02:00:00.000Z',
  }
  const words = ['acknowledge', 'db1', 'ARCHIVELOG', '--reason', 'moves', '--author', 'li', '--until']

  it.each([
    ['2027-01-31', '2027-01-31T00:00:00.000Z'],
    ['2027-01-31T08:00+08:00', '2027-01-31T00:00:00.000Z'],
    ['2027-01-31T00:00:30Z', '2027-01-31T00:00:30.000Z'],
  ])('takes the time %s', async (until, expiresAt) => {
    const ended = await precheckWith(answering(201, made), [...words, until, '--database', 'HR'])
    expect(ended.received).toMatchObject([
      {
        call: 'POST /v1/instances/db1/acknowledgements',
        body: { checkItem: 'ARCHIVELOG', database: 'HR', reason: 'moves', author: 'li', expiresAt },
      },
    ])
    expect(ended).toMatchObject({
      code: 0,
      output: 'ARCHIVELOG of HR counts as a warning until 2027-01-31 00:00 UTC (ack_0123456789abcdef).\n',
    })
  })

  it.each([
    [
      ['db1'],
      { items: [made] },
      'GET /v1/instances/db1/acknowledgements',
      /^ack_0123456789abcdef .*HR .*moves$/m,
    ],
    [
      [],
      { items: [{ instanceId: 'db1', acknowledgements: [made] }], next: 'x' },
      'GET /v1/acknowledgements?limit=200',
      /^db1 +ack_0123456789abcdef .*HR .*moves\n… and more of other instances$/m,
    ],
    [[], { items: [], next: null }, 'GET /v1/acknowledgements?limit=200', /^Nothing is acknowledged\.\n$/],
  ])('lists those of %j that are in force', async (of, answer, call, told) => {
    const ended = await precheckWith(answering(200, answer), ['acknowledge', 'list', ...of])
    expect([ended.code, callsOf(ended), ended.output]).toEqual([0, [call], expect.stringMatching(told)])
  })

  it('names a value that the service refuses by its option', async () => {
    const problem = {
      code: 'FIELDS_INVALID',
      detail: 'Fix the fields.',
      errors: [{ field: 'expiresAt', message: 'must be in the future' }],
    }
    const { code, errors } = await precheckWith(answering(422, problem), [...words, '2020-01-31'])
    expect(errors).toBe('The service does not accept these values:\n  --until: must be in the future\n')
    expect(code).toBe(3)
  })
})

describe('who waits no longer', () => {
  const running = { ...failed, state: 'running', outcome: null, completedAt: null }

  it.each([
    ['en', /^Interrupted\.\nThe precheck continues\. Follow it with: precheck watch (pc_\w+)\n$/],
    ['zh', /^已中断。\n预检仍在继续。继续跟踪：precheck watch (pc_\w+)\n$/],
  ])('is told in %s that the precheck goes on, and how to follow it', async (lang, text) => {
    const interrupt = new AbortController()
    const script: Script = (call, response) => {
      answering(200, running)(call, response)
      if (call.startsWith('GET')) interrupt.abort()
    }
    const around = { signal: interrupt.signal }
    const ended = await precheckWith(script, ['run', 'db1', '--lang', lang], undefined, around)
    expect(text.exec(ended.errors)?.[1]).toBe(failed.id)
    expect(ended.code).toBe(130)
  })
})

describe('a second run', () => {
  const script: Script = (call, response) =>
    call.startsWith('POST')
      ? answering(409, { code: 'PRECHECK_RUNNING', detail: 'One runs.', precheckId: failed.id })(
          call,
          response,
        )
      : answeringWith(started)(call, response)

  it('says that it follows the first', async () => {
    const { output } = await precheckWith(script, ['run', 'db1'])
    expect(output.split('\n')[0]).toBe(`A precheck of db1 is running already, and is followed: ${failed.id}`)
  })

  it('says nothing of it where programs read', async () => {
    const { output } = await precheckWith(script, ['run', 'db1', '--output', 'json'])
    expect(JSON.parse(output)).toMatchObject({ id: failed.id })
  })
})

describe('what a server says', () => {
  const hostile = 'e\u001B[31mred\u009B2J\u202Edb'
  const items = failed.items.map((item) => ({
    ...item,
    findings: item.findings.map((finding) => ({ ...finding, text: hostile })),
  }))
  const path = '/v1/instances/db1/prechecks/last'
  const last = (...more: string[]) =>
    precheckWith(answeringWith({ [`GET ${path}`]: { ...failed, items } }), ['last', 'db1', ...more])

  it('is seen, and does not steer the terminal', async () => {
    const { output } = await last()
    expect(output).toContain(String.raw`failed: e\u{1b}[31mred\u{9b}2J\u{202e}db`)
    expect(output).not.toMatch(/(?!\n)\p{Cc}/u)
  })

  it('is in the JSON as it was said', async () => {
    const { output } = await last('--output', 'json')
    expect(output).not.toMatch(/(?!\n)\p{Cc}/u)
    expect(output).toContain(String.raw`e\u001b[31mred\u009b2J`)
    expect(JSON.stringify(JSON.parse(output))).toContain(JSON.stringify(hostile))
  })
})

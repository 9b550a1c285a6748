import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { alarmTable } from '../../../infra/deploy/operations/alarm-table.ts'
import { type LogSource, alarms } from '../../../infra/deploy/operations/alarms.ts'
import { charts } from '../../../infra/deploy/operations/dashboard.ts'
import { countQuery, seriesQuery } from '../../../infra/deploy/operations/log-query.ts'
import { operationRequests } from '../../../infra/deploy/operations/requests.ts'
import { readServerlessFile } from '../../../infra/deploy/s-yaml/s-yaml.ts'
import { queueSchemas } from '../../../infra/deploy/plan/queues.ts'
import { startPrecheck } from '../../../shared/flows/prechecks/start-precheck.ts'
import { collectResults } from '../../../shared/flows/prechecks/collect-results.ts'
import { type TestApi, startApi } from '../../support/api.ts'
import { definitionOf } from '../../support/context.ts'
import {
  answered,
  deliveryWorld,
  failedPrecheck,
  messageOf,
  webhookOf,
} from '../../support/delivery-world.ts'
import { keptLog } from '../../support/kept-log.ts'
import { probesGiving } from '../../support/probes.ts'
import { sweepWorld } from '../../support/sweep-world.ts'

type Line = Readonly<Record<string, unknown>>

/** Lines that were logged while all was well, and while each thing was not. */
const healthy: Line[] = []
const troubled: Line[] = []

const night = async (into: Line[], { missed }: { readonly missed: boolean }): Promise<void> => {
  const world = sweepWorld('2026-11-20T17:59:00.000Z')
  await world.run()
  const midnight = { reason: 'patches', weekdays: ['sat'], at: '00:00', minutes: 1400 }
  await world.register('db-1', {
    schedule: { window: 1 },
    ...(missed && { maintenanceWindows: [midnight] }),
  })
  for (let minute = 0; minute < 5; minute += 1) {
    world.wait(1)
    await world.run()
    await world.finish()
  }
  into.push(...world.lines)
  await world.close()
}

const deliver = async (into: Line[], status: number): Promise<void> => {
  const webhook = webhookOf(1)
  const precheck = failedPrecheck()
  const react = () => answered(status)
  const world = deliveryWorld({ webhooks: [webhook], prechecks: [precheck], react })
  world.send(messageOf(webhook, precheck))
  await world.run()
  into.push(...world.lines)
}

const precheck = async ({ runtime }: TestApi, into: Line[], atDeadline: boolean): Promise<void> => {
  const { log, lines } = keptLog()
  const id = atDeadline ? 'late' : 'well'
  const now = new Date().toISOString()
  const about = { status: 'registered', revision: 1, registeredAt: now, updatedAt: now, validatedAt: null }
  await runtime.instances.put(id, { id, definition: definitionOf('oracle'), ...about } as never, 0)
  const request = { instanceId: id, trigger: 'request', repeatable: null } as const
  const started = await startPrecheck({ ...runtime, log }, request)
  if ('failure' in started) throw new Error(started.failure.code)
  const { precheckId } = started.value
  const { steady, limits } = runtime
  const clocks = {
    now: () => new Date(Date.now() + limits.deadlineMs),
    steady: { id: steady.id, ms: () => steady.ms() + limits.deadlineMs },
  }
  if (atDeadline) await collectResults({ ...runtime, log, ...clocks }, [{ kind: 'deadline', precheckId }])
  else {
    const stored = await runtime.results.get(precheckId)
    const results = (stored?.precheck.checkItems ?? []).map(({ checkItem }) => ({
      kind: 'result' as const,
      precheckId,
      result: {
        checkItem,
        status: 'passed' as const,
        vantage: 'checker' as const,
        reason: null,
        observed: {},
        findings: [],
        databases: [],
        excluded: [],
        startedAt: now,
        durationMs: 1,
      },
    }))
    await collectResults({ ...runtime, log }, results)
  }
  into.push(...lines)
}

let api: TestApi

beforeAll(async () => {
  api = await startApi(probesGiving(() => new Promise(() => undefined)))
  const linesOf = (): Line[] => api.lines.splice(0).map((line) => JSON.parse(line) as Line)
  await night(healthy, { missed: false })
  await night(troubled, { missed: true })
  await deliver(healthy, 204)
  await deliver(troubled, 500)
  await deliver(troubled, 410)
  await precheck(api, healthy, false)
  await precheck(api, troubled, true)
  await api.call('PUT', '/v1/instances/unknown', { body: {} })
  await api.call('POST', '/v1/tokens', { body: { name: 'ci', scope: 'read' } })
  healthy.push(...linesOf())
  vi.spyOn(api.runtime.instances, 'list').mockRejectedValueOnce(new TypeError('a fault'))
  await api.call('GET', '/v1/instances')
  troubled.push(...linesOf())
  vi.restoreAllMocks()
})
afterAll(() => api.close())

const field = String.raw`json_extract_scalar\(message, '\$\.(?<field>\w+)'\)`
const equal = new RegExp(`^${field} = '(?<value>[^']*)'$`)
const atLeast = new RegExp(String.raw`^cast\(${field} as bigint\) >= (?<least>\d+)$`)

const whole = /^"(?<word>[^"]+)" \| select .+ from log(?: where (?<where>.+?))?(?: group by .+)?$/

/** Runs the condition of a query over lines as Simple Log Service would; throws at what it does not know. */
const matching = (query: string, lines: readonly Line[]): readonly Line[] => {
  const groups = whole.exec(query)?.groups
  if (!groups) throw new Error(`Not understood: ${query}`)
  const { word = '', where } = groups
  const holds = (line: Line, condition: string): boolean => {
    const equals = equal.exec(condition)?.groups
    if (equals) return line[equals['field'] ?? ''] === equals['value']
    const least = atLeast.exec(condition)?.groups
    if (least) return Number(line[least['field'] ?? '']) >= Number(least['least'])
    throw new Error(`Not understood: ${condition}`)
  }
  return lines.filter(
    (line) =>
      JSON.stringify(line)
        .split(/[\s,'";=()[\]{}?@&<>/:]+/)
        .includes(word) && (where?.split(' and ') ?? []).every((condition) => holds(line, condition)),
  )
}

const ofLog = alarms.flatMap(({ name, source }) => (source.kind === 'log' ? [[name, source] as const] : []))

const isRaised = ({ raisedBy }: LogSource, n: number): boolean => {
  const [, operator, limit] = raisedBy.split(' ')
  return operator === '<' ? n < Number(limit) : n >= Number(limit)
}

const place = {
  account: '1',
  region: 'cn-hangzhou',
  project: 'logs',
  logstore: 'functions',
  contactGroup: 'ops',
  actionPolicy: 'ops',
  nightCompletedBy: '05:30',
  utcOffset: '+0800',
}

const document = readFileSync('docs/operations.md', 'utf8')

describe('the alarms on the log', () => {
  it.each(ofLog.filter(([, { raisedBy }]) => raisedBy.includes('>=')))(
    'see what they are for, and nothing in lines of a service that is well: %s',
    (_, { lines }) => {
      expect(matching(countQuery(lines), troubled)).not.toEqual([])
      expect(matching(countQuery(lines), healthy)).toEqual([])
    },
  )

  it.each(ofLog.filter(([, { raisedBy }]) => raisedBy.includes('<')))(
    'are quiet while there are such lines, and raised without them: %s',
    (_, source) => {
      const query = countQuery(source.lines)
      expect(isRaised(source, matching(query, healthy).length)).toBe(false)
      const others = healthy.filter(({ event }) => event !== 'sweep.completed')
      expect(isRaised(source, matching(query, others).length)).toBe(true)
    },
  )

  it('look for the dead man when the last precheck of a night must have ended, back to its first', () => {
    const environment = {
      ALIBABA_CLOUD_ACCOUNT_ID: '1',
      ALIBABA_CLOUD_REGION_ID: 'cn-hangzhou',
      VPC_ID: 'vpc-1',
      VSWITCH_ID: 'vsw-1',
      SECURITY_GROUP_ID: 'sg-1',
      NOTIFY_SECURITY_GROUP_ID: 'sg-2',
    }
    const { resources } = readServerlessFile(readFileSync('s.yaml', 'utf8'), environment)
    const variables = resources['schedule'].props.environmentVariables
    const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3))
    const begin = minutesOf(String(variables['PRECHECK_SCHEDULE_AT']))
    const lateMinutes = 60
    const end =
      begin +
      Number(variables['PRECHECK_SCHEDULE_WINDOW_MINUTES']) +
      lateMinutes +
      Number(variables['PRECHECK_SWEEP_DEADLINE_SECONDS']) / 60
    const [, source] = ofLog.find(([name]) => name === 'night-not-completed') ?? []
    const looksAt = minutesOf(place.nightCompletedBy)
    expect(looksAt).toBeGreaterThan(end)
    expect(looksAt - (source?.windowMinutes ?? 0)).toBeLessThanOrEqual(begin)
    const request = operationRequests(place).find(({ title }) => title.endsWith('night-not-completed'))
    expect(request?.args.at(-1)).toContain('"cronExpression":"30 5 * * *","timeZone":"+0800"')
  })
})

describe('the dashboard', () => {
  it.each(charts.map((chart) => [chart.title, chart] as const))(
    'shows lines that are written: %s',
    (_, chart) => {
      const lines = matching(seriesQuery(chart.lines, chart.by), [...healthy, ...troubled])
      expect(lines.filter((line) => line[chart.by] !== undefined)).not.toEqual([])
    },
  )
})

describe('the alarms on metrics', () => {
  it('are of queues and functions that there are', () => {
    const queues = queueSchemas.map(({ name }) => name)
    const functions = ['api', 'run-check', 'collect', 'schedule', 'notify'].map((name) => `precheck-${name}`)
    for (const { source } of alarms) {
      if (source.kind === 'metric')
        expect(source.metric === 'queue' ? queues : functions).toEqual(expect.arrayContaining([...source.of]))
    }
  })
})

describe('the requests', () => {
  it('make a rule of its own for each alarm and what it is on, and a dashboard', () => {
    const titles = operationRequests(place).map(({ title }) => title)
    const wanted = alarms.flatMap(({ name, source }) =>
      source.kind === 'log'
        ? [`alert precheck-${name}`]
        : source.of.map((of) => `rule precheck-${name}-${of}`),
    )
    expect(titles).toEqual(['dashboard backup-precheck', ...wanted])
  })

  it('name the dimensions of what they are on', () => {
    const resourcesOf = (rule: string): unknown => {
      const { args = [] } = operationRequests(place).find(({ title }) => title === `rule ${rule}`) ?? {}
      return JSON.parse(args[args.indexOf('--Resources') + 1] ?? '')
    }
    const about = { userId: '1', region: 'cn-hangzhou' }
    expect(resourcesOf('precheck-dead-letters-found-precheck-checks-dead')).toEqual([
      { ...about, queue: 'precheck-checks-dead' },
    ])
    expect(resourcesOf('precheck-invocations-failing-precheck-api')).toEqual([
      { ...about, serviceName: '', functionName: 'precheck-api' },
    ])
  })
})

describe('docs/operations.md', () => {
  const cellsOf = (text: string): string[] =>
    text
      .split('\n')
      .filter((line) => line.startsWith('| [`'))
      .map((line) => line.replaceAll(/ +/g, ' '))

  it('has the table of the alarms as they are defined', () => {
    expect(cellsOf(document)).toEqual(cellsOf(alarmTable()))
  })

  it.each(alarms)('has a runbook for $name', ({ name }) => {
    const [, runbook = ''] = document.split(`\n### ${name}\n`)
    expect(runbook.split('\n#')[0]?.trim().length).toBeGreaterThan(50)
  })
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checksFor } from '../../../shared/checks/catalogue.ts'
import type { Check } from '../../../shared/checks/framework/define-check.ts'
import { listFindings } from '../../../shared/flows/prechecks/list-findings.ts'
import type { Finding } from '../../../shared/model/finding.ts'
import type { Page } from '../../../shared/model/page.ts'
import type { Precheck } from '../../../shared/model/precheck.ts'
import type { Probes } from '../../../shared/ports/probe.ts'
import type { Results } from '../../../shared/ports/results.ts'
import { realProbes } from '../../../shared/runtime/probes.ts'
import { answersOf } from '../../emulators/sqlserver/catalogue-answers.ts'
import { database, systemDatabases } from '../../support/facts/sqlserver.ts'
import { startApi } from '../../support/api.ts'
import {
  type Arrange,
  type CloudInProcess,
  oneByOne,
  startCloudInProcess,
} from '../../support/cloud-in-process.ts'
import { someOf, stride } from '../../support/property-runs.ts'
import { remembering } from '../../support/remembering.ts'
import { type StandIns, startStandIns } from '../../support/stand-ins.ts'

const simple = 'SQL_SERVER_DB_IN_SIMPLE_RECOVERY_MODE'

/** Names of so many databases, all of them in the wrong recovery model. */
const namesOf = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `Tenant_${((index * 7919) % 9973).toString(36)}_${index}`)

let standIns: StandIns

beforeAll(async () => {
  standIns = await startStandIns()
})
afterAll(() => standIns.close())

const definition = () => {
  const body = standIns.definitionOf('sqlserver', 'env:PRECHECK_SECRET_DB')
  const { host, port, credential } = body.connection
  return { ...body, connection: { host, port, credential, tls: { mode: 'off' as const } } }
}

/** Probes that see a server with these databases. */
const seeing = (names: readonly string[]): Probes => {
  const broken = names.map((name, index) => database(index + 5, name, { recovery_model_desc: 'SIMPLE' }))
  const answer = answersOf({ databases: [...systemDatabases, ...broken] })
  standIns.sqlServer.setScenario({ login: () => 'accept', answer })
  return remembering(realProbes(null))
}

/** All findings of an item, page by page. */
const findingsOf = async (results: Results, precheck: Precheck, checkItem: string): Promise<Finding[]> => {
  const found: Finding[] = []
  let after: string | null = null
  do {
    const page: Page<Finding> = await listFindings(
      results,
      precheck,
      { checkItem },
      { limit: 200, ...(after !== null && { after }) },
    )
    found.push(...page.items)
    after = page.next
  } while (after !== null)
  return found
}

/** An item has one finding for each of these databases, and none that is told twice. */
const expectFindings = async (
  results: Results,
  precheck: Precheck | null | undefined,
  names: readonly string[],
): Promise<void> => {
  const found = precheck ? await findingsOf(results, precheck, simple) : []
  const named = new Set(found.map(({ object }) => object.name))
  expect(names.filter((name) => !named.has(name))).toEqual([])
  expect(new Set(found.map(({ fingerprint }) => fingerprint)).size).toBe(found.length)
}

const statusesOf = ({ results }: Pick<Precheck, 'results'>) =>
  Object.fromEntries(results.map(({ checkItem, status }) => [checkItem, status]))

/** There is no ECS host. */
const healthy = ({ id, question }: Check) => [id, question.probe === 'host' ? 'skipped' : 'passed'] as const

const right = {
  ...Object.fromEntries(checksFor('sqlserver').map(healthy)),
  [simple]: 'failed',
}

const isPart = (body: string): boolean => body.includes('"kind":"part"')

/** Prechecks of a server with these databases on the cloud ports, for the tests of one `describe`. */
const worldOf = (names: readonly string[]) => {
  let cloud: CloudInProcess
  let starts = 0

  beforeAll(async () => {
    cloud = await startCloudInProcess(seeing(names))
    await cloud.register('a', definition())
  })
  afterAll(() => cloud.close())

  const stored = async (id: string): Promise<Precheck> => {
    const found = await cloud.results.get(id)
    if (!found) throw new Error(`no ${id}`)
    return found.precheck
  }
  return {
    cloud: () => cloud,
    /** A precheck whose checks have run, and whose results wait. */
    started: async (): Promise<string> => {
      starts += 1
      const id = await cloud.start('a', String(starts))
      await cloud.drain('checks')
      return id
    },
    stored,
    /** The precheck ended in time with every finding. */
    expectRight: async (id: string): Promise<void> => {
      const precheck = await stored(id)
      expect(precheck).toMatchObject({ state: 'completed', outcome: 'failed' })
      expect(statusesOf(precheck)).toEqual(right)
      await expectFindings(cloud.results, precheck, names)
      expect((await cloud.results.last('a'))?.id).toBe(id)
    },
    expire: async (): Promise<void> => {
      cloud.leapToDeadline()
      await cloud.drain('results')
    },
  }
}

/** Several parts, as the queue takes them. */
const several = Math.floor(3000 / stride(3))

describe(`${several} findings of one item`, () => {
  const { cloud, started, stored, expectRight, expire } = worldOf(namesOf(several))

  const ways: Readonly<Record<string, Arrange>> = {
    'one by one': oneByOne,
    'all at once': (bodies) => [bodies],
    'in the reverse order': (bodies) => oneByOne(bodies.toReversed()),
    'three times': (bodies) => [...oneByOne(bodies), bodies, ...oneByOne(bodies.toReversed())],
  }
  it.each(someOf(Object.entries(ways), 2))('arrive in messages that come %s', async (_, arrange) => {
    const id = await started()
    let messages = 0
    await cloud().drain('results', (bodies) => {
      messages += bodies.filter(isPart).length
      return arrange(bodies)
    })
    expect(messages).toBeGreaterThan(2)
    await expectRight(id)
    await expire()
    await expectRight(id)
  })

  it('arrive, when the item ran twice', async () => {
    const id = await cloud().start('a', 'twice')
    await cloud().drain('checks', (bodies) => [...oneByOne(bodies), ...oneByOne(bodies)])
    await cloud().drain('results')
    await expectRight(id)
    await expire()
  })

  it('are as good as none at the deadline, when a part is missing, and change nothing when it comes', async () => {
    const id = await started()
    let late: string | undefined
    await cloud().drain('results', (bodies) => {
      late ??= bodies.find((body) => isPart(body) && body.includes(simple))
      return oneByOne(bodies.filter((body) => body !== late))
    })
    expect((await stored(id)).state).toBe('running')
    await expire()
    const ended = await stored(id)
    expect(ended).toMatchObject({ state: 'completed', outcome: 'inconclusive' })
    expect(statusesOf(ended)).toEqual({ ...right, [simple]: 'timed_out' })
    await cloud().deliver([late ?? ''])
    expect(await stored(id)).toEqual(ended)
  })
})

describe('600 findings of one item', () => {
  const { cloud, started, expectRight, expire } = worldOf(namesOf(600))

  it.each(['before', 'after'] as const)(
    'arrive, when a collector dies %s any of its writes',
    async (when) => {
      let deaths = 0
      for (let write = 1; ; write += stride(28)) {
        const id = await started()
        const wasKilled = cloud().killAt(write, when)
        await cloud().drain('results')
        await expectRight(id)
        await expire()
        if (!wasKilled()) break
        deaths += 1
      }
      expect(deaths).toBeGreaterThan(1)
    },
  )
})

/** More than a message of the queue, a row or a page holds. */
const many = Math.floor(10_000 / stride(3))

describe(`${many} findings of one item`, () => {
  const names = namesOf(many)

  it('arrive on the cloud ports', async () => {
    const cloud = await startCloudInProcess(seeing(names))
    await cloud.register('a', definition())
    const id = await cloud.start('a', 'key')
    await cloud.drain('checks')
    await cloud.drain('results')
    const last = await cloud.results.last('a')
    expect(last).toMatchObject({ id, state: 'completed', outcome: 'failed' })
    await expectFindings(cloud.results, last, names)
    await cloud.close()
  })
})

/** As many databases as a SQL Server can have, or, where all tests are run, an eighth: the program has more of them in `very-many-databases`. */
const most = Math.floor(32_767 / stride(8))

describe(`findings of ${most} databases`, () => {
  it('are collected and read page by page on the embedded ports', async () => {
    const names = namesOf(most - systemDatabases.length)
    const api = await startApi(seeing(names))
    await api.call('PUT', '/v1/instances/a', { body: definition() })
    const { json } = await api.call('POST', '/v1/instances/a/prechecks', { headers: { prefer: 'wait=60' } })
    expect(json.outcome).toBe('failed')
    const { results } = api.runtime
    await expectFindings(results, (await results.get(json.id))?.precheck, names)

    const item = json.items.find(({ checkItem }) => checkItem === simple)
    expect(item?.totals).toMatchObject({ findings: most - 2, databases: most - 1, excluded: 1 })
    expect(item?.findings.length).toBeLessThanOrEqual(1000)
    expect(json.readiness?.total).toBe(most - 1)
    const [name = ''] = names
    const ready = await api.call('GET', '/v1/instances/a/readiness', { query: { database: name } })
    expect([ready.json.verdict, ready.json.databases.length]).toEqual(['blocked', 1])
    const script = await api.call('GET', `/v1/prechecks/${json.id}/remediation.sql`, {
      query: { database: name },
    })
    expect(script.text.match(/ALTER DATABASE/g)?.length).toBe(1)
    const whole = await api.call('GET', `/v1/prechecks/${json.id}/remediation.sql`)
    expect(whole.text).toMatch(/The first \d+ of \d{4,5} findings/)

    // A night later nothing has changed, and nobody fixed anything.
    await api.call('POST', '/v1/instances/a/prechecks', { headers: { prefer: 'wait=60' } })
    const { json: last } = await api.call('GET', '/v1/instances/a/prechecks/last')
    expect(last.comparison?.totals).toEqual({ new: 0, still: most - 4, resolved: 0, undetermined: 0 })
    await api.close()
  })
})

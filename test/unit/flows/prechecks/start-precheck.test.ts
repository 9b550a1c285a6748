import { beforeEach, describe, expect, it } from 'vitest'
import { catalogue, selectedChecks } from '../../../../shared/checks/catalogue.ts'
import type { Check } from '../../../../shared/checks/framework/define-check.ts'
import { type StartRequest, startPrecheck } from '../../../../shared/flows/prechecks/start-precheck.ts'
import type { Acknowledgement } from '../../../../shared/model/acknowledgement.ts'
import type { FanOut } from '../../../../shared/model/fan-out.ts'
import type { Instance } from '../../../../shared/model/instance.ts'
import type { Policy } from '../../../../shared/model/policy.ts'
import type { RunningPrecheck } from '../../../../shared/model/precheck.ts'
import type { CheckMessage } from '../../../../shared/model/queue-messages.ts'
import { definitionOf } from '../../../support/context.ts'
import { silent } from '../../../support/log.ts'
import { clocksAt } from '../../../support/clocks.ts'

const now = new Date('2026-11-21T02:00:00.000Z')

let created: RunningPrecheck[]
let sent: CheckMessage[]
beforeEach(() => {
  created = []
  sent = []
})

const acknowledgementUntil = (expiresAt: string, digit: string): Acknowledgement => ({
  id: `ack_${digit.repeat(16)}`,
  checkItem: 'ARCHIVELOG',
  reason: 'decided',
  author: 'dba',
  expiresAt,
  acknowledgedAt: '2026-11-01T00:00:00.000Z',
})

const start = async (
  instance: Partial<Instance>,
  request: Partial<StartRequest> = {},
  fanOut: FanOut = 'item',
  policies: readonly Policy[] = [],
) => {
  const stored: Instance = {
    id: 'db-1',
    definition: definitionOf('sqlserver'),
    status: 'registered',
    revision: 1,
    registeredAt: now.toISOString(),
    updatedAt: now.toISOString(),
    validatedAt: null,
    ...instance,
  }
  return startPrecheck(
    {
      instances: { get: async (id) => (id === stored.id ? { document: stored, revision: 1 } : null) },
      currentPolicies: async () => policies,
      begin: async ({ precheck, checks }) => {
        created.push(precheck)
        sent.push(...checks)
        return { kind: 'created' }
      },
      limits: { deadlineMs: 60_000, itemMs: 20_000 },
      fanOut,
      log: silent,
      ...clocksAt(() => now.getTime()),
      newPrecheckId: () => `pc_${'0'.repeat(32)}`,
    },
    { instanceId: 'db-1', trigger: 'request', repeatable: null, ...request },
  )
}

it('gives a precheck a new id, or the one that was set aside for it', async () => {
  await start({})
  const precheckId = `pc_${'a'.repeat(32)}`
  await start({}, { precheckId })
  expect(created.map(({ id }) => id)).toEqual([`pc_${'0'.repeat(32)}`, precheckId])
  expect(new Set(sent.slice(-3).map((message) => message.precheckId))).toEqual(new Set([precheckId]))
})

it('takes the tags of the instance along, if there are any', async () => {
  await start({})
  await start({ definition: definitionOf('sqlserver', { tags: { team: 'orders' } }) })
  expect(created[0]).not.toHaveProperty('tags')
  expect(created[1]?.tags).toEqual({ team: 'orders' })
})

it('takes the acknowledgements along that have not expired, if there are any', async () => {
  const expired = acknowledgementUntil(now.toISOString(), '1')
  const valid = acknowledgementUntil('2026-11-21T02:00:00.001Z', '2')
  await start({})
  await start({ acknowledgements: [expired] })
  await start({ acknowledgements: [expired, valid] })
  expect(created[0]).not.toHaveProperty('acknowledgements')
  expect(created[1]).not.toHaveProperty('acknowledgements')
  expect(created[2]?.acknowledgements).toEqual([valid])
})

it('sends what the policies of the instance say, if there are any', async () => {
  const policy: Policy = {
    name: 'nightly',
    definition: { appliesTo: { engine: 'sqlserver' }, thresholds: { fullBackupMaxAgeHours: 24 } },
    revision: 1,
    updatedAt: now.toISOString(),
  }
  await start({})
  expect(sent.some((message) => 'policy' in message)).toBe(false)
  sent.length = 0
  await start({}, {}, 'item', [policy])
  expect(new Set(sent.map((message) => message.policy?.all.fullBackupMaxAgeHours))).toEqual(new Set([24]))
})

describe('the items of a precheck', () => {
  const essential = selectedChecks(definitionOf('sqlserver'))
  const last = essential.at(-1)?.id ?? ''

  it('are those of the set of the instance, which makes it full', async () => {
    await start({})
    expect(created[0]?.checkItems.map(({ checkItem }) => checkItem)).toEqual(essential.map(({ id }) => id))
    expect(created[0]?.scope).toBe('full')
    expect(created[0]?.checkItems.some((item) => 'set' in item)).toBe(false)
  })

  it('are joined by what is to be seen, where one that needs the memory is asked for alone', async () => {
    await start({}, { checkItems: ['DATABASE_INVENTORY'] })
    const planned = ['SQL_SERVER_DB_NOT_ONLINE', 'DATABASE_INVENTORY']
    expect(created[0]?.checkItems.map(({ checkItem }) => checkItem)).toEqual(planned)
    expect(sent.map(({ checkItem, together, followers }) => [checkItem, together, followers])).toEqual([
      ['SQL_SERVER_DB_NOT_ONLINE', undefined, undefined],
    ])
  })

  it('make it partial where one of the set is missing', async () => {
    await start({}, { checkItems: [last] })
    expect(created[0]?.scope).toBe('partial')
  })
})

it('declines for an instance that is not registered', async () => {
  expect(await start({}, { instanceId: 'db-2' })).toMatchObject({ failure: { code: 'INSTANCE_NOT_FOUND' } })
  expect(created).toEqual([])
})

describe('the messages of a precheck', () => {
  const idsOf = (wanted: Check['engine']) =>
    catalogue.filter(({ engine, set }) => engine === wanted && set === 'essential').map(({ id }) => id)
  const network = idsOf('all')
  const [lead, ...others] = idsOf('oracle')
  const [second = '', third = ''] = others
  const oracle = { definition: definitionOf('oracle') }
  const shapes = () =>
    sent.map(({ checkItem, together, followers }) => [checkItem, { together, followers }] as const)

  it('let one database item lead and the others follow it, with one invocation for each', async () => {
    await start(oracle, {}, 'item')
    expect(shapes()).toEqual([...network.map((id) => [id, {}]), [lead, { followers: others }]])
  })

  it('ask the database items together in a session', async () => {
    await start(oracle, {}, 'session')
    expect(shapes()).toEqual([...network.map((id) => [id, {}]), [lead, { together: others }]])
  })

  it('ask those beyond the essential ones together, after the lead', async () => {
    const beyond = catalogue.filter(({ engine, set }) => engine === 'oracle' && set === 'standard')
    const ids = beyond.map(({ id }) => id)
    await start({ definition: definitionOf('oracle', { checks: { set: 'standard' } }) }, {}, 'essential')
    const [message] = sent.slice(-1)
    expect([message?.checkItem, message?.followers, message?.followersTogether]).toEqual([lead, others, ids])
  })

  describe('leave the items of the host', () => {
    const standard = { checks: { set: 'standard' } }
    const host = { ecsInstanceId: 'i-bp1host00000000000001', platform: 'linux' }
    const ofHost = selectedChecks(definitionOf('oracle', standard))
      .filter(({ question }) => question.probe === 'host')
      .map(({ id }) => id)

    it.each(['item', 'essential', 'session'] as const)(
      'to the lead where no host is registered (%s)',
      async (fanOut) => {
        await start({ definition: definitionOf('oracle', standard) }, {}, fanOut)
        const message = sent.at(-1)
        expect(ofHost.length).toBeGreaterThan(1)
        expect([message?.checkItem, message?.together?.slice(-ofHost.length)]).toEqual([lead, ofHost])
        expect(sent.filter(({ checkItem }) => ofHost.includes(checkItem))).toEqual([])
      },
    )

    it('to a message of their own where there is one, or no database item beside them', async () => {
      await start({ definition: definitionOf('oracle', { ...standard, host }) }, {}, 'session')
      await start({ definition: definitionOf('oracle') }, { checkItems: ofHost }, 'session')
      const own = sent.filter(({ checkItem }) => ofHost.includes(checkItem))
      const asOne = [ofHost[0], ofHost.slice(1)]
      expect(own.map(({ checkItem, together }) => [checkItem, together])).toEqual([asOne, asOne])
    })
  })

  it('let the first item that is asked for lead, in the order of the catalogue', async () => {
    await start(oracle, { checkItems: [third, second] }, 'session')
    expect(shapes()).toEqual([[second, { together: [third] }]])
    expect(sent[0]?.siblings).toEqual([second, third])
  })

  it.each(['item', 'session'] as const)(
    'have nobody to lead where one item is asked for (%s)',
    async (fanOut) => {
      await start(oracle, { checkItems: [third] }, fanOut)
      expect(shapes()).toEqual([[third, {}]])
    },
  )

  it('need no database for items of the network alone', async () => {
    await start(oracle, { checkItems: network }, 'session')
    expect(shapes()).toEqual(network.map((id) => [id, {}]))
  })
})

import { beforeEach, expect, it } from 'vitest'
import { type StartRequest, startPrecheck } from '../../../../shared/flows/prechecks/start-precheck.ts'
import type { Acknowledgement } from '../../../../shared/model/acknowledgement.ts'
import type { Instance } from '../../../../shared/model/instance.ts'
import type { RunningPrecheck } from '../../../../shared/model/precheck.ts'
import type { CheckMessage } from '../../../../shared/model/queue-messages.ts'
import { definitionOf } from '../../../support/context.ts'

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

const start = async (instance: Partial<Instance>, request: Partial<StartRequest> = {}) => {
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
      instances: { get: async (id) => (id === stored.id ? stored : null) },
      results: {
        create: async (precheck) => {
          created.push(precheck)
          return { kind: 'created' }
        },
      },
      checks: {
        send: async (messages) => {
          sent.push(...messages)
        },
      },
      resultQueue: { send: async () => undefined },
      limits: { deadlineMs: 60_000, itemMs: 20_000 },
      now: () => now,
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
  expect(new Set(sent.slice(-4).map((message) => message.precheckId))).toEqual(new Set([precheckId]))
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

it('declines for an instance that is not registered', async () => {
  expect(await start({}, { instanceId: 'db-2' })).toMatchObject({ failure: { code: 'INSTANCE_NOT_FOUND' } })
  expect(created).toEqual([])
})

import { beforeEach, describe, expect, it } from 'vitest'
import {
  lastValidation,
  recordValidation,
  validateInstance,
} from '../../../../shared/flows/instances/validate-instance.ts'
import type { Instance } from '../../../../shared/model/instance.ts'
import type { LoginMessage } from '../../../../shared/model/queue-messages.ts'
import type { ValidationResult } from '../../../../shared/model/validation.ts'
import { type Stored, updating } from '../../../../shared/ports/documents.ts'
import { definitionOf } from '../../../support/context.ts'

const start = Date.parse('2026-11-21T02:00:00.000Z')
const fine: ValidationResult = { problem: null, missing: [] }

let nowMs: number
let stored: Stored<Instance>
let sent: LoginMessage[]
let ids: number
/** What happens elsewhere while a request waits; once. */
let meanwhile: () => Promise<unknown>
beforeEach(() => {
  nowMs = start
  sent = []
  ids = 0
  meanwhile = async () => undefined
  const document: Instance = {
    id: 'db-1',
    definition: definitionOf('sqlserver'),
    status: 'registered',
    revision: 1,
    registeredAt: new Date(start).toISOString(),
    updatedAt: new Date(start).toISOString(),
    validatedAt: null,
  }
  stored = { document, revision: 1 }
})

const get = async (id: string) => (id === 'db-1' ? stored : null)
const put = async (_: string, document: Instance, revision: number) => {
  if (revision !== stored.revision) return false
  stored = { document, revision: revision + 1 }
  return true
}
const deps = {
  instances: { get, update: updating<Instance, string>({ get, put }) },
  checks: {
    send: async (messages: readonly LoginMessage[]) => {
      sent.push(...messages)
    },
  },
  limits: { itemMs: 20_000 },
  now: () => new Date(nowMs),
  sleep: async (ms: number) => {
    nowMs += ms
    const happens = meanwhile
    meanwhile = async () => undefined
    await happens()
  },
  newValidationId: () => {
    ids += 1
    return `val_${String(ids).padStart(16, '0')}`
  },
}

const idOf = (number: number): string => `val_${String(number).padStart(16, '0')}`
const record = (number: number, result = fine) =>
  recordValidation(deps, { kind: 'validation', validationId: idOf(number), instanceId: 'db-1', result })

describe('the validation of an instance', () => {
  it('is asked for where logins are made, and awaited', async () => {
    meanwhile = () => record(1)
    const answer = await validateInstance(deps, 'db-1', 30_000)
    expect(answer).toMatchObject({ value: { validation: { id: idOf(1), result: fine } } })
    const target = { instanceId: 'db-1', definition: stored.document.definition }
    expect(sent).toEqual([{ kind: 'validate', validationId: idOf(1), target, limitMs: 20_000 }])
    expect(stored.document).toMatchObject({ status: 'online', validatedAt: new Date(nowMs).toISOString() })
  })

  it('that takes long is answered without its result, which can be read later', async () => {
    const answer = await validateInstance(deps, 'db-1', 30_000)
    expect(answer).toMatchObject({ value: { validation: { id: idOf(1), result: null } } })
    expect(nowMs).toBe(start + 30_000)
    await record(1)
    expect(await lastValidation(deps, 'db-1')).toMatchObject({ value: { validation: { result: fine } } })
  })

  it('is made once for several who ask for it at a time', async () => {
    meanwhile = async () => {
      meanwhile = () => record(1)
      expect(await validateInstance(deps, 'db-1', 30_000)).toMatchObject({
        value: { validation: { result: fine } },
      })
    }
    await validateInstance(deps, 'db-1', 30_000)
    expect(sent).toHaveLength(1)
  })

  it('is asked for again when it is known that no result will come any more', async () => {
    await validateInstance(deps, 'db-1', 0)
    nowMs += 50_000
    await validateInstance(deps, 'db-1', 0)
    expect(sent.map((message) => 'kind' in message && message.validationId)).toEqual([idOf(1), idOf(2)])
  })

  it('of another connection than the one that is registered by then counts for nothing', async () => {
    meanwhile = async () => {
      const { validation: _, ...moved } = stored.document
      stored = { document: moved, revision: stored.revision + 1 }
      await record(1)
    }
    const answer = await validateInstance(deps, 'db-1', 30_000)
    expect(answer).toMatchObject({ failure: { code: 'INSTANCE_CHANGED' } })
    expect(stored.document.status).toBe('registered')
    expect(await lastValidation(deps, 'db-1')).toMatchObject({ failure: { code: 'NOT_VALIDATED' } })
  })

  it('that comes twice is recorded once', async () => {
    await validateInstance(deps, 'db-1', 0)
    await record(1)
    const recorded = stored
    await record(1, { problem: null, missing: ['VIEW SERVER STATE'] })
    expect(stored).toBe(recorded)
  })

  it('takes what was online offline when something is missing', async () => {
    stored = { document: { ...stored.document, status: 'online' }, revision: 1 }
    meanwhile = () => record(1, { problem: null, missing: ['VIEW SERVER STATE'] })
    await validateInstance(deps, 'db-1', 30_000)
    expect(stored.document).toMatchObject({ status: 'registered', validatedAt: null })
  })

  it('needs an instance', async () => {
    expect(await validateInstance(deps, 'db-2', 0)).toMatchObject({ failure: { code: 'INSTANCE_NOT_FOUND' } })
    expect(await lastValidation(deps, 'db-2')).toMatchObject({ failure: { code: 'INSTANCE_NOT_FOUND' } })
  })
})

import { describe, expect, it } from 'vitest'
import {
  acknowledgeFinding,
  withdrawAcknowledgement,
} from '../../../../shared/flows/instances/acknowledge-finding.ts'
import type { Acknowledgement, AcknowledgementRequest } from '../../../../shared/model/acknowledgement.ts'
import type { Instance } from '../../../../shared/model/instance.ts'
import { updating } from '../../../../shared/ports/documents.ts'
import { definitionOf } from '../../../support/context.ts'

const at = '2026-11-21T02:00:00.000Z'

const request: AcknowledgementRequest = {
  checkItem: 'ARCHIVELOG',
  reason: 'known',
  author: 'li',
  expiresAt: '2026-12-01T00:00:00Z',
}

const known = (index: number, expiresAt = request.expiresAt): Acknowledgement => ({
  ...request,
  database: `DB${index}`,
  id: `ack_${index.toString(16).padStart(16, '0')}`,
  expiresAt,
  acknowledgedAt: at,
})

/** One instance, and another writer who changes it before each of the next `rivals` writes. */
const depsWith = (acknowledgements: Acknowledgement[], rivals = 0) => {
  let stored: Instance = {
    id: 'db1',
    definition: definitionOf('oracle'),
    status: 'online',
    revision: 1,
    registeredAt: at,
    updatedAt: at,
    validatedAt: at,
    ...(acknowledgements.length > 0 && { acknowledgements }),
  }
  let left = rivals
  const get = async () => ({ document: stored, revision: stored.revision })
  const put = async (_: string, instance: Instance, revision: number) => {
    if (left > 0) {
      left -= 1
      const { acknowledgements: others = [], revision: before } = stored
      stored = { ...stored, revision: before + 1, acknowledgements: [...others, known(before)] }
    }
    if (stored.revision !== revision) return false
    stored = instance
    return true
  }
  return {
    current: () => stored,
    deps: {
      instances: { update: updating({ get, put }) },
      results: { last: async () => null, getPage: async () => null },
      now: () => new Date(at),
      newAcknowledgementId: () => 'ack_ffffffffffffffff',
    },
  }
}

const idsOf = ({ acknowledgements = [] }: Instance): string[] => acknowledgements.map(({ id }) => id)

describe('acknowledging a finding', () => {
  it('loses nothing that others acknowledge meanwhile', async () => {
    const { deps, current } = depsWith([], 3)
    const acknowledged = await acknowledgeFinding(deps, { instanceId: 'db1', request })
    expect(acknowledged).toHaveProperty('value.id', 'ack_ffffffffffffffff')
    expect(idsOf(current())).toEqual([known(1).id, known(2).id, known(3).id, 'ack_ffffffffffffffff'])
    expect(current()).toMatchObject({ revision: 5, status: 'online', validatedAt: at })
  })

  it('gives up on an instance that keeps changing', async () => {
    const { deps } = depsWith([], 1000)
    const acknowledged = await acknowledgeFinding(deps, { instanceId: 'db1', request })
    expect(acknowledged).toHaveProperty('failure.code', 'INSTANCE_CHANGED')
  })

  it('takes a hundred at a time, not counting those that have expired', async () => {
    const expired = Array.from({ length: 50 }, (_, index) => known(index + 500, at))
    const most = Array.from({ length: 99 }, (_, index) => known(index))
    const { deps, current } = depsWith([...expired, ...most])
    expect(await acknowledgeFinding(deps, { instanceId: 'db1', request })).toHaveProperty('value')
    expect(idsOf(current())).toHaveLength(100)
    const other = { ...request, database: 'DB100' }
    expect(await acknowledgeFinding(deps, { instanceId: 'db1', request: other })).toMatchObject({
      failure: {
        code: 'ACKNOWLEDGEMENT_INVALID',
        detail: { en: expect.stringContaining('100 acknowledgements') },
      },
    })
    expect(await acknowledgeFinding(deps, { instanceId: 'db1', request })).toHaveProperty('value')
  })

  it('replaces the one of the same check item and database, and those that were made twice before', async () => {
    const twice = { ...known(1), id: known(7).id }
    const { deps, current } = depsWith([known(1), known(2), twice])
    const again = { ...request, database: 'DB1', reason: 'still', expiresAt: '2026-12-24T00:00:00Z' }
    const acknowledged = await acknowledgeFinding(deps, { instanceId: 'db1', request: again })
    expect(acknowledged).toEqual({ value: { ...again, id: known(1).id, acknowledgedAt: at } })
    expect(idsOf(current())).toEqual([known(2).id, known(1).id])
  })
})

describe('withdrawing an acknowledgement', () => {
  it('leaves the others, and no empty list', async () => {
    const { deps, current } = depsWith([known(1), known(2)])
    const withdraw = (acknowledgementId: string) =>
      withdrawAcknowledgement(deps, { instanceId: 'db1', acknowledgementId })
    await withdraw(known(1).id)
    expect(idsOf(current())).toEqual([known(2).id])
    await withdraw(known(2).id)
    expect(current()).not.toHaveProperty('acknowledgements')
  })

  it('knows none that has expired', async () => {
    const { deps } = depsWith([known(1, at)])
    const withdrawn = await withdrawAcknowledgement(deps, {
      instanceId: 'db1',
      acknowledgementId: known(1).id,
    })
    expect(withdrawn).toHaveProperty('failure.code', 'ACKNOWLEDGEMENT_NOT_FOUND')
  })
})

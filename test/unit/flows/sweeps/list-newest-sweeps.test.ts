import { describe, expect, it } from 'vitest'
import { idTimeOf } from '../../../../shared/flows/sweeps/request-sweep.ts'
import { listNewestSweeps } from '../../../../shared/flows/sweeps/list-newest-sweeps.ts'
import type { Sweep } from '../../../../shared/model/sweep.ts'
import type { Sweeps } from '../../../../shared/ports/sweeps.ts'
import { embeddedSweepStores } from '../../../support/sweep-stores.ts'
import { cloudStores } from '../../../support/stores.ts'
import { startTablestoreStore } from '../../../support/tablestore-store.ts'

const ended = { state: 'completed', filter: {}, listing: null, completedAt: null, counts: null } as const

const nightOf = (date: string, startedAt: string): Sweep => ({
  ...ended,
  id: date,
  kind: 'nightly',
  startedAt: `${startedAt}.000Z`,
})

const requestedAt = (time: string, suffix = '0000a'): Sweep => {
  const startedAt = `${time}Z`
  return { ...ended, id: `${idTimeOf(new Date(startedAt))}${suffix}`, kind: 'requested', startedAt }
}

/** Newest first. Nights begin before and after their dates, and in the second of a sweep that was requested. */
const newestFirst = [
  nightOf('2026-11-21', '2026-11-22T11:00:00'),
  requestedAt('2026-11-22T10:59:59'),
  requestedAt('2026-11-21T16:09:00.900', '0000b'),
  requestedAt('2026-11-21T16:09:00.016', '0000c'),
  requestedAt('2026-11-21T16:09:00.016', '0000b'),
  nightOf('2026-11-20', '2026-11-21T16:08:00'),
  requestedAt('2026-11-21T15:31:00'),
  requestedAt('2026-11-20T12:00:00'),
  nightOf('2026-11-19', '2026-11-20T11:00:00'),
  nightOf('2026-11-18', '2026-11-17T12:00:00'),
  requestedAt('2026-11-17T11:59:59'),
  requestedAt('2026-11-10T00:00:00'),
]

const allIn = async (sweeps: Pick<Sweeps, 'list'>, limit: number): Promise<string[]> => {
  const ids: string[] = []
  let after: string | null = null
  do {
    const { items, next }: Awaited<ReturnType<typeof listNewestSweeps>> = await listNewestSweeps(
      { sweeps },
      { limit, ...(after !== null && { after }) },
    )
    expect(items.length).toBeLessThanOrEqual(limit)
    ids.push(...items.map(({ id }) => id))
    after = next
  } while (after !== null)
  return ids
}

const openCloud = async () => {
  const { emulator, connect } = await startTablestoreStore()
  return { ...cloudStores(connect()), close: () => emulator.close() }
}

describe.each([
  ['the embedded store', embeddedSweepStores],
  ['Tablestore', openCloud],
])('sweeps in %s', (_, open) => {
  it('are listed by when they began, across pages of any size', async () => {
    const { sweeps, close } = await open()
    for (const sweep of newestFirst) await sweeps.put(sweep.id, sweep, 0)
    const ids = newestFirst.map(({ id }) => id)
    for (const limit of [1, 2, 3, 4, 11, 12, 50]) expect(await allIn(sweeps, limit)).toEqual(ids)
    await close()
  })

  it('take any cursor that a caller makes up', async () => {
    const { sweeps, close } = await open()
    for (const sweep of newestFirst) await sweeps.put(sweep.id, sweep, 0)
    for (const after of ['', '~', 'x', '2026-99-99T', '2026-11-21'])
      expect((await listNewestSweeps({ sweeps }, { limit: 50, after })).next).toBeNull()
    await close()
  })
})

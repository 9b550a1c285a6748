import { signal } from '@preact/signals'
import { type Answer, ask } from '../state/api.ts'
import { inTurn } from '../state/in-turn.ts'
import { patiently } from '../state/patiently.ts'
import { say } from '../state/reader.ts'
import type { Member } from './members.ts'

/** An instance whose precheck was not started, and why. */
export interface NotStarted {
  readonly id: string
  readonly why: string
}

/** Prechecks of many instances that somebody asked for at once. */
export interface Bulk {
  readonly ids: readonly string[]
  /** When the last result of each was there before, by the clock of the service: those of browsers differ. */
  readonly before: ReadonlyMap<string, number>
  readonly started: readonly string[]
  readonly notStarted: readonly NotStarted[]
  readonly isStopped: boolean
}

/** Those of this page; they go on while the reader looks at something else. Null: none. */
export const bulk = signal<Bulk | null>(null)

const change = (next: (known: Bulk) => Partial<Bulk>): void => {
  if (bulk.value) bulk.value = { ...bulk.value, ...next(bulk.value) }
}

const start = (id: string): Promise<Answer<unknown>> =>
  ask(`v1/instances/${encodeURIComponent(id)}/prechecks`, { method: 'POST', body: {} })

const isWanted = (): boolean => bulk.value?.isStopped === false

/** Starts one, and says why it could not be; null: it runs. One that runs already is as good. */
const startOne = async (id: string, offline: string): Promise<string | null> => {
  const answer = await patiently(() => start(id), isWanted)
  if (answer.kind === 'offline') return offline
  if (answer.kind !== 'problem' || answer.problem.code === 'PRECHECK_RUNNING') return null
  return say().problem(answer.problem.title, answer.problem.detail)
}

/** Starts prechecks, a few at a time; one that cannot be started does not keep the others. `offline`: why, without an answer. */
export const startBulk = async (
  members: readonly Pick<Member, 'id' | 'completedAt'>[],
  offline: string,
): Promise<void> => {
  const ids = members.map(({ id }) => id)
  const before = new Map(members.map(({ id, completedAt }) => [id, completedAt]))
  bulk.value = { ids, before, started: [], notStarted: [], isStopped: false }
  await inTurn(ids, isWanted, async (id) => {
    const why = await startOne(id, offline)
    change(({ started, notStarted }) =>
      why === null ? { started: [...started, id] } : { notStarted: [...notStarted, { id, why }] },
    )
  })
}

/** Starts no more; what runs goes on. */
export const stopBulk = (): void => change(() => ({ isStopped: true }))

export const closeBulk = (): void => {
  bulk.value = null
}

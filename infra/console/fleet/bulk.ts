import { signal } from '@preact/signals'
import { type Answer, ask } from '../state/api.ts'
import type { Member } from './members.ts'

/** Starts that are under way at the same time: the service has other callers too. */
const atOnce = 4

/** Until a start that came too soon for the service is sent again, ms. */
const pauseMs = 5000

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

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

const start = (id: string): Promise<Answer<unknown>> =>
  ask(`v1/instances/${encodeURIComponent(id)}/prechecks`, { method: 'POST', body: {} })

/** Starts one, and says why it could not be; null: it runs. One that runs already is as good. */
const startOne = async (id: string, offline: string): Promise<string | null> => {
  const answer = await start(id)
  if (answer.kind === 'offline') return offline
  if (answer.kind !== 'problem' || answer.problem.code === 'PRECHECK_RUNNING') return null
  if (answer.problem.status !== 429) return `${answer.problem.title}. ${answer.problem.detail}`
  await pause(pauseMs)
  return bulk.value?.isStopped ? answer.problem.title : startOne(id, offline)
}

/** Starts prechecks, a few at a time; one that cannot be started does not keep the others. `offline`: why, without an answer. */
export const startBulk = async (
  members: readonly Pick<Member, 'id' | 'completedAt'>[],
  offline: string,
): Promise<void> => {
  const ids = members.map(({ id }) => id)
  const before = new Map(members.map(({ id, completedAt }) => [id, completedAt]))
  bulk.value = { ids, before, started: [], notStarted: [], isStopped: false }
  const waiting = ids.values()
  const work = async (): Promise<void> => {
    for (const id of waiting) {
      if (bulk.value?.isStopped !== false) return
      const why = await startOne(id, offline)
      change(({ started, notStarted }) =>
        why === null ? { started: [...started, id] } : { notStarted: [...notStarted, { id, why }] },
      )
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
}

/** Starts no more; what runs goes on. */
export const stopBulk = (): void => change(() => ({ isStopped: true }))

export const closeBulk = (): void => {
  bulk.value = null
}

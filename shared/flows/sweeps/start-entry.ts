import { isDeepStrictEqual } from 'node:util'
import type { Deadline } from '../../model/deadline.ts'
import { inEveryLanguage } from '../../model/failure.ts'
import { sharedHostOf } from '../../model/host-slots.ts'
import type { Instance } from '../../model/instance.ts'
import { shareOf } from '../../model/night.ts'
import type { Sweep, SweepEntry } from '../../model/sweep.ts'
import type { Stored } from '../../ports/documents.ts'
import { startPrecheckOf } from '../prechecks/start-precheck.ts'
import { hindered, notRun, notWaiting, waitingForSlot } from './hindrance.ts'
import type { SweepDeps, SweepRound } from './sweep-round.ts'

/**
 * Replaces an entry by what became of it. If it has gone on meanwhile it stays as it is: of two that note what became
 * of an instance the later one never takes back what the first one said. Tells whether it was replaced.
 */
export const replaceEntry = async (
  { sweepEntries }: Pick<SweepDeps, 'sweepEntries'>,
  { document: { sweepId, instanceId }, revision }: Stored<SweepEntry>,
  next: SweepEntry,
): Promise<boolean> => sweepEntries.put([sweepId, instanceId], next, revision)

/** Sends the deadline of a precheck once more, which ends it if it has passed; if it is still to come, the precheck is left to run. */
export const sendDeadline = (
  { resultQueue }: Pick<SweepDeps, 'resultQueue'>,
  precheckId: string,
): Promise<void> => resultQueue.send([{ kind: 'deadline', precheckId }])

/** An entry whose precheck runs. */
export const started = (entry: SweepEntry, now: Date): SweepEntry => ({
  ...entry,
  status: 'started',
  startedAt: now.toISOString(),
})

/**
 * Starts the precheck of an entry under the id that was set aside for it, and notes that. May be repeated. `deadline`:
 * until when it has its slot.
 */
export const startEntry = async (
  round: SweepRound,
  kind: Sweep['kind'],
  entry: Stored<SweepEntry>,
  instance: Instance,
  deadline: Deadline,
): Promise<void> => {
  const { instanceId, precheckId } = entry.document
  if (kind === 'nightly') round.realNights.note(instanceId, 0)
  const start = await startPrecheckOf({ ...round, limits: round.sweepLimits }, instance, {
    instanceId,
    precheckId,
    deadline,
    trigger: kind === 'nightly' ? 'schedule' : 'request',
    repeatable: null,
    delaySeconds: shareOf(instanceId, round.spreadSeconds),
  })
  const now = round.now()
  if ('value' in start) {
    await replaceEntry(round, entry, started(entry.document, now))
    return
  }
  const { code, detail, context = {} } = start.failure
  if (code !== 'PRECHECK_RUNNING') throw new Error(`could not be started: ${inEveryLanguage(detail).en}`)
  const { precheckId: running } = context
  // Had its deadline been lost, it would run for ever, and be in the way every night.
  if (running !== undefined) await sendDeadline(round, running)
  await replaceEntry(round, entry, hindered(entry.document, { notRun: notRun(code, context) }, now))
  await round.slots.giveBack(sharedHostOf(instance.definition, round.hostLimit), precheckId)
}

/** The entry of a precheck that is about to start; null: another round has gone on with it. */
const aboutToStart = async (
  round: SweepRound,
  { document, revision }: Stored<SweepEntry>,
): Promise<Stored<SweepEntry> | null> => {
  if (document.status === 'starting') return { document, revision }
  const starting: SweepEntry = { ...notWaiting(document), status: 'starting' }
  const isMine = await replaceEntry(round, { document, revision }, starting)
  return isMine ? { document: starting, revision: revision + 1 } : null
}

/**
 * Starts the precheck of an entry if its host has a slot for it, else has it wait for one. Tells whether there was one.
 * `latestAt`: after this time it is too late, ms since 1970.
 */
export const startInSlot = async (
  round: SweepRound,
  kind: Sweep['kind'],
  entry: Stored<SweepEntry>,
  instance: Instance,
  latestAt: number,
): Promise<boolean> => {
  const { precheckId, waiting } = entry.document
  const host = sharedHostOf(instance.definition, round.hostLimit)
  const deadline = await round.slots.take(host, precheckId)
  if (deadline) {
    const starting = await aboutToStart(round, entry)
    if (starting) await startEntry(round, kind, starting, instance, deadline)
    return true
  }
  const next = waitingForSlot(round, host, latestAt)
  if (isDeepStrictEqual(waiting?.reason, next.reason)) return false
  await replaceEntry(round, entry, hindered(entry.document, { waiting: next }, round.now()))
  return false
}

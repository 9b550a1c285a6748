import type { Instance } from '../../model/instance.ts'
import { shareOf } from '../../model/night.ts'
import type { Sweep, SweepEntry } from '../../model/sweep.ts'
import type { Stored } from '../../ports/documents.ts'
import { startPrecheckOf } from '../prechecks/start-precheck.ts'
import { notRun, withoutRun } from './not-run.ts'
import type { SweepDeps } from './sweep-round.ts'

/**
 * Replaces an entry by what became of it. If it has gone on meanwhile it stays as it is: of two that note what became
 * of an instance the later one never takes back what the first one said.
 */
export const replaceEntry = async (
  { sweepEntries }: Pick<SweepDeps, 'sweepEntries'>,
  { document: { sweepId, instanceId }, revision }: Stored<SweepEntry>,
  next: SweepEntry,
): Promise<void> => {
  await sweepEntries.put([sweepId, instanceId], next, revision)
}

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

/** Starts the precheck of an entry under the id that was set aside for it, and notes that. May be repeated. */
export const startEntry = async (
  deps: SweepDeps,
  kind: Sweep['kind'],
  entry: Stored<SweepEntry>,
  instance: Instance,
): Promise<void> => {
  const { instanceId, precheckId } = entry.document
  const start = await startPrecheckOf({ ...deps, limits: deps.sweepLimits }, instance, {
    instanceId,
    precheckId,
    trigger: kind === 'nightly' ? 'schedule' : 'request',
    repeatable: null,
    delaySeconds: shareOf(instanceId, deps.spreadSeconds),
  })
  const now = deps.now()
  if ('value' in start) return replaceEntry(deps, entry, started(entry.document, now))
  const { code, detail, context = {} } = start.failure
  if (code !== 'PRECHECK_RUNNING') throw new Error(`could not be started: ${detail}`)
  const { precheckId: running } = context
  // Had its deadline been lost, it would run for ever, and be in the way every night.
  if (running !== undefined) await sendDeadline(deps, running)
  return replaceEntry(deps, entry, withoutRun(entry.document, notRun(code, context), now))
}

import type { Sweep } from '../model/sweep.ts'
import { announceSweep } from './announce.ts'
import type { SweepDeps } from './sweep-round.ts'

/**
 * Completes a sweep to which nothing is to come, unless an entry of it is open: announced first, since nobody would do that
 * after a crash. The sweep is read before its entries, so that the write is refused if one was added meanwhile.
 */
export const completeSweep = async (deps: SweepDeps, sweepId: string): Promise<void> => {
  const stored = await deps.sweeps.get(sweepId)
  if (stored?.document.state !== 'running' || stored.document.listing !== null) return
  if ((await deps.sweepEntries.listOpen(sweepId, 1)).length > 0) return
  const completed: Sweep = {
    ...stored.document,
    state: 'completed',
    completedAt: stored.document.completedAt ?? deps.now().toISOString(),
    counts: await deps.sweepEntries.count(sweepId),
  }
  await announceSweep(deps, completed)
  await deps.sweeps.put(completed, stored.revision)
}

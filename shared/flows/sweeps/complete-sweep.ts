import type { Sweep, SweepCounts, SweepEntryStatus, SweepTroubled } from '../../model/sweep.ts'
import { announceSweep } from '../../webhooks/delivery/announce.ts'
import type { SweepDeps } from './sweep-round.ts'

/** Instances of each kind that a completed sweep names, so that who is told of it need not look them up. */
const maxTroubled = 20

const troubledOf = async (
  { sweepEntries }: Pick<SweepDeps, 'sweepEntries'>,
  sweepId: string,
  counts: SweepCounts,
): Promise<SweepTroubled> => {
  const first = async (status: SweepEntryStatus, count: number): Promise<string[]> => {
    if (count === 0) return []
    const { items } = await sweepEntries.list(sweepId, { limit: maxTroubled }, [status])
    return items.map(({ instanceId }) => instanceId)
  }
  return {
    failed: await first('failed', counts.failed),
    inconclusive: await first('inconclusive', counts.inconclusive),
    notRun: await first('not_run', counts.notRun),
  }
}

/**
 * Completes a sweep to which nothing is to come, unless an entry of it is open: announced first, since nobody would do
 * that after a crash. The sweep is read before its entries, so that the write is refused if one was added meanwhile.
 */
export const completeSweep = async (deps: SweepDeps, sweepId: string): Promise<void> => {
  const stored = await deps.sweeps.get(sweepId)
  if (stored?.document.state !== 'running' || stored.document.listing !== null) return
  if ((await deps.sweepEntries.listOpen(sweepId, 1)).length > 0) return
  const counts = await deps.sweepEntries.count(sweepId)
  const completed: Sweep = {
    ...stored.document,
    state: 'completed',
    completedAt: stored.document.completedAt ?? deps.now().toISOString(),
    counts,
    troubled: await troubledOf(deps, sweepId, counts),
  }
  await announceSweep(deps, completed)
  await deps.sweeps.put(completed, stored.revision)
}

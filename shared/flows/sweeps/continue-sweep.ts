import type { Sweep, SweepFilter } from '../../model/sweep.ts'
import type { InstanceFilter } from '../../ports/instances.ts'
import { holdOpen } from './hold-open.ts'
import { latestOfRequested, startDues } from './start-entry.ts'
import { type SweepDeps, type SweepRound, isOver } from './sweep-round.ts'

/** Instances read at a time; their whole documents are. */
const pageSize = 200

const enabledOf = ({ engine, region, tags }: SweepFilter): InstanceFilter => ({
  ...(engine !== undefined && { engine }),
  ...(region !== undefined && { region }),
  ...(tags !== undefined && { tags }),
  enabled: true,
})

/** Deals with one page of the list of instances, as far as there is time; gives back how far the sweep has come by that. */
const startPage = async (
  deps: SweepDeps,
  round: SweepRound,
  sweep: Sweep,
): Promise<{ readonly sweep: Sweep; readonly isWhole: boolean }> => {
  const after = sweep.listing?.after ?? null
  const page = await deps.instances.list(enabledOf(sweep.filter), {
    limit: Math.min(pageSize, round.room),
    ...(after !== null && { after }),
  })
  const dueAt = sweep.startedAt
  const latestAt = latestOfRequested(dueAt)
  const dues = page.items.map(({ id }) => ({ sweepId: sweep.id, instanceId: id, dueAt, latestAt }))
  const entered = await startDues(deps, round, dues)
  const isWhole = entered === dues.length
  const isListed = isWhole && page.next === null
  const listing = isListed ? null : { after: dues[entered - 1]?.instanceId ?? after }
  return { sweep: { ...sweep, listing }, isWhole }
}

/**
 * Starts what is left of a sweep that was asked for, page by page, as far as there is room and time. Its place in the
 * list is kept after every page. Tells whether more is to do at once.
 */
export const continueSweep = async (
  deps: SweepDeps,
  round: SweepRound,
  sweepId: string,
): Promise<boolean> => {
  for (;;) {
    const stored = await deps.sweeps.get(sweepId)
    if (!stored || stored.document.listing === null) return false
    if (round.room <= 0 || isOver(deps, round)) return true
    const { sweep, isWhole } = await startPage(deps, round, stored.document)
    if (!(await deps.sweeps.put(sweep, stored.revision))) {
      // Another round is at it, and may have completed it before it saw what was added here.
      await holdOpen(deps, stored.document)
      return true
    }
    if (!isWhole) return true
  }
}

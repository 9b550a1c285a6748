import { startsAfter } from '../../model/due-start.ts'
import { dueIn } from './due-in-nights.ts'
import { inParallel, valuesOf } from './in-parallel.ts'
import { type SweepDeps, isOver, widthOfRound } from './sweep-round.ts'

/**
 * True if no start of a night is later than `until` (ms since 1970). As a rule one start is looked at: the next one, or
 * none. False where there was no time to look at all that might be.
 */
export const isNightOver = async (
  deps: SweepDeps,
  endsAt: number,
  night: string,
  until: number,
): Promise<boolean> => {
  const range = startsAfter(night, until)
  if (!range) return true
  let page = await deps.dueStarts.list({ limit: 1, ...range })
  for (;;) {
    const looks = await inParallel(widthOfRound, page.items, async ({ document: { instanceId } }) => {
      const due = dueIn(night, (await deps.instances.get(instanceId))?.document ?? null, deps.fleetSchedule)
      return due !== null && Date.parse(due.dueAt) > until
    })
    if (valuesOf(looks).includes(true)) return false
    if (page.next === null) return true
    if (isOver(deps, endsAt)) return false
    page = await deps.dueStarts.list({ limit: widthOfRound, ...range, after: page.next })
  }
}

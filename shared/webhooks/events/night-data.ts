import type { ShownPrecheck } from '../../model/extract.ts'
import type { Locale } from '../../model/message.ts'
import { renderNotRun } from '../../model/not-run-reasons.ts'
import { allOperations } from '../../model/operation.ts'
import type { Sweep, SweepEntry } from '../../model/sweep.ts'
import type { NightData, NightTrouble } from './event-data.ts'
import type { NightTally } from './night-tally.ts'
import { clip } from './plain-text.ts'
import { precheckData } from './precheck-data.ts'

/** Characters of a reason: that of a maintenance window is somebody's text. */
const maxReasonLength = 500

/** A night as it is stored. `prechecks`: those of its first instances in trouble, by their ids. */
export interface NightDetails {
  readonly night: Sweep
  readonly completedAt: string
  readonly tally: NightTally
  readonly prechecks: ReadonlyMap<string, ShownPrecheck>
}

/** What the precheck of an instance in trouble says of it. */
type Told = Pick<NightTrouble, 'blocks' | 'totals' | 'worst' | 'undetermined'>

const nothingTold: Told = {
  blocks: [],
  totals: { findings: 0, undetermined: 0 },
  worst: null,
  undetermined: null,
}

const toldBy = (precheck: ShownPrecheck, locale: Locale): Told => {
  const { blocked, findings, undetermined, totals } = precheckData(precheck, locale)
  const [worst] = findings
  const blocks = new Set(blocked.flatMap(({ operations }) => operations))
  return {
    blocks: allOperations.filter((operation) => blocks.has(operation)),
    totals: { findings: totals.findings, undetermined: totals.undetermined },
    worst: worst
      ? { ...worst, fix: worst.fix.slice(0, 1), moreSteps: worst.moreSteps + worst.fix.slice(1).length }
      : null,
    undetermined: undetermined[0] ?? null,
  }
}

const troubleOf = (
  { instanceId, status, change, precheckId, notRun }: SweepEntry,
  precheck: ShownPrecheck | undefined,
  locale: Locale,
): NightTrouble[] => {
  const about = { instanceId, ...(precheck ? toldBy(precheck, locale) : nothingTold) }
  if (status === 'not_run') {
    const why = notRun && clip(renderNotRun(notRun, locale), maxReasonLength)
    return [{ ...about, status, change: null, since: null, precheckId: null, notRun: why }]
  }
  if (status !== 'failed' && status !== 'inconclusive') return []
  return [
    {
      ...about,
      status,
      change: change === undefined ? 'still' : 'new',
      since: precheck?.comparison.unchanged?.since ?? null,
      precheckId: precheck ? precheckId : null,
      notRun: null,
    },
  ]
}

/** Everything that an event tells of a night. */
export const nightData = (
  { night, completedAt, tally, prechecks }: NightDetails,
  locale: Locale,
): NightData => {
  const { counts, changed, recovered, troubled, recoveries } = tally
  return {
    kind: 'night',
    locale,
    night: night.id,
    startedAt: night.startedAt,
    completedAt,
    counts,
    totals: { troubled: counts.failed + counts.inconclusive + counts.notRun, changed, recovered },
    troubled: troubled.flatMap((entry) => troubleOf(entry, prechecks.get(entry.precheckId), locale)),
    recovered: [...recoveries],
    links: { night: `/v1/sweeps/${night.id}` },
  }
}

import type { PrecheckSummary } from '../../../functions/api/views/precheck-view.ts'

/** Days in the strip. */
const shownDays = 90

const dayMs = 24 * 60 * 60 * 1000

/** A day on the calendar of UTC, and the results that came then, oldest first. */
export interface Day {
  readonly date: string
  readonly results: readonly PrecheckSummary[]
}

const dateOf = (ms: number): string => new Date(ms).toISOString().slice(0, 'YYYY-MM-DD'.length)

/**
 * The last days up to now, oldest first, from the first one with a result on: days before it were not missed, nor is
 * this day before it is over. `prechecks`: newest first.
 */
export const daysOf = (prechecks: readonly PrecheckSummary[], nowMs: number): readonly Day[] => {
  const ended = prechecks.filter(({ outcome }) => outcome !== null)
  const byDate = new Map<string, readonly PrecheckSummary[]>()
  for (const each of ended) {
    const date = each.startedAt.slice(0, 'YYYY-MM-DD'.length)
    byDate.set(date, [each, ...(byDate.get(date) ?? [])])
  }
  const dates = Array.from({ length: shownDays }, (_, back) => dateOf(nowMs - (shownDays - 1 - back) * dayMs))
  const first = dates.findIndex((date) => byDate.has(date))
  return dates
    .slice(first === -1 ? shownDays : first)
    .map((date) => ({ date, results: byDate.get(date) ?? [] }))
    .filter(({ date, results }) => results.length > 0 || date !== dateOf(nowMs))
}

import * as z from 'zod'
import { renderNotRun } from '../../../shared/model/not-run-reasons.ts'
import { type Locale, Message } from '../../../shared/model/message.ts'
import { levelCountsOf, levelsIn } from '../../../shared/model/item-pages.ts'
import { notApplicable } from '../../../shared/model/outcome.ts'
import type { Precheck } from '../../../shared/model/precheck.ts'
import { Sweep, SweepCounts, SweepEntry, type SweepEntryStatus } from '../../../shared/model/sweep.ts'
import { PrecheckView, precheckView } from './precheck-view.ts'

const head = Sweep.pick({
  id: true,
  kind: true,
  state: true,
  filter: true,
  startedAt: true,
  completedAt: true,
})

/** A sweep in a list. `counts`: null while it runs; then they are read with the sweep itself. */
export const SweepSummary = head.extend({ counts: SweepCounts.nullable() }).meta({ id: 'SweepSummary' })
type SweepSummary = z.infer<typeof SweepSummary>

const Item = PrecheckView.shape.items.element

/** A check item that did not pass. */
const Trouble = Item.pick({ checkItem: true, status: true, title: true }).extend({
  /** Why it was not determined. */
  reason: z.string().nullable(),
  /** Without notes. */
  findings: z.int(),
})

/** A message with its text. */
const Said = z.strictObject({ ...Message.shape, text: z.string() })

const EntryView = SweepEntry.pick({
  instanceId: true,
  status: true,
  dueAt: true,
  startedAt: true,
  endedAt: true,
})
  .extend({
    /** Null for an instance that was not prechecked, or is not yet. */
    precheckId: SweepEntry.shape.precheckId.nullable(),
    /** Why it was not prechecked. */
    notRun: Said.nullable(),
    /** Why it waits, and until when (UTC) it may; null: it does not. */
    waiting: z.strictObject({ ...Said.shape, until: z.iso.datetime() }).nullable(),
    /** The check items that did not pass, in the order of the plan. */
    items: z.array(Trouble),
  })
  .meta({ id: 'SweepEntry' })
type EntryView = z.infer<typeof EntryView>

/** A sweep with what became of its instances. */
export const SweepView = head
  .extend({
    counts: SweepCounts,
    entries: z.strictObject({ items: z.array(EntryView), next: z.string().nullable() }),
  })
  .meta({ id: 'Sweep' })
export type SweepView = z.infer<typeof SweepView>

/** Statuses of entries whose prechecks have something to say. */
export const troubled: readonly SweepEntryStatus[] = ['warning', 'failed', 'inconclusive']

/** Shows the head of a sweep. */
export const sweepSummary = (sweep: Sweep): SweepSummary => {
  const { id, kind, state, filter, startedAt, completedAt, counts } = sweep
  return { id, kind, state, filter, startedAt, completedAt, counts }
}

const quiet: readonly string[] = ['passed', 'pending'] satisfies z.infer<typeof Item>['status'][]

/** Findings of an item without notes. */
const countOf = ({ results }: Precheck, item: string): number => {
  const result = results.find(({ checkItem }) => checkItem === item)
  if (!result) return 0
  const { failed, error, warning } = result.pages ? levelsIn(result.pages) : levelCountsOf(result.findings)
  return failed + error + warning
}

const troublesOf = (precheck: Precheck, locale: Locale): z.infer<typeof Trouble>[] =>
  precheckView(precheck, locale)
    .items.filter(({ status, reason }) => !quiet.includes(status) && reason?.code !== notApplicable)
    .map(({ checkItem, status, title, reason }) => ({
      checkItem,
      status,
      title,
      reason: reason?.text ?? null,
      findings: countOf(precheck, checkItem),
    }))

const said = (message: Message, locale: Locale): z.infer<typeof Said> => ({
  ...message,
  text: renderNotRun(message, locale),
})

/** Shows an entry, with what its precheck found where that has something to say (else null). */
export const entryView = (entry: SweepEntry, precheck: Precheck | null, locale: Locale): EntryView => {
  const { instanceId, precheckId, status, dueAt, startedAt, endedAt, notRun, waiting } = entry
  return {
    instanceId,
    precheckId: status === 'not_run' || waiting ? null : precheckId,
    status,
    dueAt,
    startedAt,
    endedAt,
    notRun: notRun && said(notRun, locale),
    waiting: waiting ? { ...said(waiting.reason, locale), until: waiting.until } : null,
    items: precheck ? troublesOf(precheck, locale) : [],
  }
}

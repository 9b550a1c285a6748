import * as z from 'zod'
import { findCheck } from '../../../shared/checks/catalogue.ts'
import { renderMessage, renderReason, renderRemediation } from '../../../shared/checks/render.ts'
import {
  type ComparedFinding,
  Comparison,
  ComparisonTotals,
  ComparedFinding as ComparedSchema,
} from '../../../shared/model/comparison.ts'
import { Evidence } from '../../../shared/model/evidence.ts'
import { Finding } from '../../../shared/model/finding.ts'
import { renderRetry } from '../../../shared/model/retry.ts'
import { type ShownPrecheck, readinessIn } from '../../../shared/model/extract.ts'
import { InstanceProtection, protectionSummary } from '../../../shared/model/instance-protection.ts'
import { ItemPages } from '../../../shared/model/item-pages.ts'
import { ItemResult, ItemStatus, Vantage, isUndetermined } from '../../../shared/model/item-result.ts'
import { type Locale, Message, type Text } from '../../../shared/model/message.ts'
import { Outcome, notApplicable } from '../../../shared/model/outcome.ts'
import { CompletedPrecheck, type Precheck, type RunningPrecheck } from '../../../shared/model/precheck.ts'
import { Coverage, Readiness, coverageOf } from '../../../shared/model/readiness.ts'
import { RenderedRemediation } from '../../../shared/model/remediation.ts'

const Rendered = z.strictObject({ ...Message.shape, text: z.string() })
/** A finding with its texts in the reader's language. */
export const FindingView = z
  .strictObject({ ...Finding.shape, text: z.string(), remediation: RenderedRemediation.nullable() })
  .meta({ id: 'Finding' })
const ComparedView = z
  .strictObject({ ...ComparedSchema.omit({ effect: true }).shape, text: z.string() })
  .meta({ id: 'ComparedFinding' })

const ItemView = z
  .strictObject({
    checkItem: z.string(),
    title: z.string(),
    status: z.enum(['pending', ...ItemStatus.options]),
    vantage: Vantage.nullable(),
    reason: Rendered.extend({ advice: z.string() }).nullable(),
    /** What came of a second connection, where the first one was reset; left out: there was one. */
    retried: Rendered.optional(),
    observed: Evidence,
    findings: z.array(FindingView),
    databases: z.array(z.string()),
    excluded: z.array(z.strictObject({ name: z.string(), reason: Rendered })),
    totals: ItemPages.shape.totals
      .extend({ rest: z.string().describe('Address of all findings.') })
      .optional()
      .describe('How many there are of each list above, where the lists hold the first ones only.'),
    observations: ItemResult.shape.observations.describe('Numbers that were measured, for trends.'),
    startedAt: z.iso.datetime().nullable(),
    durationMs: z.number().nullable(),
  })
  .meta({ id: 'Item' })
type ItemView = z.infer<typeof ItemView>

export const ComparisonView = z
  .strictObject({
    previousPrecheckId: z.string().nullable(),
    previousOutcome: Outcome.nullable(),
    new: z.array(ComparedView),
    still: z.array(ComparedView),
    resolved: z.array(ComparedView),
    undetermined: z.array(ComparedView),
    newlyUndetermined: Comparison.shape.newlyUndetermined,
    totals: ComparisonTotals.optional().describe(
      'How many there are of each list above, where the lists may hold the first ones only.',
    ),
  })
  .meta({ id: 'Comparison' })

/** Of a readiness table. */
export const totalDatabases = z
  .int()
  .optional()
  .describe(
    'How many databases there are, where the table holds the first ones only; ask for one by its name.',
  )

const shared = CompletedPrecheck.pick({
  id: true,
  instanceId: true,
  engine: true,
  region: true,
  profile: true,
  operations: true,
  trigger: true,
  scope: true,
  startedAt: true,
  deadlineAt: true,
})

/** A precheck as the API shows it: what is stored, with texts in the reader's language and the progress. */
export const PrecheckView = z
  .strictObject({
    ...shared.shape,
    state: z.enum(['running', 'completed']),
    completedAt: z.iso.datetime().nullable(),
    outcome: Outcome.nullable(),
    progress: z.strictObject({ completed: z.int(), total: z.int() }),
    items: z.array(ItemView),
    coverage: Coverage.nullable().describe('Check items that were judged, of those that apply.'),
    readiness: Readiness.extend({ total: totalDatabases }).meta({ id: 'Readiness' }).nullable(),
    protection: InstanceProtection.pick({ state: true, asOf: true, totals: true, worst: true })
      .meta({ id: 'ProtectionSummary' })
      .nullable()
      .describe('What would be lost, of the worst database; null where no check item says.'),
    comparison: ComparisonView.nullable(),
  })
  .meta({ id: 'Precheck' })
export type PrecheckView = z.infer<typeof PrecheckView>

/** A precheck in a list: its head and its verdict. */
export const PrecheckSummary = PrecheckView.pick({
  id: true,
  instanceId: true,
  engine: true,
  trigger: true,
  scope: true,
  state: true,
  outcome: true,
  startedAt: true,
  completedAt: true,
  progress: true,
}).meta({ id: 'PrecheckSummary' })
export type PrecheckSummary = z.infer<typeof PrecheckSummary>

/** Before the healthy state of an item of which nobody knows whether it holds, and of one that nobody has to know. */
export const notDetermined: Text = { en: 'Not determined: ', zh: '未判定：' }
export const notNeeded: Text = { en: 'Not applicable: ', zh: '不适用：' }

/** `result`: null while there is none. */
const titleOf = (checkItem: string, result: ItemResult | null, locale: Locale): string => {
  const check = findCheck(checkItem)
  if (!check) return checkItem
  if (!result || result.status === 'passed') return check.title[locale]
  if (!isUndetermined(result.status)) return check.failureTitle[locale]
  const why = result.reason?.code === notApplicable ? notNeeded : notDetermined
  return why[locale] + check.title[locale]
}

const pending = (checkItem: string, locale: Locale): ItemView => ({
  checkItem,
  title: titleOf(checkItem, null, locale),
  status: 'pending',
  vantage: null,
  reason: null,
  observed: {},
  findings: [],
  databases: [],
  excluded: [],
  startedAt: null,
  durationMs: null,
})

/** Shows a finding in a language. */
export const findingView = (finding: Finding, locale: Locale): z.infer<typeof FindingView> => ({
  ...finding,
  text: renderMessage(finding.checkItem, finding.message, locale),
  remediation: finding.remediation && renderRemediation(finding.remediation, locale),
})

/** Shows a result, field by field: what it carries for the service alone is left out. */
const itemView = (precheckId: string, result: ItemResult, locale: Locale): ItemView => {
  const {
    checkItem,
    status,
    vantage,
    reason,
    retried,
    observed,
    observations,
    pages,
    startedAt,
    durationMs,
  } = result
  return {
    checkItem,
    title: titleOf(checkItem, result, locale),
    status,
    vantage,
    reason: reason && { ...reason, ...renderReason(reason, locale) },
    ...(retried && { retried: { ...retried, text: renderRetry(retried, locale) } }),
    observed,
    ...(observations && { observations }),
    startedAt,
    durationMs,
    findings: result.findings.map((finding) => findingView(finding, locale)),
    databases: [...result.databases],
    excluded: result.excluded.map((excluded) => ({
      name: excluded.name,
      reason: { ...excluded.reason, text: renderMessage(checkItem, excluded.reason, locale) },
    })),
    ...(pages && {
      totals: { ...pages.totals, rest: `/v1/prechecks/${precheckId}/findings?checkItem=${checkItem}` },
    }),
  }
}

/** Shows a comparison in a language. */
export const comparisonView = (stored: Comparison, locale: Locale): z.infer<typeof ComparisonView> => {
  const { paged: _, judgedBeyond: __, protection: ____, unchanged: _____, ...comparison } = stored
  const withText = (findings: readonly ComparedFinding[]) =>
    findings.map(({ effect: ___, ...finding }) => ({
      ...finding,
      text: renderMessage(finding.checkItem, finding.message, locale),
    }))
  return {
    ...comparison,
    new: withText(comparison.new),
    still: withText(comparison.still),
    resolved: withText(comparison.resolved),
    undetermined: withText(comparison.undetermined),
  }
}

/** What is shown of the plan. What a precheck carries for the service alone, such as acknowledgements, is left out. */
const headOf = (precheck: Precheck): z.infer<typeof shared> => {
  const { id, instanceId, engine, region, profile, operations, trigger, scope, startedAt, deadlineAt } =
    precheck
  return { id, instanceId, engine, region, profile, operations, trigger, scope, startedAt, deadlineAt }
}

/** Shows a precheck in a language. */
export const precheckView = (precheck: RunningPrecheck | ShownPrecheck, locale: Locale): PrecheckView => {
  const { results, checkItems, state } = precheck
  const head = headOf(precheck)
  const ended = new Map(results.map((result) => [result.checkItem, result]))
  const items = checkItems.map(({ checkItem }) => {
    const result = ended.get(checkItem)
    return result ? itemView(precheck.id, result, locale) : pending(checkItem, locale)
  })
  const progress = { completed: ended.size, total: checkItems.length }
  if (precheck.state === 'running') {
    const open = {
      completedAt: null,
      outcome: null,
      coverage: null,
      readiness: null,
      protection: null,
      comparison: null,
    }
    return { ...head, state, ...open, progress, items }
  }
  const { completedAt, outcome, large } = precheck
  return {
    ...head,
    state,
    completedAt,
    outcome,
    progress,
    items,
    coverage: coverageOf(checkItems, results),
    readiness: { ...readinessIn(precheck), ...(large && { total: large.databases }) },
    protection: protectionSummary(results),
    comparison: comparisonView(precheck.comparison, locale),
  }
}

/** Shows a precheck in a list. */
export const precheckSummary = (precheck: Precheck): z.infer<typeof PrecheckSummary> => {
  const { id, instanceId, engine, trigger, scope, state, startedAt } = precheck
  const isCompleted = precheck.state === 'completed'
  return {
    id,
    instanceId,
    engine,
    trigger,
    scope,
    state,
    startedAt,
    completedAt: isCompleted ? precheck.completedAt : null,
    outcome: isCompleted ? precheck.outcome : null,
    progress: { completed: precheck.results.length, total: precheck.checkItems.length },
  }
}

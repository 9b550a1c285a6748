import * as z from 'zod'
import { CheckSet } from './check-selection.ts'
import { CheckItemId, type Effect, type Finding } from './finding.ts'
import type { ItemResult } from './item-result.ts'
import { Operation } from './operation.ts'
import { isBlind, isUnanswered, notApplicable } from './outcome.ts'
import { type Touches, isAbout, isApplicable, madeBySetup, says, touchesOf, untouched } from './touches.ts'

/** Whether an operation is safe now. `unknown`: something that decides it could not be determined. */
export const Verdict = z.enum(['ready', 'degraded', 'unknown', 'blocked'])
export type Verdict = z.infer<typeof Verdict>

/** One cell of the readiness table, with what led to it. */
export const ReadinessCell = z.strictObject({
  verdict: Verdict,
  /** Fingerprints of the findings that touch the operation. */
  findings: z.array(z.string()),
  /** Check items that should have judged the operation and could not. */
  undetermined: z.array(CheckItemId),
})
export type ReadinessCell = Readonly<z.infer<typeof ReadinessCell>>

/** How many check items were judged, of those that apply. */
export const Coverage = z.strictObject({ judged: z.int(), total: z.int() })
export type Coverage = Readonly<z.infer<typeof Coverage>>

/** The cell of the instance: what holds for the whole of it. */
export const InstanceCell = z.strictObject({
  ...ReadinessCell.shape,
  /** Of the databases that the operation is for: those that are `ready`, and how many there are. */
  databases: z.strictObject({ ready: z.int(), total: z.int() }),
  /** Of the check items that say something of the operation: those that were judged, and how many there are. */
  coverage: Coverage,
})
export type InstanceCell = Readonly<z.infer<typeof InstanceCell>>

const rowOfCells = <Cell extends z.ZodType>(cell: Cell) =>
  z.strictObject({ full: cell, incremental: cell, log: cell, restore: cell })

/** Database × operation, and the summary of each operation over the instance. */
export const Readiness = z.strictObject({
  instance: rowOfCells(InstanceCell),
  databases: z.array(z.strictObject({ database: z.string(), operations: rowOfCells(ReadinessCell) })),
})
export type Readiness = Readonly<z.infer<typeof Readiness>>

/** A check item and the operations that it can judge; what is missing from it is unknown. */
export const PlannedItem = z.strictObject({
  checkItem: CheckItemId,
  affects: z.array(Operation),
  /** Left out: essential. */
  set: CheckSet.optional(),
})
export type PlannedItem = Readonly<z.infer<typeof PlannedItem>>

/** A finding as far as the table shows it. */
export type KeptFinding = Pick<Finding, 'fingerprint' | 'object' | keyof Effect>

/** A finding that says what it is, too. */
export type ToldFinding = KeptFinding & Pick<Finding, 'checkItem' | 'message'>

const touching = (operation: Operation, findings: readonly KeptFinding[]): readonly KeptFinding[] =>
  findings.filter((finding) => isAbout(finding, operation))

/** In one order, whichever items the findings come from. */
const fingerprintsOf = (findings: readonly KeptFinding[]): string[] =>
  findings.map(({ fingerprint }) => fingerprint).sort()

const verdictOf = (operation: Operation, touches: Touches, isUndetermined: boolean): Verdict => {
  if (says(touches, 'blocks', operation) || says(touches, 'limits', operation)) return 'blocked'
  if (says(touches, 'obscures', operation) || isUndetermined) return 'unknown'
  return says(touches, 'degrades', operation) ? 'degraded' : 'ready'
}

const cellOf = (
  operation: Operation,
  findings: readonly KeptFinding[],
  undetermined: readonly CheckItemId[],
): ReadinessCell => ({
  verdict: verdictOf(operation, touchesOf(findings), undetermined.length > 0),
  findings: fingerprintsOf(touching(operation, findings)),
  undetermined: [...undetermined],
})

const rowOf = <Cell>(cell: (operation: Operation) => Cell): Record<Operation, Cell> => ({
  full: cell('full'),
  incremental: cell('incremental'),
  log: cell('log'),
  restore: cell('restore'),
})

/** A planned item and what came of it; null: nothing. */
interface Answered {
  readonly item: PlannedItem
  readonly result: ItemResult | null
}

const answersTo = (planned: readonly PlannedItem[], results: readonly ItemResult[]): readonly Answered[] => {
  const known = new Map(results.map((result) => [result.checkItem, result]))
  return planned.map((item) => ({ item, result: known.get(item.checkItem) ?? null }))
}

/** Items that say nothing at all. One that has findings says with them what it could not determine. */
const undeterminedOf = (items: readonly Answered[]): CheckItemId[] =>
  items.flatMap(({ item, result }) => (!result || isUnanswered(result) ? [item.checkItem] : []))

const coverageIn = (items: readonly Answered[]): Coverage => {
  const applying = items.filter(({ result }) => result?.reason?.code !== notApplicable)
  return {
    judged: applying.filter(({ result }) => result && !isBlind(result)).length,
    total: applying.length,
  }
}

/** How many of the planned items were judged; those that do not apply are not counted. */
export const coverageOf = (planned: readonly PlannedItem[], results: readonly ItemResult[]): Coverage =>
  coverageIn(answersTo(planned, results))

/** What was answered of an operation, and what was not. */
interface Answers {
  readonly undetermined: readonly CheckItemId[]
  readonly coverage: Coverage
}

const answersFor = (
  planned: readonly PlannedItem[],
  results: readonly ItemResult[],
): Readonly<Record<Operation, Answers>> => {
  const all = answersTo(planned, results)
  return rowOf((operation) => {
    const items = all.filter(({ item }) => item.affects.includes(operation))
    return { undetermined: undeterminedOf(items), coverage: coverageIn(items) }
  })
}

/**
 * Those that decide whether the operation is ready: what it is for. Where that is what setup made alone, what the users
 * have counts all the same, or a server on which none of it can be restored would be ready for that.
 */
const decidingFor = <Row>(
  operation: Operation,
  rows: readonly Row[],
  touchesIn: (row: Row) => Touches,
): readonly Row[] => {
  const applicable = rows.filter((row) => isApplicable(operation, touchesIn(row)))
  const isOfUsers = (row: Row): boolean => (touchesIn(row) & madeBySetup) === 0
  if (applicable.length === 0 || applicable.some(isOfUsers)) return applicable
  return rows.filter((row) => isOfUsers(row) || applicable.includes(row))
}

/** What is found out of an instance: of the whole of it, of each database, and what could not be found out. */
interface Known {
  readonly ofInstance: Touches
  readonly ofDatabases: readonly Touches[]
  readonly answers: Readonly<Record<Operation, Answers>>
}

/**
 * The summary is never greener than all of the databases that the operation is for. What is unknown of one of them
 * shows even if the same one is blocked as well, since others work.
 */
const summaryOf = (
  operation: Operation,
  { ofInstance, ofDatabases, answers }: Known,
  findings: InstanceCell['findings'],
): InstanceCell => {
  const { undetermined: open, coverage } = answers[operation]
  const verdictWith = (own: Touches) => verdictOf(operation, ofInstance | own, open.length > 0)
  const own = verdictWith(untouched)
  const deciding = decidingFor(operation, ofDatabases, (touches) => touches)
  const total = deciding.length
  let ready = 0
  let blocked = 0
  let all = ofInstance
  for (const touches of deciding) {
    const verdict = verdictWith(touches)
    if (verdict === 'ready') ready += 1
    if (verdict === 'blocked') blocked += 1
    all |= touches
  }
  const verdict = (): Verdict => {
    if (own === 'blocked' || (ofDatabases.length > 0 && blocked === total)) return 'blocked'
    if (says(all, 'obscures', operation) || open.length > 0) return 'unknown'
    return own === 'ready' && ready === total ? 'ready' : 'degraded'
  }
  return {
    verdict: verdict(),
    findings,
    undetermined: [...open],
    databases: { ready, total },
    coverage,
  }
}

/** By name; names that read the same in English are told apart by their characters. */
const byName = (one: string, other: string): number =>
  one.localeCompare(other, 'en') || (one < other ? -1 : 1)

/** Findings of the instance itself, and of each database that was judged or has some. */
interface Grouped {
  readonly ofInstance: readonly KeptFinding[]
  readonly byDatabase: ReadonlyMap<string, readonly KeptFinding[]>
}

const grouped = (results: readonly ItemResult[], kept: readonly KeptFinding[]): Grouped => {
  const findings = [...kept, ...results.flatMap((result) => result.findings)]
  const byDatabase = new Map<string, KeptFinding[]>(
    results.flatMap((result) => result.databases.map((name) => [name, []])),
  )
  for (const finding of findings) {
    if (finding.object.type === 'instance') continue
    const known = byDatabase.get(finding.object.name)
    if (known) known.push(finding)
    else byDatabase.set(finding.object.name, [finding])
  }
  return { ofInstance: findings.filter((finding) => finding.object.type === 'instance'), byDatabase }
}

const instanceRow = (
  answers: Known['answers'],
  results: readonly ItemResult[],
  { ofInstance, byDatabase }: Grouped,
): Readiness['instance'] => {
  const ofSetup = new Set(results.flatMap(({ systemDatabases = [] }) => systemDatabases))
  const databases = [...byDatabase].map(([name, own]) => ({
    own,
    touches: touchesOf(own) | (ofSetup.has(name) ? madeBySetup : untouched),
  }))
  const known = {
    ofInstance: touchesOf(ofInstance),
    ofDatabases: databases.map(({ touches }) => touches),
    answers,
  }
  const findingsFor = (operation: Operation): string[] => {
    const deciding = decidingFor(operation, databases, ({ touches }) => touches)
    const own = (deciding.length > 0 ? deciding : databases).flatMap((row) => row.own)
    return fingerprintsOf(touching(operation, [...ofInstance, ...own]))
  }
  return rowOf((operation) => summaryOf(operation, known, findingsFor(operation)))
}

/** The row of the instance in the readiness table, without the others. */
export const instanceReadinessOf = (
  planned: readonly PlannedItem[],
  results: readonly ItemResult[],
  kept: readonly KeptFinding[],
): Readiness['instance'] => instanceRow(answersFor(planned, results), results, grouped(results, kept))

/**
 * Computes the readiness table from item results. An operation is `ready` for a database only if every planned item
 * that judges it was determined, and no finding of the database or of the instance touches it. For the instance it is
 * `ready` if it is so for every database that it is for, and `blocked` if it is so for each of them. `kept`: what is
 * known from before of items whose right is missing now.
 */
export const readinessOf = (
  planned: readonly PlannedItem[],
  results: readonly ItemResult[],
  kept: readonly KeptFinding[] = [],
): Readiness => {
  const findings = grouped(results, kept)
  const answers = answersFor(planned, results)
  return {
    instance: instanceRow(answers, results, findings),
    databases: [...findings.byDatabase]
      .sort(([one], [other]) => byName(one, other))
      .map(([database, own]) => ({
        database,
        operations: rowOf((operation) =>
          cellOf(operation, [...findings.ofInstance, ...own], answers[operation].undetermined),
        ),
      })),
  }
}

/**
 * The summary of each operation where the findings are too many to hold them: `touches` of each database, by all
 * findings of it. Fingerprints are left to whoever shows some of them.
 */
export const readinessOfMany = (
  planned: readonly PlannedItem[],
  results: readonly ItemResult[],
  ofInstance: Touches,
  ofDatabases: readonly Touches[],
): Readiness['instance'] => {
  const known = { ofInstance, ofDatabases, answers: answersFor(planned, results) }
  return rowOf((operation) => summaryOf(operation, known, []))
}

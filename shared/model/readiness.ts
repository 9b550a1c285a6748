import * as z from 'zod'
import { CheckItemId, type Effect, type Finding } from './finding.ts'
import type { ItemResult } from './item-result.ts'
import { Operation } from './operation.ts'
import { isUnanswered } from './outcome.ts'

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

/** The cell of the instance: what holds for the whole of it. */
export const InstanceCell = z.strictObject({
  ...ReadinessCell.shape,
  /** Of the databases that the operation is for: those that are `ready`, and how many there are. */
  databases: z.strictObject({ ready: z.int(), total: z.int() }),
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
export const PlannedItem = z.strictObject({ checkItem: CheckItemId, affects: z.array(Operation) })
export type PlannedItem = Readonly<z.infer<typeof PlannedItem>>

const lists = ['blocks', 'degrades', 'obscures', 'limits'] as const satisfies readonly (keyof Effect)[]

const touching = (operation: Operation, findings: readonly Finding[]): readonly Finding[] =>
  findings.filter((finding) => lists.some((list) => finding[list].includes(operation)))

const some = (list: keyof Effect, operation: Operation, findings: readonly Finding[]): boolean =>
  findings.some((finding) => finding[list].includes(operation))

/** In one order, whichever items the findings come from. */
const fingerprintsOf = (findings: readonly Finding[]): string[] =>
  findings.map(({ fingerprint }) => fingerprint).sort()

const cellOf = (
  operation: Operation,
  findings: readonly Finding[],
  undetermined: readonly CheckItemId[],
): ReadinessCell => {
  const verdict = (): Verdict => {
    if (some('blocks', operation, findings) || some('limits', operation, findings)) return 'blocked'
    if (some('obscures', operation, findings) || undetermined.length > 0) return 'unknown'
    return some('degrades', operation, findings) ? 'degraded' : 'ready'
  }
  return {
    verdict: verdict(),
    findings: fingerprintsOf(touching(operation, findings)),
    undetermined: [...undetermined],
  }
}

const rowOf = <Cell>(cell: (operation: Operation) => Cell): Record<Operation, Cell> => ({
  full: cell('full'),
  incremental: cell('incremental'),
  log: cell('log'),
  restore: cell('restore'),
})

/** Items that say nothing at all of the operation. One that has findings says with them what it could not determine. */
const undeterminedFor = (
  operation: Operation,
  planned: readonly PlannedItem[],
  results: readonly ItemResult[],
): CheckItemId[] => {
  const known = new Map(results.map((result) => [result.checkItem, result]))
  return planned
    .filter(({ checkItem, affects }) => {
      const result = known.get(checkItem)
      return affects.includes(operation) && (result === undefined || isUnanswered(result))
    })
    .map(({ checkItem }) => checkItem)
}

/**
 * True unless the database does not take the operation by design and nothing else is said of it: nobody plans against
 * that. One with any other finding counts, or a limit would hide what is wrong with it.
 */
const isApplicable = (operation: Operation, own: readonly Finding[]): boolean => {
  const touched = touching(operation, own)
  return touched.length === 0 || !touched.every((finding) => finding.limits.includes(operation))
}

const isObscured = (
  operation: Operation,
  findings: readonly Finding[],
  undetermined: readonly CheckItemId[],
): boolean => undetermined.length > 0 || some('obscures', operation, findings)

/** What is found out of an instance: of the whole of it, of each database, and what could not be found out. */
interface Known {
  readonly ofInstance: readonly Finding[]
  readonly ofDatabases: readonly (readonly Finding[])[]
  readonly undetermined: Readonly<Record<Operation, readonly CheckItemId[]>>
}

/**
 * The summary is never greener than all of the databases that the operation is for. What is unknown of one of them
 * shows even if the same one is blocked as well, since others work.
 */
const summaryOf = (operation: Operation, { ofInstance, ofDatabases, undetermined }: Known): InstanceCell => {
  const open = undetermined[operation]
  const own = cellOf(operation, ofInstance, open)
  const applicable = ofDatabases.filter((findings) => isApplicable(operation, findings))
  const cells = applicable.map((findings) => cellOf(operation, [...ofInstance, ...findings], open))
  const allAre = (wanted: Verdict) => cells.every(({ verdict }) => verdict === wanted)
  const verdict = (): Verdict => {
    if (own.verdict === 'blocked' || (ofDatabases.length > 0 && allAre('blocked'))) return 'blocked'
    if (isObscured(operation, [...ofInstance, ...applicable.flat()], open)) return 'unknown'
    return own.verdict === 'ready' && allAre('ready') ? 'ready' : 'degraded'
  }
  const deciding = (applicable.length > 0 ? applicable : ofDatabases).flat()
  return {
    verdict: verdict(),
    findings: fingerprintsOf(touching(operation, [...ofInstance, ...deciding])),
    undetermined: own.undetermined,
    databases: {
      ready: cells.filter((cell) => cell.verdict === 'ready').length,
      total: applicable.length,
    },
  }
}

/** By name; names that read the same in English are told apart by their characters. */
const byName = (one: string, other: string): number =>
  one.localeCompare(other, 'en') || (one < other ? -1 : 1)

/**
 * Computes the readiness table from item results. An operation is `ready` for a database only if every planned item
 * that judges it was determined, and no finding of the database or of the instance touches it. For the instance it is
 * `ready` if it is so for every database that it is for, and `blocked` if it is so for each of them.
 */
export const readinessOf = (planned: readonly PlannedItem[], results: readonly ItemResult[]): Readiness => {
  const findings = results.flatMap((result) => result.findings)
  const ofInstance = findings.filter((finding) => finding.object.type === 'instance')
  const byDatabase = new Map<string, Finding[]>(
    results.flatMap((result) => result.databases.map((name) => [name, []])),
  )
  for (const finding of findings) {
    if (finding.object.type === 'instance') continue
    const known = byDatabase.get(finding.object.name)
    if (known) known.push(finding)
    else byDatabase.set(finding.object.name, [finding])
  }
  const undetermined = rowOf((operation) => undeterminedFor(operation, planned, results))
  const all = { ofInstance, ofDatabases: [...byDatabase.values()], undetermined }
  return {
    instance: rowOf((operation) => summaryOf(operation, all)),
    databases: [...byDatabase]
      .sort(([one], [other]) => byName(one, other))
      .map(([database, own]) => ({
        database,
        operations: rowOf((operation) => cellOf(operation, [...ofInstance, ...own], undetermined[operation])),
      })),
  }
}

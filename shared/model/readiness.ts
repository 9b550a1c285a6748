import * as z from 'zod'
import { CheckItemId, type Effect, type Finding } from './finding.ts'
import { type ItemResult, isUndetermined, unacknowledgedStatus } from './item-result.ts'
import { Operation } from './operation.ts'
import { notApplicable } from './outcome.ts'

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

const Row = z.strictObject({
  full: ReadinessCell,
  incremental: ReadinessCell,
  log: ReadinessCell,
  restore: ReadinessCell,
})
type Row = Readonly<z.infer<typeof Row>>

/** Database × operation, and the worst of each operation over the instance. */
export const Readiness = z.strictObject({
  instance: Row,
  databases: z.array(z.strictObject({ database: z.string(), operations: Row })),
})
export type Readiness = Readonly<z.infer<typeof Readiness>>

/** A check item and the operations that it can judge; what is missing from it is unknown. */
export const PlannedItem = z.strictObject({ checkItem: CheckItemId, affects: z.array(Operation) })
export type PlannedItem = Readonly<z.infer<typeof PlannedItem>>

const severity: Readonly<Record<Verdict, number>> = { ready: 0, degraded: 1, unknown: 2, blocked: 3 }

const touches = (effect: Effect, operation: Operation): boolean =>
  effect.blocks.includes(operation) ||
  effect.degrades.includes(operation) ||
  effect.obscures.includes(operation) ||
  effect.limits.includes(operation)

const cellOf = (
  operation: Operation,
  findings: readonly Finding[],
  undetermined: readonly CheckItemId[],
): ReadinessCell => {
  const touching = findings.filter((finding) => touches(finding, operation))
  const some = (list: keyof Effect) => touching.some((finding) => finding[list].includes(operation))
  const verdict = (): Verdict => {
    if (some('blocks') || some('limits')) return 'blocked'
    if (some('obscures') || undetermined.length > 0) return 'unknown'
    return some('degrades') ? 'degraded' : 'ready'
  }
  return {
    verdict: verdict(),
    findings: touching.map((finding) => finding.fingerprint),
    undetermined: [...undetermined],
  }
}

const rowOf = <Cell>(cell: (operation: Operation) => Cell): Record<Operation, Cell> => ({
  full: cell('full'),
  incremental: cell('incremental'),
  log: cell('log'),
  restore: cell('restore'),
})

const undeterminedFor = (
  operation: Operation,
  planned: readonly PlannedItem[],
  results: readonly ItemResult[],
): CheckItemId[] => {
  const status = new Map(results.map((result) => [result.checkItem, result]))
  return planned
    .filter(({ checkItem, affects }) => {
      const result = status.get(checkItem)
      if (!affects.includes(operation)) return false
      if (result === undefined) return true
      return isUndetermined(unacknowledgedStatus(result)) && result.reason?.code !== notApplicable
    })
    .map(({ checkItem }) => checkItem)
}

/** The worst cells of a column decide its summary; a limit of a single database does not, since nobody plans against it. */
const summaryOf = (operation: Operation, own: ReadinessCell, findings: readonly Finding[]): ReadinessCell => {
  const ofDatabases = findings.filter((finding) => finding.object.type !== 'instance')
  const cells = [own, ...ofDatabases.map((finding) => cellOf(operation, [{ ...finding, limits: [] }], []))]
  const worst = cells.reduce((a, b) => (severity[b.verdict] > severity[a.verdict] ? b : a))
  return {
    verdict: worst.verdict,
    findings: cells.flatMap((cell) => cell.findings),
    undetermined: own.undetermined,
  }
}

/**
 * Computes the readiness table from item results. An operation is `ready` only if every planned item that judges it
 * was determined and no finding blocks, degrades or obscures it.
 */
export const readinessOf = (planned: readonly PlannedItem[], results: readonly ItemResult[]): Readiness => {
  const findings = results.flatMap((result) => result.findings)
  const ofInstance = findings.filter((finding) => finding.object.type === 'instance')
  const byDatabase = new Map<string, Finding[]>()
  for (const finding of findings) {
    if (finding.object.type === 'instance') continue
    const known = byDatabase.get(finding.object.name)
    if (known) known.push(finding)
    else byDatabase.set(finding.object.name, [finding])
  }
  const undetermined = rowOf((operation) => undeterminedFor(operation, planned, results))

  const names = new Set([...results.flatMap((result) => result.databases), ...byDatabase.keys()])
  return {
    instance: rowOf((operation) =>
      summaryOf(operation, cellOf(operation, ofInstance, undetermined[operation]), findings),
    ),
    databases: [...names]
      .sort((a, b) => a.localeCompare(b, 'en'))
      .map((database) => ({
        database,
        operations: rowOf((operation) =>
          cellOf(operation, [...ofInstance, ...(byDatabase.get(database) ?? [])], undetermined[operation]),
        ),
      })),
  }
}

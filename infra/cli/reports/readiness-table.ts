import type { InstanceCell, ReadinessCell } from '../../../shared/model/readiness.ts'
import { type Operation, allOperations } from '../../../shared/model/operation.ts'
import { columns } from './cells.ts'
import type { Look } from './terminal.ts'
import { operationWords, verdictWords } from './words.ts'

/** Databases that a table shows at most; the rest is counted. */
const maxRows = 40

const verdictTone = { ready: 'good', degraded: 'fair', unknown: 'odd', blocked: 'bad' } as const

/** A row; what is left out is not shown. */
type Row<Cell> = Partial<Readonly<Record<Operation, Cell | undefined>>>

/** What a table is made of. */
export interface ReadinessTable {
  readonly instance: Row<InstanceCell>
  readonly databases: readonly { readonly database: string; readonly operations: Row<ReadinessCell> }[]
  /** How many databases there are, where there are more than `databases` has. */
  readonly total?: number | undefined
  /** Fingerprints of findings that are acknowledged. */
  readonly acknowledged: ReadonlySet<string>
}

/** Marks a cell that is as it is by nothing but what was acknowledged. */
const acknowledgedMark = '*'

/** Verdict of a cell, marked where everything against it was acknowledged. */
const verdictOf = (
  { verdict, findings, undetermined }: ReadinessCell,
  acknowledged: ReadonlySet<string>,
  { say }: Look,
) => {
  const isAccepted =
    findings.length > 0 && undetermined.length === 0 && findings.every((each) => acknowledged.has(each))
  return say(verdictWords[verdict]) + (isAccepted ? acknowledgedMark : '')
}

/** The table of some operations, line by line. */
export const readinessLines = (
  { instance, databases, total = databases.length, acknowledged }: ReadinessTable,
  wanted: readonly Operation[],
  look: Look,
): string[] => {
  const { paint, say } = look
  const shown = allOperations.filter((operation) => wanted.includes(operation) && instance[operation])
  const cells = <Cell extends ReadinessCell>(row: Row<Cell>): string[] =>
    shown.map((operation) => {
      const cell = row[operation]
      const { judged, total: all } = instance[operation]?.coverage ?? { judged: 0, total: 0 }
      const text = cell ? verdictOf(cell, acknowledged, look) : ''
      return cell ? paint[verdictTone[cell.verdict]](judged < all ? `${text} ${judged}/${all}` : text) : ''
    })
  const counts = shown.map((operation) => {
    const { ready, total: all } = instance[operation]?.databases ?? { ready: 0, total: 0 }
    return all > 0 ? say({ en: `${ready} of ${all}`, zh: `${ready}/${all}` }) : '-'
  })
  const rows = databases.slice(0, maxRows)
  const table = columns([
    ['', ...shown.map((operation) => say(operationWords[operation]))],
    [say({ en: '(whole instance)', zh: '（整个实例）' }), ...cells(instance)],
    ...(databases.length > 0 ? [[say({ en: '(ready databases)', zh: '（就绪数据库）' }), ...counts]] : []),
    ...rows.map(({ database, operations }) => [database, ...cells(operations)]),
  ])
  const hidden = total - rows.length
  const isMarked = table.some((line) => line.includes(acknowledgedMark))
  return [
    ...table,
    ...(hidden > 0
      ? [
          paint.dim(
            say({
              en: `… and ${hidden} more: precheck readiness <instance-id> --database <name>`,
              zh: `… 另有 ${hidden} 个：precheck readiness <实例 ID> --database <名称>`,
            }),
          ),
        ]
      : []),
    ...(isMarked ? [paint.dim(say({ en: '* acknowledged', zh: '* 已确认' }))] : []),
  ]
}

import { findCheck } from '../../checks/catalogue.ts'
import { keptIn } from '../../model/comparison.ts'
import { type ShownPrecheck, readinessIn } from '../../model/extract.ts'
import { type Result, andThen, decline } from '../../model/failure.ts'
import type { CheckItemId } from '../../model/finding.ts'
import { type GateQuestion, type Judgement, judgeGate } from '../../model/gate.ts'
import { type Operation, backupOperations } from '../../model/operation.ts'
import type { CompletedPrecheck } from '../../model/precheck.ts'
import { type Readiness, type ToldFinding, readinessOf } from '../../model/readiness.ts'
import type { Results } from '../../ports/results.ts'
import { shownCompleted } from '../../ports/shown-precheck.ts'
import { resultsFor } from './rows-of-database.ts'

/** What a job does. */
export interface Job {
  readonly operation: Operation
  /** As the engine spells them; left out: all that the operation is for. */
  readonly databases?: readonly string[] | undefined
}

/** A judgement, and the precheck that it is made by, as it is shown, without the items that see running backups. */
export interface JudgedJob {
  readonly judgement: Judgement
  readonly precheck: ShownPrecheck
}

/** A precheck without the items that would see the very backup that is asked about. */
const withoutOwn = (precheck: ShownPrecheck, operation: Operation): ShownPrecheck => {
  if (!backupOperations.includes(operation)) return precheck
  const { checkItems, results, comparison } = precheck
  const stays = ({ checkItem }: { readonly checkItem: CheckItemId }) => !findCheck(checkItem)?.seesBackups
  return {
    ...precheck,
    checkItems: checkItems.filter(stays),
    results: results.filter(stays),
    comparison: { ...comparison, undetermined: comparison.undetermined.filter(stays) },
  }
}

/** The part of a readiness table that decides, and the findings that it names. */
interface Part extends Pick<GateQuestion, 'rowsAre' | 'instance' | 'rows'> {
  readonly findings: readonly ToldFinding[]
}

const rowsIn = ({ databases }: Readiness, operation: Operation): GateQuestion['rows'] =>
  databases.map(({ database, operations }) => ({ database, cell: operations[operation] }))

/** Some blocked one among databases that are not looked at one by one may be one of the job. */
const cellOfMany = (cell: Readiness['instance'][Operation], blocked: number): GateQuestion['instance'] =>
  cell.verdict === 'degraded' && blocked > 0 ? { ...cell, verdict: 'unknown' } : cell

const wholePart = (precheck: ShownPrecheck, operation: Operation): Part => {
  const { results, comparison, large } = precheck
  const readiness = readinessIn(precheck)
  const cell = readiness.instance[operation]
  return {
    rowsAre: large ? 'first' : 'all',
    instance: large ? cellOfMany(cell, large.blocked) : cell,
    rows: rowsIn(readiness, operation),
    findings: [...keptIn(comparison, results), ...results.flatMap(({ findings }) => findings)],
  }
}

const namedPart = async (
  pages: Pick<Results, 'getPage'>,
  precheck: ShownPrecheck,
  operation: Operation,
  databases: readonly string[],
): Promise<Result<Part, 'DATABASE_NOT_FOUND'>> => {
  const kept = keptIn(precheck.comparison, precheck.results)
  const parts = await Promise.all(
    databases.map(async (database) => {
      const own = await resultsFor(pages, precheck, database)
      const table = readinessOf(precheck.checkItems, own, kept)
      const rows = rowsIn(table, operation).filter((row) => row.database === database)
      return { rows, findings: own.flatMap(({ findings }) => findings), instance: table.instance[operation] }
    }),
  )
  const missing = databases.filter((_, index) => parts[index]?.rows.length === 0)
  const [first] = parts
  if (!first || missing.length > 0) {
    const detail = {
      en: `The last result has no database ${missing.join(', ')}. Names are matched as the engine spells them.`,
      zh: `上次结果中没有数据库 ${missing.join('、')}。名称须与数据库中的写法一致。`,
    }
    return decline('DATABASE_NOT_FOUND', detail)
  }
  const findings = new Map(
    [...kept, ...parts.flatMap((part) => part.findings)].map((each) => [each.fingerprint, each]),
  )
  return {
    value: {
      rowsAre: 'named',
      instance: first.instance,
      rows: parts.flatMap(({ rows }) => rows),
      findings: [...findings.values()],
    },
  }
}

/** What a precheck that has ended says of a job. */
export const judgeJob = async (
  pages: Pick<Results, 'getPage'>,
  ended: CompletedPrecheck,
  { operation, databases }: Job,
  ruleFor: GateQuestion['ruleFor'],
): Promise<Result<JudgedJob, 'DATABASE_NOT_FOUND'>> => {
  const precheck = withoutOwn(await shownCompleted(pages, ended), operation)
  const part =
    databases === undefined
      ? { value: wholePart(precheck, operation) }
      : await namedPart(pages, precheck, operation, databases)
  return andThen(part, (found) => {
    const whyUndetermined = (checkItem: CheckItemId) =>
      precheck.results.find((result) => result.checkItem === checkItem)?.reason ?? null
    return { value: { precheck, judgement: judgeGate({ ...found, operation, whyUndetermined, ruleFor }) } }
  })
}

import * as z from 'zod'
import { type Result, andThen, decline } from '../../../shared/model/failure.ts'
import { InstanceId } from '../../../shared/model/instance.ts'
import { Operation, allOperations } from '../../../shared/model/operation.ts'
import { type ShownPrecheck, instanceReadinessIn, readinessIn } from '../../../shared/model/extract.ts'
import type { Readiness } from '../../../shared/model/readiness.ts'
import { InstanceCell, ReadinessCell, Verdict } from '../../../shared/model/readiness.ts'
import { rowsOfDatabase } from '../../../shared/flows/prechecks/rows-of-database.ts'
import type { ApiDeps } from '../routing/deps.ts'
import { totalDatabases } from '../views/precheck-view.ts'
import { route } from '../routing/route.ts'
import { lastResult } from './prechecks.ts'

const rowOf = <Cell extends z.ZodType>(cell: Cell) =>
  z.strictObject({
    full: cell.optional(),
    incremental: cell.optional(),
    log: cell.optional(),
    restore: cell.optional(),
  })

export const ReadinessAnswer = z
  .strictObject({
    instanceId: z.string(),
    precheckId: z.string(),
    completedAt: z.iso.datetime(),
    ageSeconds: z.int().describe('Time since the precheck ended, in seconds.'),
    verdict: Verdict.describe('The worst verdict of what was asked for.'),
    instance: rowOf(InstanceCell.meta({ id: 'InstanceReadinessCell' })),
    databases: z.array(
      z.strictObject({
        database: z.string(),
        operations: rowOf(ReadinessCell.meta({ id: 'ReadinessCell' })),
      }),
    ),
    total: totalDatabases,
  })
  .meta({ id: 'ReadinessAnswer' })

const Query = z.strictObject({ operation: Operation.optional(), database: z.string().max(128).optional() })

/** The columns that are asked for. */
type CellsOf<Cell> = Partial<Record<Operation, Cell>>

/** From best to worst. */
const bestFirst: readonly Verdict[] = ['ready', 'degraded', 'unknown', 'blocked']

const worstOf = (row: CellsOf<ReadinessCell>): Verdict => {
  const found = new Set(Object.values(row).map(({ verdict }) => verdict))
  return bestFirst.findLast((verdict) => found.has(verdict)) ?? 'unknown'
}

const columnsOf = <Cell>(
  row: Readonly<Record<Operation, Cell>>,
  operations: readonly Operation[],
): CellsOf<Cell> => Object.fromEntries(operations.map((operation) => [operation, row[operation]]))

/** The rows of all databases, or of the one that is asked for. */
const rowsOf = async (
  { results }: Pick<ApiDeps, 'results'>,
  last: ShownPrecheck,
  database: string | undefined,
): Promise<Result<Readiness['databases'], 'DATABASE_NOT_FOUND'>> => {
  if (database === undefined) return { value: readinessIn(last).databases }
  const rows = await rowsOfDatabase(results, last, database)
  if (rows.length > 0) return { value: rows }
  const detail = {
    en: `The last result has no database "${database}". Names are matched as the engine spells them; leave "database" out to list them.`,
    zh: `上次结果中没有数据库“${database}”。名称须与数据库中的写法一致；省略 database 可列出全部。`,
  }
  return decline('DATABASE_NOT_FOUND', detail)
}

export const readinessRoutes = [
  route({
    method: 'GET',
    path: '/v1/instances/{instanceId}/readiness',
    operationId: 'getReadiness',
    summary: 'Tells from the last result which operation is safe for which database',
    scope: 'read',
    input: z.object({ params: z.strictObject({ instanceId: InstanceId }), query: Query }),
    answers: { 200: { description: 'The readiness table, or the part asked for.', schema: ReadinessAnswer } },
    problems: ['INSTANCE_NOT_FOUND', 'NO_LAST_RESULT', 'DATABASE_NOT_FOUND'],
    handle: async (deps, { params: { instanceId }, query: { database } }) =>
      andThen(await lastResult(deps, instanceId), async (last) =>
        andThen(await rowsOf(deps, last, database), (rows) => ({
          value: { last, instance: instanceReadinessIn(last), rows, now: deps.now() },
        })),
      ),
    respond: (
      { last, rows, now, ...readiness },
      { params: { instanceId }, query: { operation, database } },
    ) => {
      const operations = operation === undefined ? allOperations : [operation]
      const instance = columnsOf(readiness.instance, operations)
      const databases = rows.map((row) => ({
        database: row.database,
        operations: columnsOf(row.operations, operations),
      }))
      const [asked] = database === undefined ? [] : databases
      const body: z.infer<typeof ReadinessAnswer> = {
        instanceId,
        precheckId: last.id,
        completedAt: last.completedAt,
        ageSeconds: Math.max(0, Math.round((now.getTime() - Date.parse(last.completedAt)) / 1000)),
        verdict: worstOf(asked?.operations ?? instance),
        instance,
        databases,
        ...(last.large && database === undefined && { total: last.large.databases }),
      }
      return { status: 200, body }
    },
  }),
]

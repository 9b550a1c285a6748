import type { DescribeTableResponse } from 'tablestore'
import { type TableSchema, type TablestoreClient, TablestoreError } from '../../../shared/runtime/operator.ts'
import type { Change } from './change.ts'
import { DeployFailed, RightMissing, failureOf } from './failure.ts'

/** The one operation that tables need of the client. */
export type TableControl = Pick<TablestoreClient, 'ask'>

/** Where tables are, for messages. */
export interface TablePlace {
  readonly endpoint: string
}

/** Of a connection that failed, the code of the system says more than that of the SDK. */
const codeOf = (fault: TablestoreError): string => {
  const { cause } = fault
  const system: unknown = cause instanceof Error && 'errno' in cause ? cause.errno : undefined
  return typeof system === 'string' ? system : fault.code
}

/** Runs an operation; null if there is no such table. */
const ask = async <Answer>(
  control: TableControl,
  { endpoint }: TablePlace,
  operation: string,
  table: string,
  call: Parameters<typeof control.ask<Answer>>[1],
): Promise<Answer | null> => {
  try {
    return await control.ask(operation, call)
  } catch (fault) {
    if (!(fault instanceof TablestoreError)) throw fault
    if (fault.code === 'OTSObjectNotExist') return null
    throw failureOf({ product: 'ots', operation, of: `table ${table}` }, codeOf(fault), endpoint)
  }
}

/** Whether tables can be asked for; they cannot while the address of a new instance is not known. */
export const canBeAsked = async (control: TableControl, place: TablePlace): Promise<boolean> => {
  const tableName = 'tokens'
  try {
    await ask(control, place, 'DescribeTable', tableName, (sdk) => sdk.describeTable({ tableName }))
    return true
  } catch (fault) {
    if (!(fault instanceof DeployFailed) || fault instanceof RightMissing) throw fault
    return false
  }
}

/** In place, which rows are updated. */
const optionsOf = ({ timeToLive, maxVersions }: TableSchema) => ({
  timeToLive,
  maxVersions,
  allowUpdate: true,
})

const creation = (control: TableControl, place: TablePlace, schema: TableSchema): Change => {
  const { name, primaryKey } = schema
  const tableOptions = optionsOf(schema)
  const tableMeta = {
    tableName: name,
    primaryKey: primaryKey.map((column) => ({ name: column, type: 'STRING' as const })),
  }
  // Reserved throughput is billed whether it is used or not.
  const reservedThroughput = { capacityUnit: { read: 0, write: 0 } }
  return {
    title: `create table ${name}`,
    details: [
      `primary key: ${primaryKey.join(', ')}`,
      ...Object.entries(tableOptions).map(([option, value]) => `${option}: ${value}`),
    ],
    apply: async () =>
      void (await ask(control, place, 'CreateTable', name, (sdk) =>
        sdk.createTable({ tableMeta, reservedThroughput, tableOptions }),
      )),
  }
}

/** A primary key cannot be changed, and the rows under another one would not be found. */
const checkPrimaryKey = ({ name, primaryKey }: TableSchema, { tableMeta }: DescribeTableResponse): void => {
  const text = 2
  const present = tableMeta.primaryKey.map((column) => column.name)
  const isText = tableMeta.primaryKey.every(({ type }) => type === text)
  if (isText && present.join() === primaryKey.join()) return
  throw new DeployFailed(
    `The table ${name} exists with another primary key: ${present.join(', ')} instead of ${primaryKey.join(', ')}.\n` +
      'It belongs to another service or version. Use another instance (TABLESTORE_INSTANCE), or remove the table.',
  )
}

const planTable = async (
  control: TableControl,
  place: TablePlace,
  schema: TableSchema,
): Promise<Change[]> => {
  const { name } = schema
  const described = await ask(control, place, 'DescribeTable', name, (sdk) =>
    sdk.describeTable({ tableName: name }),
  )
  if (described === null) return [creation(control, place, schema)]
  checkPrimaryKey(schema, described)
  const present: Readonly<Record<string, unknown>> = { ...described.tableOptions }
  const changed = Object.entries(optionsOf(schema)).filter(([option, value]) => present[option] !== value)
  if (changed.length === 0) return []
  return [
    {
      title: `change table ${name}`,
      details: changed.map(([option, value]) => `${option}: ${String(present[option])} -> ${value}`),
      apply: async () =>
        void (await ask(control, place, 'UpdateTable', name, (sdk) =>
          sdk.updateTable({ tableName: name, tableOptions: optionsOf(schema) }),
        )),
    },
  ]
}

/**
 * Changes that the tables need: all of them, if there is no instance yet. Only reads. Throws `DeployFailed`.
 */
export const planTables = async (
  control: TableControl,
  place: TablePlace,
  schemas: readonly TableSchema[],
  hasInstance: boolean,
): Promise<readonly Change[]> => {
  if (!hasInstance) return schemas.map((schema) => creation(control, place, schema))
  const changes: Change[] = []
  for (const schema of schemas) changes.push(...(await planTable(control, place, schema)))
  return changes
}

/** What removes the tables that there are, with their rows. Only reads. Throws `DeployFailed`. */
export const planTableRemoval = async (
  control: TableControl,
  place: TablePlace,
  schemas: readonly TableSchema[],
): Promise<readonly Change[]> => {
  const changes: Change[] = []
  for (const { name } of schemas) {
    const described = await ask(control, place, 'DescribeTable', name, (sdk) =>
      sdk.describeTable({ tableName: name }),
    )
    if (described === null) continue
    changes.push({
      title: `remove table ${name}`,
      details: [],
      apply: async () =>
        void (await ask(control, place, 'DeleteTable', name, (sdk) => sdk.deleteTable({ tableName: name }))),
    })
  }
  return changes
}

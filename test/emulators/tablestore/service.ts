import { batchGetRow } from './batch-reads.ts'
import { batchWriteRow } from './batch-writes.ts'
import { ServiceError, parameterInvalid, permissionDenied } from './errors.ts'
import { type Fault, type Faults, faultInjection } from './faults.ts'
import { type Call, type Context, type Operation, transaction } from './operation.ts'
import { getRange } from './range-reads.ts'
import { getRow } from './row-reads.ts'
import { deleteRow, putRow, updateRow } from './row-writes.ts'
import { type AccessKey, type SignedRequest, type Verifier, verify } from './signature.ts'
import type { Table } from './table.ts'
import { createTable, deleteTable, describeTable, listTable, updateTable } from './table-operations.ts'
import { type UsageCounter, usageCounter } from './usage.ts'

/** Tells whether a principal may do an operation on a table. ListTable concerns no table. */
type Authorize = (principal: string, operation: string, table: string | undefined) => boolean

export interface ServiceOptions {
  readonly instanceName: string
  readonly accessKeys: readonly AccessKey[]
  /** Clock of tables and tokens, ms since 1970. Default: that of the machine. */
  readonly now?: () => number
  readonly authorize?: Authorize
}

/** What a request comes to: an answer, or a dropped connection. */
type Outcome =
  | { readonly kind: 'answer'; readonly key: AccessKey; readonly body: Uint8Array }
  | { readonly kind: 'refusal'; readonly key: AccessKey | undefined; readonly error: ServiceError }
  | { readonly kind: 'drop' }

export interface Service {
  readonly tables: ReadonlyMap<string, Table>
  readonly usage: UsageCounter
  readonly faults: Faults
  readonly now: () => number
  handle(request: SignedRequest): Promise<Outcome>
}

const operations: Readonly<Record<string, Operation>> = {
  CreateTable: createTable,
  UpdateTable: updateTable,
  DescribeTable: describeTable,
  ListTable: listTable,
  DeleteTable: deleteTable,
  PutRow: putRow,
  GetRow: getRow,
  UpdateRow: updateRow,
  DeleteRow: deleteRow,
  GetRange: getRange,
  BatchWriteRow: batchWriteRow,
  BatchGetRow: batchGetRow,
  StartLocalTransaction: transaction,
  CommitTransaction: transaction,
  AbortTransaction: transaction,
}

class DroppedConnection extends Error {}

const operationNamed = (name: string): Operation => {
  const found = Object.hasOwn(operations, name) ? operations[name] : undefined
  if (!found) throw parameterInvalid(`Unsupported operation: '${name}'.`)
  return found
}

const strike = async (fault: Fault, point: 'before' | 'after'): Promise<void> => {
  if ((fault.when ?? 'before') !== point) return
  await fault.until
  if (fault.outcome === 'drop') throw new DroppedConnection()
  if (fault.outcome)
    throw new ServiceError(
      fault.outcome.status,
      fault.outcome.code,
      fault.outcome.message ?? fault.outcome.code,
    )
}

/** The service without its HTTP server. State lives in memory. */
export const tablestoreService = (options: ServiceOptions): Service => {
  const { now = Date.now, authorize = () => true } = options
  const verifier: Verifier = { ...options, now }
  const tables = new Map<string, Table>()
  const usage = usageCounter()
  const faults = faultInjection()

  const checkAllowed = (principal: string, name: string, call: Call): void => {
    const targets = call.tables.length === 0 ? [undefined] : call.tables
    if (!targets.every((table) => authorize(principal, name, table))) throw permissionDenied()
  }

  const perform = async (key: AccessKey, name: string, body: Buffer): Promise<Uint8Array> => {
    const principal = key.principal ?? key.id
    const call = operationNamed(name)(body)
    usage.request(name)
    checkAllowed(principal, name, call)
    const fault = await faults.decide({ operation: name, tables: call.tables, principal })
    await strike(fault, 'before')
    const context: Context = {
      tables,
      now: now(),
      charge: (units) => usage.charge(name, units),
      rowFault: (table, index) => fault.rows?.(table, index),
    }
    const answer = call.perform(context)
    await strike(fault, 'after')
    return answer
  }

  const handle = async (request: SignedRequest): Promise<Outcome> => {
    let key: AccessKey | undefined
    try {
      key = verify(request, verifier)
      return { kind: 'answer', key, body: await perform(key, request.path.slice(1), request.body) }
    } catch (error) {
      if (error instanceof DroppedConnection) return { kind: 'drop' }
      if (error instanceof ServiceError) return { kind: 'refusal', key, error }
      throw error
    }
  }

  return { tables, usage, faults, now, handle }
}

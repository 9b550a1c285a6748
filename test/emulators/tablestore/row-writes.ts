import { type Units, consumed } from './capacity.ts'
import type { ServiceError } from './errors.ts'
import { type WrittenRowAnswer, messages, sent } from './messages.ts'
import { type Context, chargingRefusals, operation, refuseTransaction, tableNamed } from './operation.ts'
import { type Written, applyWrite } from './row-changes.ts'
import { type Write, type WriteKind, checkWrite, checkWriteSize } from './write-checks.ts'

/** What a refused write costs (API reference of PutRow, UpdateRow and DeleteRow). */
export const priceOfRefusedWrite =
  (kind: WriteKind) =>
  ({ code }: ServiceError): Units => ({
    read: code === 'OTSConditionCheckFail' || kind === 'update' ? 1 : 0,
    write: 1,
  })

export const answerOf = ({ units, row }: Written): WrittenRowAnswer => ({
  consumed: consumed(units),
  ...(row && { row }),
})

const writeOne = (
  context: Context,
  kind: WriteKind,
  tableName: string,
  check: () => Write,
): WrittenRowAnswer =>
  chargingRefusals(context, priceOfRefusedWrite(kind), () => {
    const write = check()
    checkWriteSize(write)
    const written = applyWrite(tableNamed(context, tableName), write, context.now)
    context.charge(written.units)
    return answerOf(written)
  })

const tablesOf = ({ tableName }: { readonly tableName: string }): readonly string[] => [tableName]

export const putRow = operation(
  messages.PutRowRequest,
  messages.PutRowResponse,
  tablesOf,
  (request, context) =>
    writeOne(context, 'put', request.tableName, () => {
      refuseTransaction(request)
      return checkWrite('put', request.row, request.condition, sent(request, 'returnContent'))
    }),
)

export const updateRow = operation(
  messages.UpdateRowRequest,
  messages.UpdateRowResponse,
  tablesOf,
  (request, context) =>
    writeOne(context, 'update', request.tableName, () => {
      refuseTransaction(request)
      return checkWrite('update', request.rowChange, request.condition, sent(request, 'returnContent'))
    }),
)

export const deleteRow = operation(
  messages.DeleteRowRequest,
  messages.DeleteRowResponse,
  tablesOf,
  (request, context) =>
    writeOne(context, 'delete', request.tableName, () => {
      refuseTransaction(request)
      return checkWrite('delete', request.primaryKey, request.condition, sent(request, 'returnContent'))
    }),
)

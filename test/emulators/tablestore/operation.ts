import type { Units } from './capacity.ts'
import { ServiceError, parameterInvalid, tableMissing } from './errors.ts'
import { checkTableName } from './limits.ts'
import { type Codec, decode } from './messages.ts'
import type { Table } from './table.ts'

/** An error that a test lets the service answer. */
export interface ErrorAnswer {
  readonly status: number
  readonly code: string
  readonly message?: string
}

/** What an operation works on. */
export interface Context {
  readonly tables: Map<string, Table>
  /** Ms since 1970. */
  readonly now: number
  readonly charge: (units: Units) => void
  /** The error that a row of a batch is to fail with, if any. */
  readonly rowFault: (table: string, index: number) => ErrorAnswer | undefined
}

/** A decoded request: which tables it names, and what it does. */
export interface Call {
  readonly tables: readonly string[]
  perform(context: Context): Uint8Array
}

/** Decodes the body of a request. @throws ServiceError. */
export type Operation = (body: Uint8Array) => Call

export const operation =
  <Request, Answer>(
    request: Codec<Request>,
    answer: Codec<Answer>,
    tablesOf: (request: Request) => readonly string[],
    perform: (request: Request, context: Context) => Answer,
  ): Operation =>
  (body) => {
    const message = decode(request, body)
    return {
      tables: tablesOf(message),
      perform: (context) => answer.encode(perform(message, context)).finish(),
    }
  }

/** @throws ServiceError OTSObjectNotExist, OTSParameterInvalid. */
export const tableNamed = ({ tables }: Context, name: string): Table => {
  checkTableName(name)
  const table = tables.get(name)
  if (!table) throw tableMissing()
  return table
}

const transactionsDisabled = (): ServiceError =>
  parameterInvalid('Try to call method using explicit transaction on explicit-transaction-disabled table.')

/** Local transactions are not emulated: tables behave as those that do not have them. */
export const refuseTransaction = (request: { readonly transactionId?: string }): void => {
  if (request.transactionId) throw transactionsDisabled()
}

/** The beginning and the end of a local transaction. */
export const transaction: Operation = () => ({
  tables: [],
  perform: () => {
    throw transactionsDisabled()
  },
})

/** Charges what a refused request costs, and lets the refusal go on. Errors of the service itself (5xx) cost nothing. */
export const chargingRefusals = <Result>(
  { charge }: Context,
  price: (error: ServiceError) => Units,
  work: () => Result,
): Result => {
  try {
    return work()
  } catch (error) {
    if (error instanceof ServiceError && error.status < 500) charge(price(error))
    throw error
  }
}

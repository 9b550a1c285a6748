import type { Connection } from 'oracledb'
import type { AnswerMeter } from '../answer-meter.ts'

/** What a function of the driver is called with. */
type Given = readonly unknown[]

const memberOf = (owner: unknown, name: string): unknown =>
  typeof owner === 'object' && owner !== null ? Reflect.get(owner, name) : undefined

/** Puts `around` in the place of a function of the driver. Throws if there is none: then this is another driver. */
const replace = (
  owner: unknown,
  name: string,
  around: (run: () => unknown, given: Given) => unknown,
): void => {
  const original = memberOf(owner, name)
  if (typeof owner !== 'object' || owner === null || typeof original !== 'function')
    throw new TypeError(`the driver has no ${name}`)
  Reflect.set(owner, name, (...given: Given) =>
    around(() => {
      const result: unknown = Reflect.apply(original, owner, given)
      return result
    }, given),
  )
}

/** Ends the decoding of an answer where it is; the session has been ended by then. */
const demand = (isWithin: boolean): void => {
  if (!isWithin) throw new Error('the answer is too large')
}

/**
 * Counts while the driver decodes: it reads all that a packet holds in one go, and a row of a thousand columns without
 * values takes one byte, so that counting bytes or finished rows would come too late. The driver has no option for it;
 * these are the functions that it calls for every exchange with the server, every column and every row (26.0.0).
 */
export const meterDecoding = (connection: Connection, meter: AnswerMeter): void => {
  const protocol = memberOf(memberOf(connection, '_impl'), '_protocol')
  replace(protocol, '_processMessage', (run, [message]) => {
    meter.startPart()
    if (typeof memberOf(message, 'processRowData') !== 'function') return run()
    replace(message, 'processColumnInfo', (read, [, place]) => {
      demand(meter.columns(Number(place)))
      return read()
    })
    replace(message, 'processRowData', (read) => {
      read()
      const columns = memberOf(message, 'outVariables')
      demand(meter.row(Array.isArray(columns) ? columns.length : 0))
    })
    return run()
  })
}

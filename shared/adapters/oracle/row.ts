import type { Row } from '../../ports/probe.ts'

const toValue = (value: unknown): Row[string] => {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value
  return value instanceof Date ? value.toISOString() : JSON.stringify(value)
}

/** Turns a row of the driver, whose names are in upper case, into one of ours. */
export const toRow = (row: object): Row =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name.toLowerCase(), toValue(value)]))

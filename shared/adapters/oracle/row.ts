/** A value as JSON has it; times are ISO 8601 in UTC. */
type Value = string | number | boolean | null

/** A row by the names of its columns, in lower case. */
export type Row = Readonly<Record<string, Value>>

const toValue = (value: unknown): Value => {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value
  return value instanceof Date ? value.toISOString() : JSON.stringify(value)
}

/** Turns a row of the driver, whose names are in upper case, into one of ours. */
export const toRow = (row: object): Row =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name.toLowerCase(), toValue(value)]))

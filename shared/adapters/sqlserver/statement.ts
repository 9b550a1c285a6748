import type { Connection } from 'tedious'

/** A value as JSON has it: times as ISO 8601 in UTC, `bigint` as text as the driver gives it. */
export type Value = string | number | boolean | null

/** A row by column names in lower case. */
export type Row = Record<string, Value>

const toValue = (value: unknown): Value => {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value
  if (value instanceof Date) return value.toISOString()
  return Buffer.isBuffer(value) ? value.toString('hex') : JSON.stringify(value)
}

interface Column {
  readonly metadata: { readonly colName: string }
  readonly value: unknown
}

/** Runs one statement without parameters. Rejects with the driver's error, which carries the server's number. */
export const runStatement = async (connection: Connection, sql: string): Promise<Row[]> => {
  const { Request } = await import('tedious')
  return new Promise((resolve, reject) => {
    const rows: Row[] = []
    const request = new Request(sql, (fault) => (fault ? reject(fault) : resolve(rows)))
    request.on('row', (columns: readonly Column[]) => {
      rows.push(
        Object.fromEntries(
          columns.map(({ metadata, value }) => [metadata.colName.toLowerCase(), toValue(value)]),
        ),
      )
    })
    connection.execSqlBatch(request)
  })
}

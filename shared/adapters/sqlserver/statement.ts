import type { Connection } from 'tedious'
import type { Row } from '../../ports/probe.ts'

const toValue = (value: unknown): Row[string] => {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value
  if (value instanceof Date) return value.toISOString()
  return Buffer.isBuffer(value) ? value.toString('hex') : JSON.stringify(value)
}

interface Column {
  readonly metadata: { readonly colName: string }
  readonly value: unknown
}

const toRow = (columns: readonly Column[]): Row =>
  Object.fromEntries(columns.map(({ metadata, value }) => [metadata.colName.toLowerCase(), toValue(value)]))

/** Runs one statement without parameters. Rejects with the driver's error, which carries the server's number. */
export const runStatement = async (connection: Connection, sql: string): Promise<readonly Row[]> => {
  const { Request } = await import('tedious')
  return new Promise((resolve, reject) => {
    const rows: Row[] = []
    const request = new Request(sql, (fault) => (fault ? reject(fault) : resolve(rows)))
    request.on('row', (columns: readonly Column[]) => {
      rows.push(toRow(columns))
    })
    connection.execSqlBatch(request)
  })
}

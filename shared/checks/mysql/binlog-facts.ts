import * as z from 'zod'
import { orUnknown, rows } from '../framework/answer.ts'
import type { Queries } from '../framework/question.ts'

/**
 * The files of the binary log that the server lists. One that was removed without it is listed with no bytes. Needs
 * REPLICATION CLIENT (BINLOG MONITOR); refused where there is no binary log (1381).
 */
export const binaryLogsQuery = { sql: 'SHOW BINARY LOGS', optional: true } as const

/** Where the binary log is, and what it leaves out: each product, and MySQL since 8.2, has words of its own for it. */
export const binlogStatusQueries = {
  masterStatus: { sql: 'SHOW MASTER STATUS', optional: true },
  binaryLogStatus: { sql: 'SHOW BINARY LOG STATUS', optional: true },
} as const satisfies Queries

export const BinaryLogRows = rows({
  log_name: z.string(),
  file_size: orUnknown(z.union([z.number(), z.coerce.number()])),
}).nullable()
export type BinaryLogRow = NonNullable<z.output<typeof BinaryLogRows>>[number]

export const BinlogStatusRows = rows({
  file: z.string(),
  binlog_do_db: orUnknown(z.string()),
  binlog_ignore_db: orUnknown(z.string()),
}).nullable()

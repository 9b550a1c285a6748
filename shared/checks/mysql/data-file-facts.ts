import * as z from 'zod'
import { oneRow, orUnknown } from '../framework/answer.ts'
import type { Queries } from '../framework/question.ts'

/**
 * Files of InnoDB: names of those in the data directory are relative to it. Both views take PROCESS. Sources:
 * "Information Schema INNODB_SYS_TABLESPACES Table", MariaDB reference; "The INFORMATION_SCHEMA FILES Table", MySQL
 * manual (5.7.8).
 */
const dataFiles = `SELECT /*M! t.name AS tablespace_name, t.filename AS file_name
  FROM information_schema.INNODB_SYS_TABLESPACES AS t *//*!50700 t.tablespace_name, t.file_name
  FROM information_schema.FILES AS t WHERE t.engine = 'InnoDB' */`

/**
 * True of a file of users that is not in the data directory. Those of the server, whose tablespaces are named innodb_
 * and belong to no database, have settings of their own for where they are.
 */
const isOutside = `(f.file_name LIKE '/%' OR f.file_name LIKE '..%' OR f.file_name LIKE '_:%')
  AND LEFT(f.file_name, CHAR_LENGTH(@@datadir)) <> @@datadir
  AND (f.tablespace_name NOT LIKE 'innodb|_%' ESCAPE '|' OR f.tablespace_name LIKE '%/%')`

/** Lists the tables, partitions and tablespaces whose files are outside the data directory. */
export const listOutside =
  `SELECT f.tablespace_name, f.file_name FROM (${dataFiles}) AS f WHERE ${isOutside};`.replaceAll(/\s+/g, ' ')

/** One row, of the whole server. */
export const dataFileQueries = {
  dataFiles: {
    sql: `SELECT COUNT(*) AS files, COUNT(IF(${isOutside}, 1, NULL)) AS outside,
  MIN(IF(${isOutside}, f.file_name, NULL)) AS first_outside
FROM (${dataFiles}) AS f`,
    optional: true,
  },
} as const satisfies Queries

/** Null: the login lacks PROCESS. */
export const DataFileRow = oneRow({
  /** Every server has some: none are seen where they are hidden. */
  files: orUnknown(z.int()),
  outside: orUnknown(z.int()),
  first_outside: z.string().nullable(),
}).nullable()

import { describe } from 'vitest'
import check from '../../../../shared/checks/mysql/mysql-data-directory.ts'
import { testChanges } from '../../../support/changes-table.ts'
import { type MySqlFacts, dataFiles, isOfObject, mysqlFacts } from '../../../support/facts/mysql.ts'
import { type DetailRow, type VerdictRow, all, testCheckItem } from '../../../support/verdict-table.ts'

const manuals = {
  mariaDb: 'https://mariadb.com/kb/en/information-schema-innodb_sys_tablespaces-table/',
  mysql: 'https://dev.mysql.com/doc/refman/8.4/en/information-schema-files-table.html',
  external: 'https://dev.mysql.com/doc/refman/8.4/en/innodb-create-table-external.html',
} as const
type Row = VerdictRow<Partial<MySqlFacts>, keyof typeof manuals>

const on = 'instance db1'
const file = '/fast/sales/orders.ibd'

const of = (changes: Parameters<typeof dataFiles>[0]): Partial<MySqlFacts> => ({
  dataFiles: [dataFiles(changes)],
})

const verdicts: readonly Row[] = [
  {
    when: 'all files in the data directory',
    status: 'passed',
    findings: [],
    readiness: { instance: { full: 'ready', incremental: 'ready', log: 'ready', restore: 'ready' } },
    observed: { files: 40, outside: 0 },
    manual: 'mariaDb',
  },
  {
    when: 'two files outside',
    facts: of({ outside: 2, first_outside: file }),
    status: 'warning',
    findings: [{ code: 'FILES_OUTSIDE', on, degrades: all }],
    readiness: { instance: { full: 'degraded', restore: 'degraded' } },
    manual: 'external',
  },
  {
    when: 'a file outside that the server does not name',
    facts: of({ outside: 1 }),
    status: 'warning',
    findings: [{ code: 'FILES_OUTSIDE', on, degrades: all }],
    manual: 'external',
  },
  {
    when: 'a login without PROCESS',
    facts: { dataFiles: null },
    status: 'error',
    findings: [{ code: 'FILES_UNKNOWN', on, obscures: all }],
    readiness: { instance: { restore: 'unknown' } },
    observed: { files: null, outside: null },
    manual: 'mariaDb',
  },
  {
    when: 'no file shown at all, not even those of the server',
    facts: of({ files: 0 }),
    status: 'error',
    findings: [{ code: 'FILES_UNKNOWN', on, obscures: all }],
    manual: 'mysql',
  },
  {
    when: 'nobody knows how many there are',
    facts: of({ files: null }),
    status: 'error',
    findings: [{ code: 'FILES_UNKNOWN', on, obscures: all }],
    manual: 'mysql',
  },
  {
    when: 'nobody knows how many are outside',
    facts: of({ outside: null }),
    status: 'error',
    findings: [{ code: 'FILES_UNKNOWN', on, obscures: all }],
    manual: 'mysql',
  },
]

const list =
  "mysql: SELECT f.tablespace_name, f.file_name FROM (SELECT /*M! t.name AS tablespace_name, t.filename AS file_name FROM information_schema.INNODB_SYS_TABLESPACES AS t *//*!50700 t.tablespace_name, t.file_name FROM information_schema.FILES AS t WHERE t.engine = 'InnoDB' */) AS f WHERE (f.file_name LIKE '/%' OR f.file_name LIKE '..%' OR f.file_name LIKE '_:%') AND LEFT(f.file_name, CHAR_LENGTH(@@datadir)) <> @@datadir AND (f.tablespace_name NOT LIKE 'innodb|_%' ESCAPE '|' OR f.tablespace_name LIKE '%/%');"

const outside = (when: string, files: number, first: string): DetailRow => ({
  when,
  code: 'FILES_OUTSIDE',
  on,
  params: { files, first },
  observed: { outside: files },
  expected: { outside: 0 },
  steps: [`online ${list}`, 'downtime manual'],
  verify: list,
})

const details: readonly DetailRow[] = [
  outside('two files outside', 2, file),
  outside('a file outside that the server does not name', 1, 'NULL'),
  {
    when: 'a login without PROCESS',
    code: 'FILES_UNKNOWN',
    on,
    params: {},
    observed: { files: null, outside: null },
    expected: {},
    steps: ["online mysql: GRANT PROCESS ON *.* TO 'precheck'@'%';"],
  },
]

describe('MYSQL_DATA_DIRECTORY', () => {
  testCheckItem({
    check,
    engine: 'mysql',
    answer: mysqlFacts,
    manuals,
    affects: { 'cloud-backup': all, native: all },
    verdicts,
    details,
    never: { failed: 'a restore works where these paths are free' },
  })
  testChanges({ check, engine: 'mysql', answer: mysqlFacts, verdicts, isOf: isOfObject })
})

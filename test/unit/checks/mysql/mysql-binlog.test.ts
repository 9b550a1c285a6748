import { testChanges } from '../../../support/changes-table.ts'
import { describe } from 'vitest'
import check from '../../../../shared/checks/mysql/mysql-binlog.ts'
import { type MySqlFacts, mariaDb, mysqlFacts, settings, isOfObject } from '../../../support/facts/mysql.ts'
import { type DetailRow, type VerdictRow, testCheckItem } from '../../../support/verdict-table.ts'

const manuals = {
  mysql: 'https://dev.mysql.com/doc/refman/8.4/en/binary-log.html',
  mariadb: 'https://mariadb.com/kb/en/activating-the-binary-log/',
  precheck:
    'https://help.aliyun.com/en/cloud-backup/user-guide/precheck-a-mysql-database-deployed-on-an-ecs-instance',
} as const
type Row = VerdictRow<Partial<MySqlFacts>, keyof typeof manuals>

const on = 'instance db1'
const native = { profile: 'native' } as const

const having = (changes: Parameters<typeof settings>[0]) => ({ settings: settings(changes) })

const verdicts: readonly Row[] = [
  {
    when: 'it is on',
    status: 'passed',
    findings: [],
    observed: { log_bin: 'ON', server_id: '1', binlog_format: 'ROW', binlog_row_image: 'FULL' },
    manual: 'mysql',
  },
  {
    when: 'it is on in a MariaDB',
    facts: having(mariaDb('10.11.19')),
    status: 'passed',
    findings: [],
    manual: 'mariadb',
  },
  {
    when: 'it is off',
    facts: having({ log_bin: 'OFF' }),
    status: 'failed',
    findings: [{ code: 'BINLOG_OFF', on, blocks: ['log'], degrades: ['incremental'] }],
    readiness: { instance: { full: 'ready', incremental: 'degraded', log: 'blocked', restore: 'ready' } },
    manual: 'precheck',
  },
  {
    when: 'it is off, natively',
    facts: having({ log_bin: 'OFF' }),
    registered: native,
    status: 'failed',
    findings: [{ code: 'BINLOG_OFF', on, blocks: ['log'] }],
    readiness: { instance: { full: 'ready', incremental: 'ready', log: 'blocked', restore: 'ready' } },
    manual: 'mariadb',
  },
  {
    when: 'it is off and no log backup is planned',
    facts: having({ log_bin: 'OFF' }),
    registered: { ...native, operations: ['full', 'restore'] },
    status: 'warning',
    findings: [{ code: 'BINLOG_OFF', on, blocks: ['log'] }],
    manual: 'mysql',
  },
  {
    when: 'the server does not say',
    facts: having({ log_bin: undefined }),
    status: 'error',
    findings: [{ code: 'BINLOG_UNKNOWN', on, obscures: ['incremental', 'log'] }],
    readiness: { instance: { full: 'ready', incremental: 'unknown', log: 'unknown', restore: 'ready' } },
    manual: 'mysql',
  },
  {
    when: 'the server says something else, natively',
    facts: having({ log_bin: 'MAYBE' }),
    registered: native,
    status: 'error',
    findings: [{ code: 'BINLOG_UNKNOWN', on, obscures: ['log'] }],
    manual: 'mysql',
  },
]

const details: readonly DetailRow[] = [
  {
    when: 'it is off',
    code: 'BINLOG_OFF',
    on,
    params: {},
    observed: { log_bin: 'OFF' },
    expected: { log_bin: 'ON' },
    steps: ['restart manual', 'restart manual', 'online manual'],
    verify: "mysql: SHOW GLOBAL VARIABLES WHERE variable_name IN ('log_bin', 'server_id');",
  },
  {
    when: 'the server does not say',
    code: 'BINLOG_UNKNOWN',
    on,
    params: { value: 'NULL' },
    observed: { log_bin: null },
    expected: { log_bin: 'ON' },
    steps: [],
  },
]

describe('MYSQL_BINLOG', () => {
  testCheckItem({
    check,
    engine: 'mysql',
    answer: mysqlFacts,
    manuals,
    affects: { 'cloud-backup': ['incremental', 'log'], native: ['log'] },
    verdicts,
    details,
  })
  testChanges({ check, engine: 'mysql', answer: mysqlFacts, verdicts, isOf: isOfObject })
})

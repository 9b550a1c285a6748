import { testChanges } from '../../../support/changes-table.ts'
import { describe, expect, it } from 'vitest'
import check from '../../../../shared/checks/mysql/mysql-gtid.ts'

import { contextFor, judged } from '../../../support/context.ts'
import {
  type MySqlFacts,
  mariaDb,
  mysqlFacts,
  settings,
  slave,
  isOfObject,
} from '../../../support/facts/mysql.ts'
import { type DetailRow, type VerdictRow, testCheckItem } from '../../../support/verdict-table.ts'

const manuals = {
  mariadb: 'https://mariadb.com/kb/en/gtid/',
  mysql: 'https://dev.mysql.com/doc/refman/8.4/en/replication-options-gtids.html',
} as const
type Row = VerdictRow<Partial<MySqlFacts>, keyof typeof manuals>

const on = 'instance db1'

const verdicts: readonly Row[] = [
  {
    when: 'MySQL without GTIDs',
    status: 'passed',
    findings: [],
    readiness: { instance: { full: 'ready', incremental: 'ready', log: 'ready', restore: 'ready' } },
    observed: { gtid_mode: 'OFF' },
    manual: 'mysql',
  },
  {
    when: 'MySQL with GTIDs',
    facts: { settings: settings({ gtid_mode: 'ON' }) },
    status: 'passed',
    findings: [],
    manual: 'mysql',
  },
  {
    when: 'MySQL between two modes: ON_PERMISSIVE',
    facts: { settings: settings({ gtid_mode: 'ON_PERMISSIVE' }) },
    status: 'warning',
    findings: [{ code: 'GTID_IN_CHANGE', on, degrades: ['log', 'restore'] }],
    manual: 'mysql',
  },
  {
    when: 'MySQL between two modes: OFF_PERMISSIVE',
    facts: { settings: settings({ gtid_mode: 'OFF_PERMISSIVE' }) },
    status: 'warning',
    findings: [{ code: 'GTID_IN_CHANGE', on, degrades: ['log', 'restore'] }],
    manual: 'mysql',
  },
  {
    when: 'MySQL, nobody knows the mode',
    facts: { settings: settings({ gtid_mode: undefined }) },
    status: 'error',
    findings: [{ code: 'GTID_UNKNOWN', on, obscures: ['log', 'restore'] }],
    readiness: { instance: { log: 'unknown' } },
    manual: 'mysql',
  },
  {
    when: 'MariaDB that is no replica',
    facts: { settings: settings({ ...mariaDb('10.11.19'), gtid_binlog_pos: '0-1-7' }) },
    status: 'passed',
    findings: [],
    manual: 'mariadb',
  },
  {
    when: 'MariaDB, a replica that writes in a domain of its own',
    facts: {
      settings: settings({ ...mariaDb('10.11.19'), gtid_binlog_pos: '0-2-9,5-1-7', gtid_slave_pos: '0-2-9' }),
      slaves: [slave()],
    },
    status: 'passed',
    findings: [],
    manual: 'mariadb',
  },
  {
    when: 'MariaDB, a replica that writes in the domain of its source',
    facts: {
      settings: settings({ ...mariaDb('10.11.19'), gtid_binlog_pos: '0-1-10', gtid_slave_pos: '0-2-9' }),
      slaves: [slave()],
    },
    status: 'warning',
    findings: [{ code: 'OWN_WRITES', on, degrades: ['log', 'restore'] }],
    manual: 'mariadb',
  },
  {
    when: 'MariaDB, nobody knows whether it is a replica',
    facts: { settings: settings(mariaDb('10.11.19')), slaves: null },
    status: 'error',
    findings: [{ code: 'GTID_UNKNOWN', on, obscures: ['log', 'restore'] }],
    manual: 'mariadb',
  },
  {
    when: 'MariaDB, a replica whose position is unknown',
    facts: { settings: settings({ ...mariaDb('10.11.19'), gtid_slave_pos: undefined }), slaves: [slave()] },
    status: 'error',
    findings: [{ code: 'GTID_UNKNOWN', on, obscures: ['log', 'restore'] }],
    manual: 'mariadb',
  },
  {
    when: 'MariaDB that is a replica no more',
    facts: {
      settings: settings({ ...mariaDb('10.11.19'), gtid_binlog_pos: '0-1-10', gtid_slave_pos: '0-2-9' }),
    },
    status: 'passed',
    findings: [],
    manual: 'mariadb',
  },
  {
    when: 'MariaDB, a replica that writes in the domain 10 beside the domain 0 of its source',
    facts: {
      settings: settings({ ...mariaDb('10.11.19'), gtid_binlog_pos: '10-1-7', gtid_slave_pos: '0-2-9' }),
      slaves: [slave()],
    },
    status: 'passed',
    findings: [],
    manual: 'mariadb',
  },
  {
    when: 'MariaDB, the server 12 writes in the domain 10 of its source',
    facts: {
      settings: settings({
        ...mariaDb('10.11.19'),
        server_id: '12',
        gtid_binlog_pos: '0-2-9,10-12-10',
        gtid_slave_pos: '0-2-9,10-2-8',
      }),
      slaves: [slave()],
    },
    status: 'warning',
    findings: [{ code: 'OWN_WRITES', on, degrades: ['log', 'restore'] }],
    manual: 'mariadb',
  },
  {
    when: 'MariaDB, a replica whose own position is unknown',
    facts: { settings: settings({ ...mariaDb('10.11.19'), gtid_binlog_pos: undefined }), slaves: [slave()] },
    status: 'error',
    findings: [{ code: 'GTID_UNKNOWN', on, obscures: ['log', 'restore'] }],
    manual: 'mariadb',
  },
  {
    when: 'MariaDB, a replica whose number is unknown',
    facts: { settings: settings({ ...mariaDb('10.11.19'), server_id: undefined }), slaves: [slave()] },
    status: 'error',
    findings: [{ code: 'GTID_UNKNOWN', on, obscures: ['log', 'restore'] }],
    manual: 'mariadb',
  },
  {
    when: 'MySQL, two answers for the mode',
    facts: { settings: [...settings(), { variable_name: 'gtid_mode', value: 'ON' }] },
    status: 'error',
    findings: [{ code: 'GTID_UNKNOWN', on, obscures: ['log', 'restore'] }],
    manual: 'mysql',
  },
]

const details: readonly DetailRow[] = [
  {
    when: 'MySQL between two modes: ON_PERMISSIVE',
    code: 'GTID_IN_CHANGE',
    on: 'instance db1',
    params: { mode: 'ON_PERMISSIVE' },
    observed: { gtid_mode: 'ON_PERMISSIVE' },
    expected: { gtid_mode: 'ON or OFF' },
    steps: ['online manual'],
    verify: "mysql: SHOW GLOBAL VARIABLES LIKE 'gtid_mode';",
  },
  {
    when: 'MySQL, nobody knows the mode',
    code: 'GTID_UNKNOWN',
    on: 'instance db1',
    params: {},
    observed: { gtid_mode: null },
    expected: {},
    steps: [],
  },
  {
    when: 'MariaDB, a replica that writes in the domain of its source',
    code: 'OWN_WRITES',
    on: 'instance db1',
    params: { domain: '0' },
    observed: { gtid_binlog_pos: '0-1-10', gtid_slave_pos: '0-2-9' },
    expected: {},
    steps: ['online manual'],
  },
  {
    when: 'MariaDB, the server 12 writes in the domain 10 of its source',
    code: 'OWN_WRITES',
    on: 'instance db1',
    params: { domain: '10' },
    observed: { gtid_binlog_pos: '0-2-9,10-12-10', gtid_slave_pos: '0-2-9,10-2-8' },
    expected: {},
    steps: ['online manual'],
  },
]

describe('MYSQL_GTID', () => {
  testCheckItem({
    check,
    engine: 'mysql',
    answer: mysqlFacts,
    manuals,
    affects: { 'cloud-backup': ['log', 'restore'], native: ['log', 'restore'] },
    verdicts,
    details,
    never: { failed: 'log backups run whatever the identifiers are' },
  })
  testChanges({ check, engine: 'mysql', answer: mysqlFacts, verdicts, isOf: isOfObject })

  it('goes from a mode in between to ON', () => {
    const answer = mysqlFacts({ settings: settings({ gtid_mode: 'OFF_PERMISSIVE' }) })
    const { findings } = judged(check, { answer }, contextFor('mysql'))
    expect(findings.map(({ remediation }) => remediation?.changes)).toEqual([{ gtid_mode: 'ON' }])
  })
})

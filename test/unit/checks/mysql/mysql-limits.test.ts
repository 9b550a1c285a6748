import { testChanges } from '../../../support/changes-table.ts'
import { describe } from 'vitest'
import check from '../../../../shared/checks/mysql/mysql-limits.ts'

import { type MySqlFacts, activity, mysqlFacts, settings, isOfObject } from '../../../support/facts/mysql.ts'
import { type DetailRow, type VerdictRow, all, testCheckItem } from '../../../support/verdict-table.ts'

const manuals = {
  variables: 'https://mariadb.com/kb/en/server-system-variables/',
  packet: 'https://dev.mysql.com/doc/refman/8.4/en/packet-too-large.html',
  connections: 'https://dev.mysql.com/doc/refman/8.4/en/too-many-connections.html',
} as const
type Row = VerdictRow<Partial<MySqlFacts>, keyof typeof manuals>

const on = 'instance db1'

const verdicts: readonly Row[] = [
  {
    when: 'room for packets and connections',
    status: 'passed',
    findings: [],
    readiness: { instance: { full: 'ready', incremental: 'ready', log: 'ready', restore: 'ready' } },
    manual: 'variables',
  },
  {
    when: 'packets of the default of MariaDB',
    facts: { settings: settings({ max_allowed_packet: '16777216' }) },
    status: 'passed',
    findings: [],
    manual: 'packet',
  },
  {
    when: 'packets of less',
    facts: { settings: settings({ max_allowed_packet: '16776192' }) },
    status: 'warning',
    findings: [{ code: 'PACKET_SMALL', on, degrades: ['full', 'log', 'restore'] }],
    readiness: { instance: { full: 'degraded', incremental: 'ready' } },
    manual: 'packet',
  },
  {
    when: 'a tenth of the connections left',
    facts: { settings: settings({ max_connections: '150' }), activity: [activity({ sessions: 135 })] },
    status: 'warning',
    findings: [{ code: 'CONNECTIONS_USED', on, degrades: all }],
    manual: 'connections',
  },
  {
    when: 'one more left',
    facts: { settings: settings({ max_connections: '150' }), activity: [activity({ sessions: 134 })] },
    status: 'passed',
    findings: [],
    manual: 'connections',
  },
  {
    when: 'a login without PROCESS',
    facts: { activity: null },
    status: 'error',
    findings: [{ code: 'LIMITS_UNKNOWN', on, obscures: all }],
    readiness: { instance: { full: 'unknown' } },
    manual: 'connections',
  },
  {
    when: 'nobody knows the largest packet',
    facts: { settings: settings({ max_allowed_packet: 'much' }) },
    status: 'error',
    findings: [{ code: 'LIMITS_UNKNOWN', on, obscures: all }],
    manual: 'variables',
  },
  {
    when: 'a largest packet that is more than a number',
    facts: { settings: settings({ max_allowed_packet: 'about 67108864' }) },
    status: 'error',
    findings: [{ code: 'LIMITS_UNKNOWN', on, obscures: all }],
    manual: 'variables',
  },
  {
    when: 'nobody knows how many connections there may be',
    facts: { settings: settings({ max_connections: undefined }) },
    status: 'error',
    findings: [{ code: 'LIMITS_UNKNOWN', on, obscures: all }],
    manual: 'connections',
  },
]

const details: readonly DetailRow[] = [
  {
    when: 'packets of less',
    code: 'PACKET_SMALL',
    on: 'instance db1',
    params: { bytes: 16776192, dump: 25165824 },
    observed: { max_allowed_packet: 16776192 },
    expected: { max_allowed_packet: 'at least 16777216' },
    steps: ['online mysql: SET GLOBAL max_allowed_packet = 67108864;'],
    verify: "mysql: SHOW GLOBAL VARIABLES WHERE variable_name IN ('max_allowed_packet', 'max_connections');",
  },
  {
    when: 'a tenth of the connections left',
    code: 'CONNECTIONS_USED',
    on: 'instance db1',
    params: { used: 135, most: 150 },
    observed: { sessions: 135, max_connections: 150 },
    expected: { sessions: 'below 90%' },
    steps: ['online mysql: SHOW FULL PROCESSLIST;', 'online mysql: SET GLOBAL max_connections = 300;'],
    verify: "mysql: SHOW GLOBAL VARIABLES WHERE variable_name IN ('max_allowed_packet', 'max_connections');",
  },
  {
    when: 'a login without PROCESS',
    code: 'LIMITS_UNKNOWN',
    on: 'instance db1',
    params: {},
    observed: { max_allowed_packet: 67108864, max_connections: 151, sessions: null },
    expected: {},
    steps: [],
  },
]

describe('MYSQL_LIMITS', () => {
  testCheckItem({
    check,
    engine: 'mysql',
    answer: mysqlFacts,
    manuals,
    affects: { 'cloud-backup': all, native: all },
    verdicts,
    details,
    never: { failed: 'a backup may find room when it runs' },
  })
  testChanges({ check, engine: 'mysql', answer: mysqlFacts, verdicts, isOf: isOfObject })
})

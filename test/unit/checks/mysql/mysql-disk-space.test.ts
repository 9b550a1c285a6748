import { testChanges } from '../../../support/changes-table.ts'
import { describe } from 'vitest'
import check from '../../../../shared/checks/mysql/mysql-disk-space.ts'

import { type MySqlFacts, disk, mysqlFacts, settings, isOfObject } from '../../../support/facts/mysql.ts'
import { type DetailRow, type VerdictRow, testCheckItem } from '../../../support/verdict-table.ts'

const manuals = {
  plugin: 'https://mariadb.com/kb/en/disks-plugin/',
  disks: 'https://mariadb.com/kb/en/information-schema-disks-table/',
} as const
type Row = VerdictRow<Partial<MySqlFacts>, keyof typeof manuals>

const on = 'instance db1'

const verdicts: readonly Row[] = [
  {
    when: 'half of the volume free',
    status: 'passed',
    findings: [],
    readiness: { instance: { full: 'ready', incremental: 'ready', log: 'ready', restore: 'ready' } },
    observed: { datadir: '/var/lib/mysql/' },
    manual: 'disks',
  },
  {
    when: 'a tenth free',
    facts: { disks: [disk({ available_kb: 10 * 1024 * 1024 })] },
    status: 'passed',
    findings: [],
    manual: 'disks',
  },
  {
    when: 'less than a tenth free',
    facts: { disks: [disk({ available_kb: 10 * 1024 * 1024 - 1 })] },
    status: 'warning',
    findings: [{ code: 'SPACE_LOW', on, degrades: ['full', 'incremental', 'log'] }],
    readiness: { instance: { full: 'degraded', restore: 'ready' } },
    manual: 'disks',
  },
  {
    when: 'less than a gigabyte free',
    facts: { disks: [disk({ available_kb: 1024 * 1024 - 1 })] },
    status: 'failed',
    findings: [{ code: 'SPACE_USED_UP', on, blocks: ['full', 'incremental', 'log'] }],
    manual: 'disks',
  },
  {
    when: 'another volume full',
    facts: {
      disks: [
        disk(),
        disk({ disk_path: '/var/lib/mysql-files', available_kb: 0 }),
        disk({ disk_path: '/var/lib/my', available_kb: 0 }),
        disk({ disk_path: '/home', available_kb: 0 }),
      ],
    },
    status: 'passed',
    findings: [],
    manual: 'disks',
  },
  {
    when: 'a volume of its own, full',
    facts: { disks: [disk(), disk({ disk_path: '/var/lib/mysql', available_kb: 0 })] },
    status: 'failed',
    findings: [{ code: 'SPACE_USED_UP', on, blocks: ['full', 'incremental', 'log'] }],
    manual: 'disks',
  },
  {
    when: 'a server without the plugin',
    facts: { disks: null },
    status: 'passed',
    findings: [{ code: 'SPACE_NOT_SHOWN', on }],
    readiness: { instance: { full: 'ready' } },
    manual: 'plugin',
  },
  {
    when: 'a login without FILE',
    facts: { disks: [] },
    status: 'passed',
    findings: [{ code: 'SPACE_NOT_SHOWN', on }],
    manual: 'plugin',
  },
  {
    when: 'nobody knows what is left',
    facts: { disks: [disk({ available_kb: null })] },
    status: 'error',
    findings: [{ code: 'SPACE_UNKNOWN', on, obscures: ['full', 'incremental', 'log'] }],
    manual: 'disks',
  },
  {
    when: 'nobody knows where the data is',
    facts: { settings: settings({ datadir: undefined }) },
    status: 'error',
    findings: [{ code: 'SPACE_UNKNOWN', on, obscures: ['full', 'incremental', 'log'] }],
    manual: 'disks',
  },
  {
    when: 'a gigabyte free',
    facts: { disks: [disk({ available_kb: 1024 * 1024 })] },
    status: 'warning',
    findings: [{ code: 'SPACE_LOW', on, degrades: ['full', 'incremental', 'log'] }],
    manual: 'disks',
  },
  {
    when: 'a volume mounted at the data directory itself, full',
    facts: {
      settings: settings({ datadir: '/data' }),
      disks: [disk(), disk({ disk_path: '/data', available_kb: 0 })],
    },
    status: 'failed',
    findings: [{ code: 'SPACE_USED_UP', on, blocks: ['full', 'incremental', 'log'] }],
    manual: 'disks',
  },
  {
    when: 'a data directory that is written without the last slash',
    facts: { settings: settings({ datadir: '/data/mysql' }) },
    status: 'passed',
    findings: [],
    manual: 'disks',
  },
  {
    when: 'nobody knows how large the volume is',
    facts: { disks: [disk({ total_kb: null })] },
    status: 'error',
    findings: [{ code: 'SPACE_UNKNOWN', on, obscures: ['full', 'incremental', 'log'] }],
    manual: 'disks',
  },
  {
    when: 'a server without the plugin, and nobody knows where the data is',
    facts: { disks: null, settings: settings({ datadir: undefined }) },
    status: 'passed',
    findings: [{ code: 'SPACE_NOT_SHOWN', on }],
    manual: 'plugin',
  },
]

const details: readonly DetailRow[] = [
  {
    when: 'less than a tenth free',
    code: 'SPACE_LOW',
    on: 'instance db1',
    params: { path: '/var/lib/mysql/', percent: 9 },
    observed: { datadir: '/var/lib/mysql/', total_kb: 104857600, available_kb: 10485759 },
    expected: { available_kb: 'at least 10%' },
    steps: ['online manual'],
  },
  {
    when: 'less than a gigabyte free',
    code: 'SPACE_USED_UP',
    on: 'instance db1',
    params: { path: '/var/lib/mysql/', gigabytes: 0.99 },
    observed: { datadir: '/var/lib/mysql/', total_kb: 104857600, available_kb: 1048575 },
    expected: { available_kb: 'at least 1048576' },
    steps: ['online manual'],
  },
  {
    when: 'a server without the plugin',
    code: 'SPACE_NOT_SHOWN',
    on: 'instance db1',
    params: { path: '/var/lib/mysql/' },
    observed: {},
    expected: {},
    steps: [],
  },
  {
    when: 'nobody knows what is left',
    code: 'SPACE_UNKNOWN',
    on: 'instance db1',
    params: { path: '/var/lib/mysql/' },
    observed: { datadir: '/var/lib/mysql/', total_kb: 104857600, available_kb: null },
    expected: {},
    steps: [],
  },
  {
    when: 'a server without the plugin, and nobody knows where the data is',
    code: 'SPACE_NOT_SHOWN',
    on: 'instance db1',
    params: { path: 'datadir' },
    observed: {},
    expected: {},
    steps: [],
  },
]

describe('MYSQL_DISK_SPACE', () => {
  testCheckItem({
    check,
    engine: 'mysql',
    answer: mysqlFacts,
    manuals,
    affects: { 'cloud-backup': ['full', 'incremental', 'log'], native: ['full', 'incremental', 'log'] },
    verdicts,
    details,
  })
  testChanges({ check, engine: 'mysql', answer: mysqlFacts, verdicts, isOf: isOfObject })
})

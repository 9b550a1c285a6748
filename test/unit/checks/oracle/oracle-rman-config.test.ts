import { describe } from 'vitest'
import check from '../../../../shared/checks/oracle/oracle-rman-config.ts'
import { testChanges } from '../../../support/changes-table.ts'
import {
  type OracleFacts,
  database,
  oracleFacts,
  rman,
  sbtChannels,
  setting,
} from '../../../support/facts/oracle.ts'
import {
  type DetailRow,
  type VerdictRow,
  all,
  backups,
  testCheckItem,
} from '../../../support/verdict-table.ts'

const manuals = {
  configure: 'https://docs.oracle.com/en/database/oracle/oracle-database/19/rcmrf/CONFIGURE.html',
  configurationView:
    'https://docs.oracle.com/en/database/oracle/oracle-database/19/refrn/V-RMAN_CONFIGURATION.html',
  twoDayDba:
    'Oracle Database 2 Day DBA, Configuring Automatic Backups for the Control File and Server Parameter File',
  sbt: 'Oracle Database Backup and Recovery User’s Guide, Configuring SBT Channels for Use with a Media Manager',
  farSync: 'Oracle Data Guard Concepts and Administration, Using Far Sync Instances',
} as const
type Row = VerdictRow<Partial<OracleFacts>, keyof typeof manuals>

const single = [database({ cdb: 'NO' })]

/** All settings at their defaults, but for these. */
const settings = (
  autobackup: string | null,
  device: string | null = null,
  channels: number | null = 0,
): OracleFacts['rman'] => [
  setting('autobackup', autobackup),
  setting('default-device', device),
  sbtChannels(channels),
]

const off = { code: 'AUTOBACKUP_OFF', on: 'instance ORCL autobackup', degrades: ['restore'] } as const
const channelless = {
  code: 'SBT_WITHOUT_CHANNEL',
  on: 'instance ORCL default-device',
  degrades: backups,
} as const
const unknown = (name: string): Row['findings'][number] => ({
  code: 'SETTING_UNKNOWN',
  on: `instance ORCL ${name}`,
  obscures: name === 'autobackup' ? ['restore'] : backups,
})

const verdicts: readonly Row[] = [
  {
    when: 'the control file is backed up, to disk',
    status: 'passed',
    findings: [],
    observed: { autobackup: 'ON', default_device: null },
    manual: 'configure',
  },
  {
    when: 'a container database with defaults',
    facts: { rman: settings(null) },
    status: 'passed',
    findings: [],
    manual: 'twoDayDba',
  },
  {
    when: 'no container database with defaults',
    facts: { database: single, rman: settings(null) },
    status: 'warning',
    findings: [off],
    readiness: { instance: { full: 'ready', incremental: 'ready', log: 'ready', restore: 'degraded' } },
    manual: 'twoDayDba',
  },
  {
    when: 'no container database, turned on',
    facts: { database: single, rman: settings('ON') },
    status: 'passed',
    findings: [],
    manual: 'configure',
  },
  {
    when: 'a container database, turned off',
    facts: { rman: settings('OFF') },
    status: 'warning',
    findings: [off],
    manual: 'configure',
  },
  {
    when: 'neither a container database nor none, with defaults',
    facts: { database: [database({ cdb: 'MAYBE' })], rman: settings(null) },
    status: 'error',
    findings: [unknown('autobackup')],
    manual: 'configurationView',
  },
  {
    when: 'autobackup is a word nobody knows',
    facts: { rman: settings('MAYBE') },
    status: 'error',
    findings: [unknown('autobackup')],
    manual: 'configurationView',
  },
  {
    when: 'autobackup is set to what is not known',
    facts: { rman: [rman({ kind: 'autobackup', value: null, amount: 1 }), setting('default-device', null)] },
    status: 'error',
    findings: [unknown('autobackup')],
    manual: 'configurationView',
  },
  {
    when: 'to disk, said so',
    facts: { rman: settings('ON', 'DISK') },
    status: 'passed',
    findings: [],
    manual: 'configure',
  },
  {
    when: 'to media management with a channel',
    facts: { rman: settings('ON', "'SBT_TAPE'", 2) },
    status: 'passed',
    findings: [],
    manual: 'sbt',
  },
  {
    when: 'to media management without a channel',
    facts: { rman: settings('ON', "'SBT_TAPE'") },
    status: 'warning',
    findings: [channelless],
    manual: 'sbt',
  },
  {
    when: 'to media management by its short name, without a channel',
    facts: { rman: settings('ON', 'sbt') },
    status: 'warning',
    findings: [channelless],
    manual: 'sbt',
  },
  {
    when: 'to media management, channels are not known',
    facts: { rman: settings('ON', 'SBT', null) },
    status: 'error',
    findings: [unknown('sbt-channel')],
    manual: 'configurationView',
  },
  {
    when: 'to media management, and no row of its channels',
    facts: { rman: [setting('autobackup', 'ON'), setting('default-device', 'SBT')] },
    status: 'error',
    findings: [unknown('sbt-channel')],
    manual: 'configurationView',
  },
  {
    when: 'to a device nobody knows',
    facts: { rman: settings('ON', 'FLOPPY') },
    status: 'error',
    findings: [unknown('default-device')],
    manual: 'configurationView',
  },
  {
    when: 'no row of a setting',
    facts: { rman: [] },
    status: 'error',
    findings: [unknown('autobackup'), unknown('default-device')],
    manual: 'configurationView',
  },
  {
    when: 'a far sync instance, turned off',
    facts: { database: [database({ database_role: 'FAR SYNC' })], rman: settings('OFF') },
    status: 'passed',
    findings: [],
    manual: 'farSync',
  },
]

const verify = 'sqlplus: SELECT name, value FROM v$rman_configuration ORDER BY conf#;'

const details: readonly DetailRow[] = [
  {
    when: 'a container database, turned off',
    code: 'AUTOBACKUP_OFF',
    on: 'instance ORCL autobackup',
    params: { setting: 'autobackup', value: 'OFF' },
    observed: { value: 'OFF', amount: 1 },
    expected: { value: 'ON' },
    steps: ['online rman: CONFIGURE CONTROLFILE AUTOBACKUP ON;'],
    verify,
    changes: { value: 'ON', amount: 1 },
  },
  {
    when: 'to media management without a channel',
    code: 'SBT_WITHOUT_CHANNEL',
    on: 'instance ORCL default-device',
    params: { setting: 'default-device', value: "'SBT_TAPE'" },
    observed: { value: "'SBT_TAPE'", amount: 1 },
    expected: { sbt_channels: '1 or more' },
    steps: ['online manual'],
    verify,
  },
  {
    when: 'to a device nobody knows',
    code: 'SETTING_UNKNOWN',
    on: 'instance ORCL default-device',
    params: { setting: 'default-device', value: 'FLOPPY' },
    observed: { value: 'FLOPPY', amount: 1 },
    expected: { known: true },
    steps: [],
  },
  {
    when: 'no row of a setting',
    code: 'SETTING_UNKNOWN',
    on: 'instance ORCL autobackup',
    params: { setting: 'autobackup', value: '-' },
    observed: { value: null, amount: null },
    expected: { known: true },
    steps: [],
  },
]

describe('ORACLE_RMAN_CONFIG', () => {
  testCheckItem({
    check,
    engine: 'oracle',
    answer: oracleFacts,
    manuals,
    affects: { 'cloud-backup': all, native: all },
    verdicts,
    details,
    never: { failed: 'a job may make settings of its own' },
  })

  testChanges({
    check,
    engine: 'oracle',
    answer: oracleFacts,
    verdicts,
    isOf: (statement, row, { name }) => statement === 'rman' && name === `ORCL ${String(row['kind'])}`,
  })
})

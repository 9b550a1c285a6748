import * as z from 'zod'
import { allOperations, backupOperations } from '../../model/operation.ts'
import type { Remediation } from '../../model/remediation.ts'
import { type FindingDraft, defineCheck } from '../framework/define-check.ts'
import { type RmanRow, RmanRows, rmanOf, rmanPrivileges, rmanQuery } from './backup-facts.ts'
import { oracle } from './engine.ts'
import { DatabaseFact, databaseQuery } from './facts.ts'
import { sqlplus } from './languages.ts'
import { recoverySteps as steps } from './recovery-steps.ts'
import { roleOf, takesNoBackup } from './role.ts'

const texts = {
  AUTOBACKUP_OFF: {
    en: 'RMAN does not back up the control file by itself: a database that lost it is hard to restore.',
    zh: 'RMAN 未启用控制文件自动备份：丢失控制文件后，数据库难以恢复。',
  },
  SBT_WITHOUT_CHANNEL: {
    en: 'RMAN backs up to media management (SBT) by default, but no channel is configured for it: a job that allocates none of its own does not find the library.',
    zh: 'RMAN 默认备份到介质管理（SBT），但未为其配置通道：未自行分配通道的作业将找不到介质管理库。',
  },
  SETTING_UNKNOWN: {
    en: 'A setting of RMAN is unknown: the server reports {value} for {setting}.',
    zh: '无法判定 RMAN 的设置：服务器对 {setting} 返回 {value}。',
  },
} as const
type Draft = FindingDraft<keyof typeof texts>

const verifyConfiguration: Remediation['verify'] = {
  language: sqlplus.name,
  query: 'SELECT name, value FROM v$rman_configuration ORDER BY conf#;',
}

type Setting = 'autobackup' | 'default-device' | 'sbt-channel'

const onSetting = ({ name }: DatabaseFact, setting: Setting, row: RmanRow | undefined) =>
  ({
    params: { setting, value: row?.value ?? '-' },
    object: { type: 'instance', name: `${name} ${setting}` },
    observed: { value: row?.value ?? null, amount: row?.amount ?? null },
  }) as const

/** What holds: the value that is set, or the default; undefined where neither is known. */
const heldBy = (row: RmanRow | undefined, byDefault: string | undefined): string | undefined =>
  row?.amount === 0 ? byDefault : (row?.value ?? undefined)

const unknown = (database: DatabaseFact, setting: Setting, row: RmanRow | undefined): Draft => ({
  ...onSetting(database, setting, row),
  code: 'SETTING_UNKNOWN',
  expected: { known: true },
  obscures: setting === 'autobackup' ? ['restore'] : [...backupOperations],
})

/**
 * "Configuring Automatic Backups for the Control File and Server Parameter File" (2 Day DBA): container databases have
 * it by default, others do not.
 */
const judgeAutobackup = (database: DatabaseFact, row: RmanRow | undefined): Draft[] => {
  const defaults = new Map([
    ['YES', 'ON'],
    ['NO', 'OFF'],
  ])
  const value = heldBy(row, defaults.get(database.cdb))
  if (value === 'ON') return []
  if (value !== 'OFF') return [unknown(database, 'autobackup', row)]
  return [
    {
      ...onSetting(database, 'autobackup', row),
      code: 'AUTOBACKUP_OFF',
      expected: { value: 'ON' },
      degrades: ['restore'],
      remediation: {
        steps: [steps.turnOnAutobackup({})],
        verify: verifyConfiguration,
        changes: { value: 'ON', amount: 1 },
      },
    },
  ]
}

const judgeDevice = (
  database: DatabaseFact,
  device: RmanRow | undefined,
  channel: RmanRow | undefined,
): Draft[] => {
  const value = heldBy(device, 'DISK')?.replaceAll("'", '').toUpperCase()
  if (value === 'DISK') return []
  if (value !== 'SBT' && value !== 'SBT_TAPE') return [unknown(database, 'default-device', device)]
  const amount = channel?.amount ?? null
  if (amount === null) return [unknown(database, 'sbt-channel', channel)]
  if (amount > 0) return []
  return [
    {
      ...onSetting(database, 'default-device', device),
      code: 'SBT_WITHOUT_CHANNEL',
      expected: { sbt_channels: '1 or more' },
      degrades: [...backupOperations],
      // What the library is called, the backup product says.
      remediation: { steps: [steps.configureChannel({})], verify: verifyConfiguration, changes: {} },
    },
  ]
}

/** Verifies that RMAN is set to back up the control file too, and that it has a channel to where it backs up. */
export default defineCheck(oracle, {
  id: 'ORACLE_RMAN_CONFIG',
  set: 'standard',
  title: { en: 'RMAN is well configured', zh: 'RMAN 配置检查：配置正常' },
  failureTitle: { en: 'RMAN is not well configured', zh: 'RMAN 配置检查：配置异常' },
  description: {
    en: 'Checks whether RMAN backs up the control file with every backup, and whether its default device has a channel. Settings that a job makes for itself are not seen.',
    zh: '检查 RMAN 是否在每次备份时自动备份控制文件，以及默认设备是否配置了通道。作业自行进行的设置无法得知。',
  },
  affects: () => allOperations,
  texts,
  privileges: ['SELECT ON SYS.V_$DATABASE', ...rmanPrivileges],
  fixes: [steps.configureChannel, steps.turnOnAutobackup],
  documents: [
    'https://docs.oracle.com/en/database/oracle/oracle-database/19/rcmrf/CONFIGURE.html',
    'https://docs.oracle.com/en/database/oracle/oracle-database/19/refrn/V-RMAN_CONFIGURATION.html',
  ],
  queries: { database: databaseQuery, rman: rmanQuery },
  facts: z.object({ database: DatabaseFact, rman: RmanRows }),
  evaluate: ({ database, rman }) => {
    if (takesNoBackup(roleOf(database.database_role))) return { findings: [] }
    const [autobackup] = rmanOf(rman, 'autobackup')
    const [device] = rmanOf(rman, 'default-device')
    const [channel] = rmanOf(rman, 'sbt-channel')
    return {
      findings: [...judgeAutobackup(database, autobackup), ...judgeDevice(database, device, channel)],
      observed: { autobackup: autobackup?.value ?? null, default_device: device?.value ?? null },
    }
  },
})

import { allOperations, backupOperations } from '../../model/operation.ts'
import type { Remediation } from '../../model/remediation.ts'
import { type CheckContext, type Evaluation, type FindingDraft, defineCheck } from '../define.ts'
import { coverageFindings, coverageTexts } from './coverage.ts'
import { DatabaseFacts, type DatabaseRow, considered, databaseQueries, exclusionTexts } from './databases.ts'
import { quoteName, quoteString } from './quote.ts'
import { type Role, roleOf } from './role.ts'

const texts = {
  ...coverageTexts,
  ...exclusionTexts,
  OFFLINE: {
    en: '{database} is OFFLINE. Bring it online.',
    zh: '{database} 处于 OFFLINE 状态。请将其联机。',
  },
  RESTORING: {
    en: '{database} is RESTORING and is no secondary: a restore was not finished. Recover it, or finish the restore.',
    zh: '{database} 处于 RESTORING 状态且不是辅助数据库:还原尚未完成。请恢复该数据库或完成还原。',
  },
  STANDBY: {
    en: '{database} is read-only in STANDBY and no log shipping keeps it so. Recover it to make it usable.',
    zh: '{database} 处于只读 STANDBY 状态,且并非由日志传送维持。请恢复该数据库。',
  },
  RECOVERY_PENDING: {
    en: '{database} is RECOVERY_PENDING: a file is missing or cannot be opened. The error log names it.',
    zh: '{database} 处于 RECOVERY_PENDING 状态:有文件缺失或无法打开,请查看错误日志。',
  },
  SUSPECT: {
    en: '{database} is SUSPECT: recovery failed. Find the cause in the error log; restore from a backup if it is damaged.',
    zh: '{database} 处于 SUSPECT 状态:恢复失败。请在错误日志中查找原因;如已损坏,请从备份还原。',
  },
  EMERGENCY: {
    en: '{database} is in EMERGENCY mode for repair. Check it and restore it from a backup if it is damaged.',
    zh: '{database} 处于 EMERGENCY 修复模式。请检查,如已损坏请从备份还原。',
  },
  OFFLINE_SECONDARY: {
    en: '{database} is OFFLINE_SECONDARY. Look at its geo-replication.',
    zh: '{database} 处于 OFFLINE_SECONDARY 状态。请检查其异地复制。',
  },
  TRANSIENT_STATE: {
    en: '{database} is {state}: it should be over soon. Run the precheck again in a few minutes.',
    zh: '{database} 处于 {state} 状态,应很快结束。请几分钟后重新预检。',
  },
  STATE_UNKNOWN: {
    en: 'The state of {database} could not be judged: the server says {state}.',
    zh: '无法判定 {database} 的状态:服务器返回 {state}。',
  },
  ROLE_UNKNOWN: {
    en: '{database} is {state}, which is normal for a secondary; whether it is one could not be read. Grant the privilege below.',
    zh: '{database} 处于 {state} 状态,这对辅助数据库是正常的;但无法读取其角色。请授予下列权限。',
  },
  AG_RESOLVING: {
    en: 'The availability replica of {database} is RESOLVING: it has no primary. Bring the availability group back first.',
    zh: '{database} 的可用性副本处于 RESOLVING 状态:没有主副本。请先恢复可用性组。',
  },
  AG_SECONDARY: {
    en: '{database} is a secondary of its availability group: it takes copy-only full and log backups here. Others run on the primary.',
    zh: '{database} 是可用性组的辅助副本:此处仅支持仅复制的全量备份和日志备份,其他备份请在主副本上执行。',
  },
  SECONDARY: {
    en: '{database} is {state} as a {role}, which is normal. It is backed up on its primary.',
    zh: '{database} 作为 {role} 处于 {state} 状态,属正常。请在其主库上备份。',
  },
  SINGLE_USER: {
    en: '{database} is in SINGLE_USER access: the backup does not get in while somebody is connected.',
    zh: '{database} 处于 SINGLE_USER 访问模式:有其他连接时备份无法进入。',
  },
  INSTANCE_SINGLE_USER: {
    en: 'The instance runs in single-user mode and takes one administrator only. Restart it without -m.',
    zh: '实例以单用户模式运行,只接受一个管理员连接。请去掉 -m 参数后重启。',
  },
  INSTANCE_PAUSED: {
    en: 'The instance is paused and takes no new connections. Continue its service.',
    zh: '实例已暂停,不接受新连接。请继续运行其服务。',
  },
  INSTANCE_UPGRADING: {
    en: 'The instance is in script upgrade mode and takes no connections until it is over.',
    zh: '实例处于脚本升级模式,升级完成前不接受连接。',
  },
} as const
type Code = keyof typeof texts
type Draft = FindingDraft<Code>

/** A secondary of SQL Server 2025 (17) and later also takes differential backups ("Offload supported backups to secondary replicas"). */
const firstWithSecondaryDifferential = 17

const verifyState = (name: string): Remediation['verify'] => ({
  language: 'tsql',
  query: `SELECT name, state_desc FROM sys.databases WHERE name = ${quoteString(name)};`,
})

const setOnline = (name: string): Remediation => ({
  steps: [{ language: 'tsql', command: `ALTER DATABASE ${quoteName(name)} SET ONLINE;`, risk: 'online' }],
  verify: verifyState(name),
})

const recover = (name: string): Remediation => ({
  steps: [
    {
      language: 'manual',
      command: 'Make sure that no more backups are to be restored into it: after the next step none can be.',
      risk: 'online',
    },
    { language: 'tsql', command: `RESTORE DATABASE ${quoteName(name)} WITH RECOVERY;`, risk: 'data-loss' },
  ],
  verify: verifyState(name),
})

const mendFile = (name: string): Remediation => ({
  steps: [
    { language: 'tsql', command: "EXEC sys.xp_readerrorlog 0, 1, N'cannot', NULL;", risk: 'online' },
    { language: 'manual', command: 'Put the missing file back or mend its permissions.', risk: 'online' },
    ...setOnline(name).steps,
  ],
  verify: verifyState(name),
})

/** Never a repair that drops data: damage is mended by a restore. */
const inspect = (name: string): Remediation => ({
  steps: [
    {
      language: 'tsql',
      command: `DBCC CHECKDB (${quoteString(name)}) WITH NO_INFOMSGS, ALL_ERRORMSGS;`,
      risk: 'online',
    },
    {
      language: 'manual',
      command: 'Restore the database from its last good backup if it is damaged.',
      risk: 'downtime',
    },
  ],
  verify: verifyState(name),
})

const grantRoles = ({ target }: CheckContext): Remediation => {
  const login = quoteName(target.definition.connection.credential.username)
  return {
    steps: [
      { language: 'tsql', command: `USE [master]; GRANT VIEW SERVER STATE TO ${login};`, risk: 'online' },
      {
        language: 'tsql',
        command: `USE [msdb]; GRANT SELECT ON dbo.log_shipping_secondary_databases TO ${login};`,
        risk: 'online',
      },
    ],
    verify: { language: 'tsql', query: "SELECT HAS_PERMS_BY_NAME(NULL, NULL, 'VIEW SERVER STATE');" },
  }
}

const broken: Readonly<
  Record<string, { readonly code: Code; readonly mend: (name: string) => Remediation }>
> = {
  OFFLINE: { code: 'OFFLINE', mend: setOnline },
  RESTORING: { code: 'RESTORING', mend: recover },
  RECOVERY_PENDING: { code: 'RECOVERY_PENDING', mend: mendFile },
  SUSPECT: { code: 'SUSPECT', mend: inspect },
  EMERGENCY: { code: 'EMERGENCY', mend: inspect },
  OFFLINE_SECONDARY: { code: 'OFFLINE_SECONDARY', mend: setOnline },
}

const transient: readonly string[] = ['RECOVERING', 'COPYING']

const draft = (row: DatabaseRow, part: Pick<Draft, 'code'> & Partial<Draft>): Draft => ({
  params: { database: row.name, ...part.params },
  object: { type: 'database', name: row.name },
  observed: { state_desc: row.state_desc, is_in_standby: row.is_in_standby, ...part.observed },
  expected: { state_desc: 'ONLINE', ...part.expected },
  code: part.code,
  ...(part.blocks && { blocks: part.blocks }),
  ...(part.degrades && { degrades: part.degrades }),
  ...(part.obscures && { obscures: part.obscures }),
  ...(part.limits && { limits: part.limits }),
  ...(part.remediation && { remediation: part.remediation }),
})

/** The state as a reader knows it: a standby is ONLINE to `state_desc`. */
const stateOf = ({ state_desc, is_in_standby }: DatabaseRow): string =>
  state_desc === 'ONLINE' && is_in_standby ? 'STANDBY' : (state_desc ?? 'NULL')

const judgeAvailable = (row: DatabaseRow, role: Role, version: number): Draft[] => {
  if (role === 'ag-secondary') {
    const limits = version < firstWithSecondaryDifferential ? (['incremental'] as const) : []
    return [draft(row, { code: 'AG_SECONDARY', limits: [...limits], observed: { role } })]
  }
  if (row.user_access_desc === 'SINGLE_USER') {
    const command = `ALTER DATABASE ${quoteName(row.name)} SET MULTI_USER;`
    return [
      draft(row, {
        code: 'SINGLE_USER',
        degrades: [...allOperations],
        observed: { user_access_desc: 'SINGLE_USER' },
        expected: { user_access_desc: 'MULTI_USER' },
        remediation: {
          steps: [{ language: 'tsql', command, risk: 'online' }],
          verify: verifyState(row.name),
        },
      }),
    ]
  }
  return []
}

/** RESTORING and STANDBY are normal for what waits for the logs of a primary, and a failure for everything else. */
const judgeWaiting = (row: DatabaseRow, role: Role, context: CheckContext): Draft => {
  const state = stateOf(row)
  if (role === 'unknown') {
    return draft(row, {
      code: 'ROLE_UNKNOWN',
      params: { state },
      obscures: [...allOperations],
      remediation: grantRoles(context),
    })
  }
  if (role !== 'principal') {
    return draft(row, {
      code: 'SECONDARY',
      params: { state, role },
      limits: [...backupOperations],
      observed: { role },
    })
  }
  const code = state === 'STANDBY' ? 'STANDBY' : 'RESTORING'
  return draft(row, { code, blocks: [...allOperations], remediation: recover(row.name) })
}

const judgeDatabase = (row: DatabaseRow, facts: DatabaseFacts, context: CheckContext): Draft[] => {
  const role = roleOf(row, facts)
  const state = stateOf(row)
  if (role === 'ag-resolving')
    return [draft(row, { code: 'AG_RESOLVING', blocks: [...allOperations], observed: { role } })]
  if (state === 'ONLINE') return judgeAvailable(row, role, Number.parseInt(facts.server.product_version, 10))
  if (state === 'RESTORING' || state === 'STANDBY') return [judgeWaiting(row, role, context)]
  if (transient.includes(state)) {
    return [draft(row, { code: 'TRANSIENT_STATE', params: { state }, degrades: [...allOperations] })]
  }
  const known = broken[state]
  if (!known) return [draft(row, { code: 'STATE_UNKNOWN', params: { state }, obscures: [...allOperations] })]
  return [draft(row, { code: known.code, blocks: [...allOperations], remediation: known.mend(row.name) })]
}

const instanceDown =
  (code: Code, command: string, risk: 'online' | 'restart') =>
  (_: unknown, { target }: CheckContext): Evaluation<Code> => ({
    findings: [
      {
        code,
        object: { type: 'instance', name: target.instanceId },
        observed: { instance: code },
        expected: { instance: 'ONLINE' },
        blocks: [...allOperations],
        remediation: { steps: [{ language: 'powershell', command, risk }], verify: null },
      },
    ],
  })

/**
 * Verifies that every database is ONLINE, judged by its role: what waits for the logs of a primary is normal as RESTORING
 * or STANDBY. A database that is not online can be neither backed up nor restored into.
 */
export default defineCheck({
  id: 'SQL_SERVER_DB_NOT_ONLINE',
  engine: 'sqlserver',
  title: {
    en: 'The instance and its databases are online',
    zh: 'SQL Server数据库状态检查:实例和数据库均在线',
  },
  failureTitle: {
    en: 'The instance or databases are not online',
    zh: 'SQL Server数据库状态检查:实例或数据库不在线',
  },
  description: {
    en: 'Checks that the instance and every database are online. One that is not can be neither backed up nor restored.',
    zh: '检查实例和每个数据库是否在线。不在线的数据库无法备份和恢复。',
  },
  affects: () => allOperations,
  texts,
  privileges: [
    'VIEW ANY DATABASE',
    'VIEW SERVER STATE',
    'SELECT ON msdb.dbo.log_shipping_secondary_databases',
  ],
  documents: [
    'https://www.alibabacloud.com/help/en/cloud-backup/user-guide/precheck-an-sql-server-database-deployed-on-an-ecs-instance',
    'https://learn.microsoft.com/sql/relational-databases/databases/database-states',
  ],
  vantage: 'checker',
  question: { probe: 'sqlserver', queries: databaseQueries },
  claims: {
    SQLSERVER_SINGLE_USER: instanceDown(
      'INSTANCE_SINGLE_USER',
      'Restart-Service -Name MSSQLSERVER -Force',
      'restart',
    ),
    SQLSERVER_PAUSED: instanceDown('INSTANCE_PAUSED', 'Resume-Service -Name MSSQLSERVER', 'online'),
    SQLSERVER_UPGRADING: instanceDown(
      'INSTANCE_UPGRADING',
      'Get-EventLog -LogName Application -Source MSSQLSERVER -Newest 20',
      'online',
    ),
  },
  facts: DatabaseFacts,
  evaluate: (facts, context) => {
    const { databases, excluded } = considered(facts)
    return {
      findings: [
        ...coverageFindings(facts, context),
        ...databases.flatMap((row) => judgeDatabase(row, facts, context)),
      ],
      databases: databases.map(({ name }) => name),
      excluded,
      observed: { databases: databases.length, product_version: facts.server.product_version },
    }
  },
})

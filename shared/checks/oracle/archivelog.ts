import * as z from 'zod'
import { backupOperations } from '../../model/operation.ts'
import type { Profile } from '../../model/profile.ts'
import type { Remediation } from '../../model/remediation.ts'
import { type CheckContext, type FindingDraft, defineCheck } from '../define.ts'
import {
  DatabaseFact,
  DestinationRows,
  type DestinationRow,
  InstanceRows,
  type InstanceRow,
  databaseQuery,
  destinationQuery,
  instanceQuery,
  isStandby,
} from './facts.ts'
import { quoteName } from './quote.ts'

const texts = {
  NOARCHIVELOG: {
    en: 'The database is in NOARCHIVELOG mode: an open database cannot be backed up, nor its logs.',
    zh: '数据库处于非归档模式(NOARCHIVELOG):无法对打开的数据库及其日志进行备份。',
  },
  ARCHIVE_MANUAL: {
    en: 'The database archives manually (MANUAL): redo logs pile up until somebody archives them.',
    zh: '数据库为手动归档(MANUAL):重做日志需人工归档,否则会堆积。',
  },
  LOG_MODE_UNKNOWN: {
    en: 'The archive mode could not be judged: the server says {mode}.',
    zh: '无法判定归档模式:服务器返回 {mode}。',
  },
  ARCHIVER_NOT_RUNNING: {
    en: 'The archiver of instance {instance} is {archiver}: logs are no longer archived and the database will stop (ORA-00257).',
    zh: '实例 {instance} 的归档进程为 {archiver}:日志不再归档,数据库将停止(ORA-00257)。',
  },
  NO_VALID_DESTINATION: {
    en: 'No local archive destination is VALID: logs cannot be archived.',
    zh: '没有可用(VALID)的本地归档目的地:无法归档日志。',
  },
  MANDATORY_DESTINATION_BROKEN: {
    en: 'The mandatory archive destination {destination} is {status}: {error}',
    zh: '必选归档目的地 {destination} 状态为 {status}:{error}',
  },
  OPTIONAL_DESTINATION_BROKEN: {
    en: 'The archive destination {destination} is {status}: {error}',
    zh: '归档目的地 {destination} 状态为 {status}:{error}',
  },
  DESTINATIONS_UNREADABLE: {
    en: 'The database is in ARCHIVELOG mode; whether a destination works could not be read (V$ARCHIVE_DEST).',
    zh: '数据库处于归档模式;但无法读取归档目的地状态(V$ARCHIVE_DEST)。',
  },
} as const
type Code = keyof typeof texts
type Draft = FindingDraft<Code>

/** Archive mode has no part in a restore. */
const affected = backupOperations

const verifyMode: Remediation['verify'] = {
  language: 'sqlplus',
  query: 'SELECT name, log_mode FROM v$database;',
}

const setArchivelog = (isCluster: boolean, name: string): Remediation => {
  const stop = isCluster
    ? ({ language: 'bash', command: `srvctl stop database -d ${name}`, risk: 'downtime' } as const)
    : ({ language: 'sqlplus', command: 'SHUTDOWN IMMEDIATE;', risk: 'downtime' } as const)
  const mount = isCluster
    ? ({ language: 'bash', command: `srvctl start database -d ${name} -o mount`, risk: 'downtime' } as const)
    : ({ language: 'sqlplus', command: 'STARTUP MOUNT;', risk: 'downtime' } as const)
  return {
    steps: [
      {
        language: 'manual',
        command: 'Size the recovery area first: a full one stops the database. Work in CDB$ROOT.',
        risk: 'online',
      },
      stop,
      mount,
      { language: 'sqlplus', command: 'ALTER DATABASE ARCHIVELOG;', risk: 'downtime' },
      { language: 'sqlplus', command: 'ALTER DATABASE OPEN;', risk: 'online' },
      { language: 'sqlplus', command: 'ARCHIVE LOG LIST', risk: 'online' },
    ],
    verify: verifyMode,
  }
}

const onPrimary: Remediation = {
  steps: [
    {
      language: 'manual',
      command: 'Set ARCHIVELOG on the primary: a standby takes the mode from it.',
      risk: 'downtime',
    },
  ],
  verify: verifyMode,
}

/**
 * Cloud Backup: "you cannot back up the Oracle databases". Natively a consistent full backup from MOUNT remains
 * ("Backing Up in NOARCHIVELOG Mode", RMAN user's guide), so that only log backup is lost for good.
 */
const lostWithoutArchivelog = (profile: Profile) =>
  profile === 'cloud-backup'
    ? { blocks: [...affected] }
    : { blocks: ['log' as const], degrades: ['full' as const, 'incremental' as const] }

const onDatabase = ({ name, log_mode }: DatabaseFact, part: Pick<Draft, 'code'> & Partial<Draft>): Draft => ({
  object: { type: 'instance', name },
  observed: { log_mode },
  expected: { log_mode: 'ARCHIVELOG' },
  ...part,
})

const judgeArchiver = (row: InstanceRow): Draft[] => {
  const { archiver, instance_name } = row
  if (archiver !== 'FAILED' && archiver !== 'STOPPED') return []
  return [
    {
      code: 'ARCHIVER_NOT_RUNNING',
      params: { instance: instance_name, archiver },
      object: { type: 'instance', name: instance_name },
      observed: { archiver },
      expected: { archiver: 'STARTED' },
      blocks: [...affected],
      remediation: {
        steps: [
          {
            language: 'sqlplus',
            command: 'SELECT dest_name, status, error FROM v$archive_dest;',
            risk: 'online',
          },
          { language: 'sqlplus', command: 'ALTER SYSTEM ARCHIVE LOG START;', risk: 'online' },
          { language: 'sqlplus', command: 'ALTER SYSTEM ARCHIVE LOG ALL;', risk: 'online' },
        ],
        verify: { language: 'sqlplus', query: 'SELECT instance_name, archiver FROM gv$instance;' },
      },
    },
  ]
}

/** Statuses of V$ARCHIVE_DEST in which nothing is archived and nobody chose so. */
const brokenStatuses: readonly string[] = ['ERROR', 'FULL', 'BAD PARAM', 'DISABLED']

const judgeDestination = (database: DatabaseFact, row: DestinationRow): Draft[] => {
  if (!brokenStatuses.includes(row.status)) return []
  const isMandatory = row.binding === 'MANDATORY'
  const number = /\d+$/.exec(row.dest_name)?.[0] ?? '1'
  return [
    onDatabase(database, {
      code: isMandatory ? 'MANDATORY_DESTINATION_BROKEN' : 'OPTIONAL_DESTINATION_BROKEN',
      params: { destination: row.dest_name, status: row.status, error: row.error ?? '-' },
      object: { type: 'instance', name: `${database.name} ${row.dest_name}` },
      observed: { status: row.status, binding: row.binding, error: row.error },
      expected: { status: 'VALID' },
      ...(isMandatory ? { blocks: [...affected] } : { degrades: [...affected] }),
      remediation: {
        steps: [
          {
            language: 'manual',
            command: 'Mend what the error names: space, path or network.',
            risk: 'online',
          },
          {
            language: 'sqlplus',
            command: `ALTER SYSTEM SET log_archive_dest_state_${number} = ENABLE;`,
            risk: 'online',
          },
        ],
        verify: { language: 'sqlplus', query: 'SELECT dest_name, status, error FROM v$archive_dest;' },
      },
    }),
  ]
}

const isLocal = ({ target }: DestinationRow): boolean => target === 'PRIMARY' || target === 'LOCAL'

const judgeDestinations = (
  database: DatabaseFact,
  destinations: readonly DestinationRow[] | null,
  { target }: CheckContext,
): Draft[] => {
  if (destinations === null) {
    const user = quoteName(target.definition.connection.credential.username.toUpperCase())
    const command = `GRANT SELECT ON SYS.V_$ARCHIVE_DEST TO ${user};`
    return [
      onDatabase(database, {
        code: 'DESTINATIONS_UNREADABLE',
        obscures: [...affected],
        remediation: { steps: [{ language: 'sqlplus', command, risk: 'online' }], verify: null },
      }),
    ]
  }
  const broken = destinations.flatMap((row) => judgeDestination(database, row))
  const hasValid =
    isStandby(database.database_role) || destinations.some((row) => isLocal(row) && row.status === 'VALID')
  if (hasValid) return broken
  return [
    onDatabase(database, {
      code: 'NO_VALID_DESTINATION',
      observed: { valid_local_destinations: 0 },
      expected: { valid_local_destinations: '1 or more' },
      blocks: [...affected],
      remediation: {
        steps: [
          {
            language: 'manual',
            command: 'Free or enlarge the archive destination; delete archived logs with RMAN only.',
            risk: 'online',
          },
          {
            language: 'sqlplus',
            command: "ALTER SYSTEM SET log_archive_dest_1 = 'LOCATION=USE_DB_RECOVERY_FILE_DEST';",
            risk: 'online',
          },
        ],
        verify: { language: 'sqlplus', query: 'SELECT dest_name, status, error FROM v$archive_dest;' },
      },
    }),
    ...broken,
  ]
}

const judgeMode = (database: DatabaseFact, isCluster: boolean, { target }: CheckContext): Draft[] => {
  const { profile } = target.definition
  switch (database.log_mode) {
    case 'ARCHIVELOG':
      return []
    case 'MANUAL':
      return [onDatabase(database, { code: 'ARCHIVE_MANUAL', degrades: [...affected] })]
    case 'NOARCHIVELOG':
      return [
        onDatabase(database, {
          code: 'NOARCHIVELOG',
          ...lostWithoutArchivelog(profile),
          remediation: isStandby(database.database_role)
            ? onPrimary
            : setArchivelog(isCluster, database.name),
        }),
      ]
    default:
      return [
        onDatabase(database, {
          code: 'LOG_MODE_UNKNOWN',
          params: { mode: database.log_mode },
          obscures: [...affected],
        }),
      ]
  }
}

/**
 * Verifies that the archive mode is normal: ARCHIVELOG, an archiver that runs, and a local destination that takes logs.
 * Blocks every backup of the instance under `cloud-backup`. Mended from MOUNT, which means downtime.
 */
export default defineCheck({
  id: 'ARCHIVELOG',
  engine: 'oracle',
  title: { en: 'The archive mode is normal', zh: '归档模式检查:归档模式正常' },
  failureTitle: { en: 'The archive mode is not normal', zh: '归档模式检查:归档模式异常' },
  description: {
    en: 'Checks that the database archives its redo logs and has where to. If it does not, it cannot be backed up while open.',
    zh: '检查数据库是否归档重做日志且归档目的地可用。否则无法在打开状态下备份。',
  },
  affects: () => affected,
  texts,
  privileges: ['SELECT ON SYS.V_$DATABASE', 'SELECT ON SYS.GV_$INSTANCE', 'SELECT ON SYS.V_$ARCHIVE_DEST'],
  documents: [
    'https://docs.oracle.com/en/database/oracle/oracle-database/19/admin/managing-archived-redo-log-files.html',
    'https://docs.oracle.com/en/database/oracle/oracle-database/19/refrn/V-ARCHIVE_DEST.html',
  ],
  vantage: 'checker',
  question: {
    probe: 'oracle',
    queries: { database: databaseQuery, instances: instanceQuery, destinations: destinationQuery },
  },
  facts: z.object({ database: DatabaseFact, instances: InstanceRows, destinations: DestinationRows }),
  evaluate: ({ database, instances, destinations }, context) => {
    const findings = judgeMode(database, instances.length > 1, context)
    if (database.log_mode === 'ARCHIVELOG') {
      findings.push(
        ...instances.flatMap(judgeArchiver),
        ...judgeDestinations(database, destinations, context),
      )
    }
    return { findings, observed: { log_mode: database.log_mode, destinations: destinations?.length ?? null } }
  },
})

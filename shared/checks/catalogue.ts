import { isSelected } from '../model/check-selection.ts'
import type { Engine } from '../model/engine.ts'
import type { InstanceDefinition } from '../model/instance.ts'
import ossInternalEndpointConnectivity from './connectivity/oss-internal-endpoint-connectivity.ts'
import serviceConnectivity from './connectivity/service-connectivity.ts'
import type { Check } from './framework/define-check.ts'
import type { EngineDeclaration } from './framework/define-engine.ts'
import { memoryChecks } from './memory/catalogue.ts'
import backupClient from './host/backup-client.ts'
import clockSkew from './host/clock-skew.ts'
import hostDiskSpace from './host/host-disk-space.ts'
import vssWriters from './host/vss-writers.ts'
import { mysql } from './mysql/engine.ts'
import mysqlAccountExpiry from './mysql/mysql-account-expiry.ts'
import mysqlBackupLocks from './mysql/mysql-backup-locks.ts'
import mysqlBackupRights from './mysql/mysql-backup-rights.ts'
import mysqlBinlog from './mysql/mysql-binlog.ts'
import mysqlBinlogFormat from './mysql/mysql-binlog-format.ts'
import mysqlBinlogGaps from './mysql/mysql-binlog-gaps.ts'
import mysqlBinlogRetention from './mysql/mysql-binlog-retention.ts'
import mysqlBlockers from './mysql/mysql-blockers.ts'
import mysqlDataDirectory from './mysql/mysql-data-directory.ts'
import mysqlDefiners from './mysql/mysql-definers.ts'
import mysqlDiskSpace from './mysql/mysql-disk-space.ts'
import mysqlEncryption from './mysql/mysql-encryption.ts'
import mysqlGtid from './mysql/mysql-gtid.ts'
import mysqlLimits from './mysql/mysql-limits.ts'
import mysqlReplica from './mysql/mysql-replica.ts'
import mysqlTableEngines from './mysql/mysql-table-engines.ts'
import mysqlTablesBroken from './mysql/mysql-tables-broken.ts'
import mysqlVersion from './mysql/mysql-version.ts'
import { oracle } from './oracle/engine.ts'
import archivelog from './oracle/archivelog.ts'
import oracleAccountExpiry from './oracle/oracle-account-expiry.ts'
import oracleArchiveSpace from './oracle/oracle-archive-space.ts'
import oracleArchivedLogGap from './oracle/oracle-archived-log-gap.ts'
import oracleBackupMode from './oracle/oracle-backup-mode.ts'
import oracleBackupRights from './oracle/oracle-backup-rights.ts'
import oracleBackupRunning from './oracle/oracle-backup-running.ts'
import oracleBlockCorruption from './oracle/oracle-block-corruption.ts'
import oracleControlFileKeepTime from './oracle/oracle-control-file-keep-time.ts'
import oracleDataGuardLag from './oracle/oracle-data-guard-lag.ts'
import oracleDatafiles from './oracle/oracle-datafiles.ts'
import oracleDbStatus from './oracle/oracle-db-status.ts'
import oracleInstanceStatus from './oracle/oracle-instance-status.ts'
import oracleLastBackup from './oracle/oracle-last-backup.ts'
import oracleLimits from './oracle/oracle-limits.ts'
import oracleRacSnapshotControlfile from './oracle/oracle-rac-snapshot-controlfile.ts'
import oracleRecoveryArea from './oracle/oracle-recovery-area.ts'
import oracleRedoStatus from './oracle/oracle-redo-status.ts'
import oracleRmanConfig from './oracle/oracle-rman-config.ts'
import oracleSpfile from './oracle/oracle-spfile.ts'
import oracleTdeKeystore from './oracle/oracle-tde-keystore.ts'
import oracleUnrecoverable from './oracle/oracle-unrecoverable.ts'
import oracleVersion from './oracle/oracle-version.ts'
import { sqlserver } from './sqlserver/engine.ts'
import sqlServerAccountExpiry from './sqlserver/sql-server-account-expiry.ts'
import sqlServerAgBackup from './sqlserver/sql-server-ag-backup.ts'
import sqlServerBackupIntegrity from './sqlserver/sql-server-backup-integrity.ts'
import sqlServerBackupRights from './sqlserver/sql-server-backup-rights.ts'
import sqlServerBackupRunning from './sqlserver/sql-server-backup-running.ts'
import sqlServerDatabaseNames from './sqlserver/sql-server-database-names.ts'
import sqlServerDataFiles from './sqlserver/sql-server-data-files.ts'
import sqlServerDbInSimpleRecoveryMode from './sqlserver/sql-server-db-in-simple-recovery-mode.ts'
import sqlServerDbNotOnline from './sqlserver/sql-server-db-not-online.ts'
import sqlServerDifferentialBase from './sqlserver/sql-server-differential-base.ts'
import sqlServerLastBackup from './sqlserver/sql-server-last-backup.ts'
import sqlServerLastCheckdb from './sqlserver/sql-server-last-checkdb.ts'
import sqlServerLogChain from './sqlserver/sql-server-log-chain.ts'
import sqlServerLogSpace from './sqlserver/sql-server-log-space.ts'
import sqlServerServices from './sqlserver/sql-server-services.ts'
import sqlServerSuspectPages from './sqlserver/sql-server-suspect-pages.ts'
import sqlServerTdeCertificate from './sqlserver/sql-server-tde-certificate.ts'
import sqlServerVersion from './sqlserver/sql-server-version.ts'

/** Every engine as it declares itself. */
export const engines: { readonly [Name in Engine]: EngineDeclaration<Name> } = { oracle, sqlserver, mysql }

/** Every check item, in the order in which reports list them. A new item is added here, and nowhere else. */
export const catalogue: readonly Check[] = [
  ossInternalEndpointConnectivity,
  serviceConnectivity,
  hostDiskSpace,
  backupClient,
  clockSkew,
  oracleInstanceStatus,
  oracleDbStatus,
  archivelog,
  oracleLastBackup,
  oracleArchivedLogGap,
  oracleRecoveryArea,
  oracleArchiveSpace,
  oracleRmanConfig,
  oracleRacSnapshotControlfile,
  oracleControlFileKeepTime,
  oracleRedoStatus,
  oracleBackupMode,
  oracleBackupRunning,
  oracleDatafiles,
  oracleBlockCorruption,
  oracleUnrecoverable,
  oracleTdeKeystore,
  oracleBackupRights,
  oracleAccountExpiry,
  oracleLimits,
  oracleSpfile,
  oracleVersion,
  oracleDataGuardLag,
  sqlServerDbNotOnline,
  sqlServerDbInSimpleRecoveryMode,
  sqlServerLastBackup,
  sqlServerLogChain,
  sqlServerDifferentialBase,
  sqlServerBackupIntegrity,
  sqlServerSuspectPages,
  sqlServerDataFiles,
  sqlServerLastCheckdb,
  sqlServerBackupRunning,
  sqlServerLogSpace,
  sqlServerTdeCertificate,
  sqlServerBackupRights,
  sqlServerAccountExpiry,
  sqlServerAgBackup,
  sqlServerServices,
  sqlServerVersion,
  sqlServerDatabaseNames,
  mysqlVersion,
  mysqlBinlog,
  mysqlBackupRights,
  mysqlAccountExpiry,
  mysqlTableEngines,
  mysqlTablesBroken,
  mysqlDefiners,
  mysqlBinlogRetention,
  mysqlBinlogFormat,
  mysqlBinlogGaps,
  mysqlGtid,
  mysqlReplica,
  mysqlBlockers,
  mysqlBackupLocks,
  mysqlLimits,
  mysqlDiskSpace,
  mysqlEncryption,
  mysqlDataDirectory,
  ...memoryChecks,
  vssWriters,
]

const byId = new Map(catalogue.map((check) => [check.id, check]))

/** The check item of that id, if there is one. */
export const findCheck = (id: string): Check | undefined => byId.get(id)

/** The check items of an engine, those for all engines included. */
export const checksFor = (engine: Engine): readonly Check[] =>
  catalogue.filter((check) => check.engine === 'all' || check.engine === engine)

/** Names of the rights without which an instance of an engine is not online: those of its essential items. */
export const essentialRights = (engine: Engine): ReadonlySet<string> =>
  new Set(checksFor(engine).flatMap(({ set, privileges }) => (set === 'essential' ? privileges : [])))

/** The check items of a full precheck of an instance. */
export const selectedChecks = ({ engine, checks }: InstanceDefinition): readonly Check[] =>
  checksFor(engine).filter((check) => isSelected(check, checks))

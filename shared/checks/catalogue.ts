import { isSelected } from '../model/check-selection.ts'
import type { Engine } from '../model/engine.ts'
import type { InstanceDefinition } from '../model/instance.ts'
import ossInternalEndpointConnectivity from './connectivity/oss-internal-endpoint-connectivity.ts'
import serviceConnectivity from './connectivity/service-connectivity.ts'
import type { Check } from './framework/define-check.ts'
import type { EngineDeclaration } from './framework/define-engine.ts'
import { oracle } from './oracle/engine.ts'
import archivelog from './oracle/archivelog.ts'
import oracleAccountExpiry from './oracle/oracle-account-expiry.ts'
import oracleBackupRights from './oracle/oracle-backup-rights.ts'
import oracleBlockCorruption from './oracle/oracle-block-corruption.ts'
import oracleDataGuardLag from './oracle/oracle-data-guard-lag.ts'
import oracleDatafiles from './oracle/oracle-datafiles.ts'
import oracleDbStatus from './oracle/oracle-db-status.ts'
import oracleInstanceStatus from './oracle/oracle-instance-status.ts'
import oracleLimits from './oracle/oracle-limits.ts'
import oracleSpfile from './oracle/oracle-spfile.ts'
import oracleTdeKeystore from './oracle/oracle-tde-keystore.ts'
import oracleUnrecoverable from './oracle/oracle-unrecoverable.ts'
import oracleVersion from './oracle/oracle-version.ts'
import { sqlserver } from './sqlserver/engine.ts'
import sqlServerDbInSimpleRecoveryMode from './sqlserver/sql-server-db-in-simple-recovery-mode.ts'
import sqlServerDbNotOnline from './sqlserver/sql-server-db-not-online.ts'

/** Every engine as it declares itself. */
export const engines: { readonly [Name in Engine]: EngineDeclaration<Name> } = { oracle, sqlserver }

/** Every check item, in the order in which reports list them. A new item is added here, and nowhere else. */
export const catalogue: readonly Check[] = [
  ossInternalEndpointConnectivity,
  serviceConnectivity,
  oracleInstanceStatus,
  oracleDbStatus,
  archivelog,
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
]

const byId = new Map(catalogue.map((check) => [check.id, check]))

/** The check item of that id, if there is one. */
export const findCheck = (id: string): Check | undefined => byId.get(id)

/** The check items of an engine, those for all engines included. */
export const checksFor = (engine: Engine): readonly Check[] =>
  catalogue.filter((check) => check.engine === 'all' || check.engine === engine)

/** The check items of a full precheck of an instance. */
export const selectedChecks = ({ engine, checks }: InstanceDefinition): readonly Check[] =>
  checksFor(engine).filter((check) => isSelected(check, checks))

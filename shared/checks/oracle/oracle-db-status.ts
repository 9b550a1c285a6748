import * as z from 'zod'
import type { Identities } from '../../model/identity.ts'
import { allOperations } from '../../model/operation.ts'
import { type CheckContext, defineCheck } from '../framework/define-check.ts'
import { identitiesOf } from '../framework/identities.ts'
import { archiveSteps } from './archive-steps.ts'
import { coverageFindings, coverageTexts, isRequired, isSeed, seesAll } from './coverage.ts'
import { databaseSteps } from './database-steps.ts'
import { oracle } from './engine.ts'
import {
  DatabaseFact,
  InstanceRows,
  type InstanceRow,
  KindRows,
  type KindRow,
  PluggableRows,
  type PluggableRow,
  RecoveryRows,
  type RecoveryRow,
  databaseQuery,
  instanceQuery,
  kindQuery,
  pluggableQuery,
  recoveryQuery,
} from './facts.ts'
import { instanceSteps } from './instance-steps.ts'
import { type Container, judgePluggable, pluggableTexts } from './pluggable.ts'
import { roleOf } from './role.ts'
import { isOpen, judgeDatabase, wholeDatabaseTexts } from './whole-database.ts'

const texts = {
  ...wholeDatabaseTexts,
  ...pluggableTexts,
  ...coverageTexts,
  SEED: { en: 'PDB$SEED is a template that never changes', zh: 'PDB$SEED 为模板，内容不会变化' },
} as const

interface Facts {
  readonly database: DatabaseFact
  readonly instances: readonly InstanceRow[]
  readonly pluggables: readonly PluggableRow[]
  readonly recovery: readonly RecoveryRow[] | null
  readonly kinds: readonly KindRow[] | null
}

/** What is known of the recovery of one: no value at all is not known to be well. */
const recoveriesOf = (name: string, recovery: Facts['recovery']): readonly (string | null)[] => {
  if (recovery === null) return []
  const own = recovery.filter((row) => row.name === name)
  return own.length > 0 ? own.map(({ recovery_status }) => recovery_status) : [null]
}

const judgePluggables = (facts: Facts, context: CheckContext) => {
  const { database, instances, pluggables, recovery, kinds } = facts
  const container: Container = {
    role: roleOf(database.database_role),
    isOpen: isOpen(database, instances),
    isReadOnly: database.open_mode.startsWith('READ ONLY'),
  }
  const own = pluggables.filter((row) => !isSeed(row))
  const names = [...new Set(own.map(({ name }) => name))]
  const findings = names.flatMap((name) => {
    const rows = own.filter((row) => row.name === name)
    const kind = kinds?.find((row) => row.name === name) ?? null
    const pluggable = { name, rows, recoveries: recoveriesOf(name, recovery), kind }
    return judgePluggable(pluggable, container, isRequired(name, context), context)
  })
  return { names, findings }
}

const identify = (
  database: DatabaseFact,
  pluggables: readonly PluggableRow[],
  names: readonly string[],
): Identities => {
  const guids = new Map(pluggables.map(({ name, guid }) => [name, guid]))
  return identitiesOf({
    instance: { id: database.dbid, fork: database.resetlogs_change },
    type: 'pluggable-database',
    isWhole: seesAll(database, pluggables),
    databases: names.map((name) => [name, guids.get(name) ?? null, null, null]),
  })
}

/** Pluggable databases that are open on some instance. */
const openOnes = (pluggables: readonly PluggableRow[]): ReadonlySet<string> =>
  new Set(pluggables.flatMap(({ name, open_mode }) => (open_mode === 'MOUNTED' ? [] : name)))

/**
 * Verifies that the database and its pluggable databases are open as their role wants it. A closed pluggable database
 * is a warning unless the registration requires it. Blocks backup and restore of that database alone.
 */
export default defineCheck(oracle, {
  id: 'ORACLE_DB_STATUS',
  set: 'essential',
  title: { en: 'The Oracle databases are in normal status', zh: 'Oracle 数据库状态检查：数据库状态正常' },
  failureTitle: {
    en: 'Oracle databases are not in normal status',
    zh: 'Oracle 数据库状态检查：数据库状态异常',
  },
  description: {
    en: 'Checks whether every database is open as its role requires. If the check fails, you cannot back up or restore the databases that are named.',
    zh: '检查每个数据库是否按其角色正常打开。如果未通过，则无法备份或恢复提示的数据库。',
  },
  affects: () => allOperations,
  texts,
  privileges: ['SELECT ON SYS.V_$DATABASE', 'SELECT ON SYS.GV_$INSTANCE', 'SELECT ON SYS.GV_$PDBS'],
  fixes: [
    databaseSteps.askKind,
    databaseSteps.backUpElsewhere,
    databaseSteps.bringFilesOnline,
    databaseSteps.closePluggable,
    databaseSteps.decideOnPluggable,
    databaseSteps.enableRecovery,
    databaseSteps.enterPluggable,
    databaseSteps.enterRoot,
    databaseSteps.letRestoreEnd,
    databaseSteps.mendViolations,
    instanceSteps.open,
    databaseSteps.openPluggable,
    archiveSteps.openPluggables,
    databaseSteps.openReadOnly,
    databaseSteps.openResetlogs,
    databaseSteps.plugInOrForget,
    databaseSteps.recover,
    databaseSteps.recoverPluggable,
    databaseSteps.registerWithCommonUser,
    databaseSteps.replaceStandbyControlFile,
    databaseSteps.restoreFromPrimary,
    databaseSteps.saveState,
    databaseSteps.seeAllPluggables,
    databaseSteps.showViolations,
    databaseSteps.startRedoApply,
    databaseSteps.stopRedoApply,
  ],
  documents: [
    'https://docs.oracle.com/en/database/oracle/oracle-database/19/refrn/V-DATABASE.html',
    'https://docs.oracle.com/en/database/oracle/oracle-database/19/refrn/V-PDBS.html',
    'https://docs.oracle.com/en/database/oracle/oracle-database/19/refrn/DBA_PDBS.html',
  ],
  queries: {
    database: databaseQuery,
    instances: instanceQuery,
    pluggables: pluggableQuery,
    recovery: recoveryQuery,
    kinds: kindQuery,
  },
  facts: z
    .object({
      database: DatabaseFact,
      instances: InstanceRows,
      pluggables: PluggableRows,
      recovery: RecoveryRows,
      kinds: KindRows,
    })
    // What is said of the whole would not reach them.
    .refine(({ database, pluggables }) => database.cdb !== 'NO' || pluggables.length === 0, {
      path: ['pluggables'],
      error: 'expected none in a database that is no container',
    }),
  evaluate: (facts, context) => {
    const { database, instances, pluggables } = facts
    const { names, findings } = judgePluggables(facts, context)
    const open = openOnes(pluggables)
    return {
      findings: [
        ...judgeDatabase(database, instances, context),
        ...coverageFindings(database, pluggables, context),
        ...findings,
      ],
      databases: [database.name, ...names],
      offline: names.filter((name) => !open.has(name)),
      excluded: pluggables
        .filter(isSeed)
        .slice(0, 1)
        .map(({ name }) => ({ name, reason: { code: 'SEED', params: {} } })),
      identities: identify(database, pluggables, names),
      observed: {
        open_mode: database.open_mode,
        database_role: database.database_role,
        pluggable_databases: names.length,
      },
    }
  },
})

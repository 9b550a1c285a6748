import * as z from 'zod'
import type { Operation } from '../../model/operation.ts'
import type { Remediation } from '../../model/remediation.ts'
import { type FindingDraft, defineCheck } from '../framework/define-check.ts'
import { databaseNames } from './containers.ts'
import { oracle } from './engine.ts'
import { DatabaseFact, PluggableRows, databaseQuery, pluggableQuery } from './facts.ts'
import { type FileRow, FileRows, filePrivileges, fileQuery } from './file-facts.ts'
import { type FileGroup, fileGroups } from './file-groups.ts'
import { showUnrecoverable, fileSteps as steps } from './file-steps.ts'
import { sqlplus } from './languages.ts'
import { type Role, roleOf, takesNoBackup } from './role.ts'

const texts = {
  CHANGED_WITHOUT_REDO: {
    en: '{count} data files, such as {file}, were changed without redo (NOLOGGING), and the control file knows of no backup of them since: what was loaded then is lost in a restore.',
    zh: '有 {count} 个数据文件（例如 {file}）发生过不写重做日志的更改（NOLOGGING），且控制文件中没有此后的备份：恢复时将丢失当时加载的数据。',
  },
  STANDBY_LACKS_CHANGES: {
    en: '{count} data files of the standby, such as {file}, lack changes that the primary made without redo: backups of the standby lack them too.',
    zh: '备库有 {count} 个数据文件（例如 {file}）缺少主库未写重做日志的更改：备库的备份同样缺少这些数据。',
  },
} as const
type Code = keyof typeof texts

const affected: readonly Operation[] = ['full', 'incremental', 'restore']

/**
 * What counts by role. The control file of a standby has no times of the primary's later changes, and knows what it
 * lacks itself instead.
 */
const codeOf = ({ kind }: FileRow, { redo }: Role): Code | null => {
  if (kind === 'UNRECOVERABLE') return redo === 'received' ? null : 'CHANGED_WITHOUT_REDO'
  return kind === 'NONLOGGED' && redo !== 'own' ? 'STANDBY_LACKS_CHANGES' : null
}

const effects = {
  CHANGED_WITHOUT_REDO: { degrades: ['restore'] },
  STANDBY_LACKS_CHANGES: { degrades: [...affected] },
} as const satisfies Record<Code, Pick<FindingDraft, 'degrades'>>

const stepsFor = (code: Code, isForced: boolean): Remediation['steps'] => {
  if (code === 'STANDBY_LACKS_CHANGES') return [steps.recoverNonlogged({}), steps.forceLoggingOnPrimary({})]
  return [steps.backUpIncrementally({}), ...(isForced ? [] : [steps.forceLogging({})])]
}

const toDraft = (
  { code, object, file, amount }: FileGroup<Code>,
  forceLogging: string | null,
): FindingDraft<Code> => ({
  code,
  object,
  params: { count: amount, file },
  observed: { files: amount, force_logging: forceLogging },
  expected: { files: 0 },
  ...effects[code],
  remediation: {
    steps: stepsFor(code, forceLogging === 'YES'),
    verify: { language: sqlplus.name, query: showUnrecoverable },
    // Whether the data can be loaded again instead is for its owner to say.
    changes: {},
  },
})

/**
 * Verifies that backups hold every change that was made without redo, as REPORT UNRECOVERABLE of RMAN does. Backups
 * that the control file has forgotten do not count, which errs on the safe side.
 */
export default defineCheck(oracle, {
  id: 'ORACLE_UNRECOVERABLE',
  set: 'standard',
  title: { en: 'Backups hold all changes made without redo', zh: '备份包含所有未写重做日志的更改' },
  failureTitle: { en: 'Changes made without redo are in no backup', zh: '未写重做日志的更改不在任何备份中' },
  description: {
    en: 'Checks whether data files were changed without redo (NOLOGGING) since their last backup. If the check fails, those changes are lost in a restore, and show as corrupt blocks.',
    zh: '检查数据文件自上次备份以来是否发生过不写重做日志的更改（NOLOGGING）。如果未通过，恢复时将丢失这些更改，并表现为损坏的数据块。',
  },
  affects: () => affected,
  texts,
  privileges: [...filePrivileges, 'SELECT ON SYS.GV_$PDBS'],
  fixes: [steps.backUpIncrementally, steps.forceLogging, steps.forceLoggingOnPrimary, steps.recoverNonlogged],
  documents: [
    'https://docs.oracle.com/en/database/oracle/oracle-database/19/refrn/V-DATAFILE.html',
    'https://docs.oracle.com/en/database/oracle/oracle-database/19/rcmrf/REPORT.html',
  ],
  queries: { database: databaseQuery, pluggables: pluggableQuery, files: fileQuery },
  facts: z.object({ database: DatabaseFact, pluggables: PluggableRows, files: FileRows }),
  evaluate: (facts) => {
    const { database, pluggables, files } = facts
    const role = roleOf(database.database_role)
    const forceLogging = files.find(({ kind }) => kind === 'DATABASE')?.status ?? null
    const observed = { force_logging: forceLogging }
    if (takesNoBackup(role)) return { findings: [], observed }
    const groups = fileGroups(files, (row) => codeOf(row, role), facts)
    return {
      findings: groups.map((group) => toDraft(group, forceLogging)),
      databases: databaseNames(database, pluggables),
      observed,
    }
  },
})

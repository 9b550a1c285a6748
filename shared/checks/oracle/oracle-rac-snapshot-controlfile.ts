import * as z from 'zod'
import type { Operation } from '../../model/operation.ts'
import type { Remediation } from '../../model/remediation.ts'
import { type FindingDraft, defineCheck } from '../framework/define-check.ts'
import { type RmanRow, RmanRows, rmanOf, rmanPrivileges, rmanQuery } from './backup-facts.ts'
import { oracle } from './engine.ts'
import {
  DatabaseFact,
  type InstanceRow,
  InstanceRows,
  databaseQuery,
  instanceQuery,
  isCluster,
} from './facts.ts'
import { sqlplus } from './languages.ts'
import { recoverySteps as steps } from './recovery-steps.ts'
import { roleOf, takesNoBackup } from './role.ts'

const texts = {
  SNAPSHOT_NOT_SHARED: {
    en: 'The snapshot control file of the RAC is in its default place, the Oracle home, which its nodes do not share as a rule: backups of the control file fail (ORA-00245).',
    zh: 'RAC 的快照控制文件位于默认位置（Oracle 主目录），各节点通常不共享该目录：控制文件备份会失败（ORA-00245）。',
  },
  SNAPSHOT_MAY_NOT_BE_SHARED: {
    en: 'The snapshot control file of the RAC is in a file system ({path}). Unless all its nodes share that, backups of the control file fail (ORA-00245).',
    zh: 'RAC 的快照控制文件位于文件系统中（{path}）。如果各节点不共享该文件系统，控制文件备份会失败（ORA-00245）。',
  },
  SNAPSHOT_UNKNOWN: {
    en: 'Where the snapshot control file of the RAC is could not be determined.',
    zh: '无法判定 RAC 的快照控制文件的位置。',
  },
} as const
type Draft = FindingDraft<keyof typeof texts>

/** Of data files: the control file goes with them. */
const affected: readonly Operation[] = ['full', 'incremental']

const verifySnapshot: Remediation['verify'] = {
  language: sqlplus.name,
  query: "SELECT name, value FROM v$rman_configuration WHERE name = 'SNAPSHOT CONTROLFILE NAME';",
}

/** The view has it as `'+DATA/snapcf.f'`, some versions with the word TO before. */
const isInDiskGroup = (value: string): boolean => /^(?:TO\s+)?'?\+/i.test(value)

const judgeSnapshot = (
  { name }: DatabaseFact,
  instances: readonly InstanceRow[],
  row: RmanRow | undefined,
): Draft[] => {
  const { value = null, amount = null } = row ?? {}
  const about = {
    object: { type: 'instance', name },
    observed: { value, amount, instances: instances.length },
    expected: { value: '+<disk group>' },
  } as const
  const fixable = {
    ...about,
    // Which place all nodes share has to be found out first.
    remediation: { steps: [steps.moveSnapshot({})], verify: verifySnapshot, changes: {} },
  }
  if (amount === 0) {
    // While one instance runs alone, no other one writes to it.
    const effect = instances.length > 1 ? { blocks: [...affected] } : { degrades: [...affected] }
    return [{ ...fixable, code: 'SNAPSHOT_NOT_SHARED', ...effect }]
  }
  if (amount === null || value === null)
    return [{ ...about, code: 'SNAPSHOT_UNKNOWN', obscures: [...affected] }]
  if (isInDiskGroup(value)) return []
  const params = { path: value }
  return [{ ...fixable, code: 'SNAPSHOT_MAY_NOT_BE_SHARED', params, degrades: [...affected] }]
}

/**
 * Verifies that all nodes of a RAC reach the snapshot of the control file that RMAN makes for a backup: since 11.2.0.2
 * any of them may write to it. A single instance keeps it where it likes.
 */
export default defineCheck(oracle, {
  id: 'ORACLE_RAC_SNAPSHOT_CONTROLFILE',
  set: 'standard',
  title: {
    en: 'The nodes of the RAC share the snapshot control file',
    zh: 'RAC 快照控制文件检查：各节点共享快照控制文件',
  },
  failureTitle: {
    en: 'The nodes of the RAC may not share the snapshot control file',
    zh: 'RAC 快照控制文件检查：各节点可能不共享快照控制文件',
  },
  description: {
    en: 'Checks whether the snapshot control file of RMAN is in a place that all nodes of a RAC share. If it is not, backups fail with ORA-00245.',
    zh: '检查 RMAN 的快照控制文件是否位于 RAC 所有节点共享的位置。如果不是，备份会因 ORA-00245 失败。',
  },
  affects: () => affected,
  texts,
  privileges: ['SELECT ON SYS.V_$DATABASE', 'SELECT ON SYS.GV_$INSTANCE', ...rmanPrivileges],
  fixes: [steps.moveSnapshot],
  documents: [
    'https://docs.oracle.com/en/database/oracle/oracle-database/19/racad/configuring-rman-and-archiving.html',
    'https://docs.oracle.com/en/error-help/db/ora-00245/',
  ],
  queries: { database: databaseQuery, instances: instanceQuery, rman: rmanQuery },
  facts: z.object({ database: DatabaseFact, instances: InstanceRows, rman: RmanRows }),
  evaluate: ({ database, instances, rman }) => {
    const [snapshot] = rmanOf(rman, 'snapshot')
    const observed = { cluster: isCluster(instances), snapshot: snapshot?.value ?? null }
    if (!isCluster(instances) || takesNoBackup(roleOf(database.database_role)))
      return { findings: [], observed }
    return { findings: judgeSnapshot(database, instances, snapshot), observed }
  },
})

import * as z from 'zod'
import type { Operation } from '../../model/operation.ts'
import type { Remediation } from '../../model/remediation.ts'
import { type FindingDraft, defineCheck } from '../framework/define-check.ts'
import { databaseNames } from './containers.ts'
import { oracle } from './engine.ts'
import { DatabaseFact, PluggableRows, databaseQuery, pluggableQuery } from './facts.ts'
import { type FileRow, FileRows, filePrivileges, fileQuery } from './file-facts.ts'
import { type FileGroup, fileGroups, valuesOf } from './file-groups.ts'
import { showCorruption, fileSteps as steps } from './file-steps.ts'
import { sqlplus } from './languages.ts'
import { type Role, roleOf, takesNoBackup } from './role.ts'

const texts = {
  BLOCKS_CORRUPT: {
    en: '{count} blocks are recorded as corrupt ({type}), in {file} for example: a backup of the file fails at the first of them (ORA-19566) unless it is told to go on.',
    zh: '有 {count} 个数据块被记录为损坏（{type}），例如在 {file} 中：除非明确允许，否则备份该文件时遇到首个损坏块即会失败（ORA-19566）。',
  },
  BLOCKS_LOGICALLY_CORRUPT: {
    en: '{count} blocks are recorded as logically corrupt ({type}), in {file} for example: their contents are not usable, and backups carry the damage along.',
    zh: '有 {count} 个数据块被记录为逻辑损坏（{type}），例如在 {file} 中：其内容不可用，且损坏会被带入备份。',
  },
  CORRUPTION_UNKNOWN: {
    en: '{count} blocks are recorded as corrupt, in {file} for example, in a way that is unknown: the server reports {type}.',
    zh: '有 {count} 个数据块被记录为损坏，例如在 {file} 中，但类型未知：服务器返回 {type}。',
  },
} as const
type Code = keyof typeof texts

const affected: readonly Operation[] = ['full', 'incremental', 'restore']

/** "V$DATABASE_BLOCK_CORRUPTION", Oracle Database Reference. */
const codes: ReadonlyMap<string | null, Code> = new Map<string | null, Code>([
  ['ALL ZERO', 'BLOCKS_CORRUPT'],
  ['FRACTURED', 'BLOCKS_CORRUPT'],
  ['CHECKSUM', 'BLOCKS_CORRUPT'],
  ['CORRUPT', 'BLOCKS_CORRUPT'],
  ['LOGICAL', 'BLOCKS_LOGICALLY_CORRUPT'],
  ['NOLOGGING', 'BLOCKS_LOGICALLY_CORRUPT'],
])

const effects = {
  BLOCKS_CORRUPT: { blocks: ['full', 'incremental'], degrades: ['restore'] },
  BLOCKS_LOGICALLY_CORRUPT: { degrades: [...affected] },
  CORRUPTION_UNKNOWN: { obscures: [...affected] },
} as const satisfies Record<Code, Pick<FindingDraft, 'blocks' | 'degrades' | 'obscures'>>

/** A standby that received no redo for blocks can have them from its primary. */
const mend = ({ code }: FileGroup<Code>, { redo }: Role): Remediation['steps'] => {
  if (code === 'BLOCKS_CORRUPT') return [steps.recoverBlocks({})]
  return redo === 'received' ? [steps.recoverNonlogged({})] : [steps.rebuildObjects({})]
}

const remediate = (group: FileGroup<Code>, role: Role): Remediation => ({
  steps: [
    steps.showCorruption({}),
    ...(group.code === 'CORRUPTION_UNKNOWN' ? [] : mend(group, role)),
    steps.validateDatabase({}),
  ],
  verify: { language: sqlplus.name, query: showCorruption },
  // Which blocks there are is found out by the validation alone.
  changes: {},
})

const codeOf = ({ status }: FileRow): Code => codes.get(status) ?? 'CORRUPTION_UNKNOWN'

const toDraft = (group: FileGroup<Code>, role: Role): FindingDraft<Code> => {
  const { code, object, file, amount } = group
  const type = valuesOf(group, 'status')
  return {
    code,
    object,
    params: { count: amount, file, type },
    observed: { corruption_type: type, blocks: amount },
    expected: { blocks: 0 },
    ...effects[code],
    remediation: remediate(group, role),
  }
}

/**
 * Verifies that no corrupt blocks are recorded: what backups and validations met, and sessions since Oracle 11. It
 * knows of no block that nobody has read. A row is deleted once its block is repaired.
 */
export default defineCheck(oracle, {
  id: 'ORACLE_BLOCK_CORRUPTION',
  set: 'standard',
  title: { en: 'No corrupt blocks are recorded', zh: '没有损坏数据块的记录' },
  failureTitle: { en: 'Corrupt blocks are recorded', zh: '存在损坏数据块的记录' },
  description: {
    en: 'Checks whether backups, validations or sessions met corrupt blocks that have not been repaired. If the check fails, a backup of their data files fails or carries the damage along.',
    zh: '检查备份、校验或会话是否遇到尚未修复的损坏数据块。如果未通过，相应数据文件的备份会失败或带入损坏。',
  },
  affects: () => affected,
  texts,
  privileges: [...filePrivileges, 'SELECT ON SYS.GV_$PDBS'],
  fixes: [
    steps.rebuildObjects,
    steps.recoverBlocks,
    steps.recoverNonlogged,
    steps.showCorruption,
    steps.validateDatabase,
  ],
  documents: [
    'https://docs.oracle.com/en/database/oracle/oracle-database/19/refrn/V-DATABASE_BLOCK_CORRUPTION.html',
    'https://docs.oracle.com/en/error-help/db/ora-19566/',
  ],
  queries: { database: databaseQuery, pluggables: pluggableQuery, files: fileQuery },
  facts: z.object({ database: DatabaseFact, pluggables: PluggableRows, files: FileRows }),
  evaluate: (facts) => {
    const { database, pluggables, files } = facts
    const role = roleOf(database.database_role)
    const corrupt = files.filter(({ kind }) => kind === 'CORRUPTION')
    const observed = { corrupt_blocks: corrupt.reduce((sum, { amount }) => sum + amount, 0) }
    if (takesNoBackup(role)) return { findings: [], observed }
    return {
      findings: fileGroups(corrupt, codeOf, facts).map((group) => toDraft(group, role)),
      databases: databaseNames(database, pluggables),
      observed,
    }
  },
})

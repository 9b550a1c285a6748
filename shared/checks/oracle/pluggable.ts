import type { Text } from '../../model/message.ts'
import { allOperations } from '../../model/operation.ts'
import type { Remediation } from '../../model/remediation.ts'
import type { FindingDraft } from '../framework/define-check.ts'
import type { PluggableRow } from './facts.ts'
import { databaseSteps as steps } from './database-steps.ts'
import { sqlplus } from './languages.ts'
import { quoteString } from './quote.ts'

/** Texts of what may be wrong with a pluggable database. */
export const pluggableTexts = {
  PDB_CLOSED: {
    en: 'Pluggable database {database} is not open (MOUNTED) on any instance.',
    zh: '可插拔数据库 {database} 未在任何实例上打开（MOUNTED）。',
  },
  PDB_RESTRICTED: {
    en: 'Pluggable database {database} is open in restricted mode. See pdb_plug_in_violations for the reason.',
    zh: '可插拔数据库 {database} 以受限模式打开。请在 pdb_plug_in_violations 中查看原因。',
  },
  PDB_MIGRATE: {
    en: 'Pluggable database {database} is open for an upgrade (MIGRATE).',
    zh: '可插拔数据库 {database} 以升级模式打开（MIGRATE）。',
  },
  PDB_RECOVERY_DISABLED: {
    en: 'Recovery of pluggable database {database} is DISABLED: its files are offline and cannot be recovered.',
    zh: '可插拔数据库 {database} 的恢复已禁用（DISABLED）：其文件处于脱机状态且无法恢复。',
  },
  PDB_STATUS_UNKNOWN: {
    en: 'The status of pluggable database {database} is unknown: the server reports {value}.',
    zh: '无法判定可插拔数据库 {database} 的状态：服务器返回 {value}。',
  },
} as const satisfies Record<string, Text>
type Draft = FindingDraft<keyof typeof pluggableTexts>

/** A pluggable database over all instances of a RAC. `recoveries`: distinct values of `recovery_status`, none where the server has no such column. */
export interface Pluggable {
  readonly name: string
  readonly rows: readonly PluggableRow[]
  readonly recoveries: readonly (string | null)[]
}

const onPluggable = ({ name, rows }: Pluggable, part: Pick<Draft, 'code'> & Partial<Draft>): Draft => ({
  object: { type: 'pluggable-database', name },
  observed: { open_mode: rows.map((row) => row.open_mode).join(', ') },
  expected: { open_mode: 'READ WRITE' },
  ...part,
  params: { database: name, ...part.params },
})

const verifyPluggable = (name: string): Remediation['verify'] => ({
  language: sqlplus.name,
  query: `SELECT inst_id, name, open_mode, restricted FROM gv$pdbs WHERE name = ${quoteString(name)};`,
})

const judgeClosed = (pluggable: Pluggable, isRequired: boolean): Draft => {
  const { name: database } = pluggable
  const operations = [...allOperations]
  return onPluggable(pluggable, {
    code: 'PDB_CLOSED',
    ...(isRequired ? { blocks: operations } : { degrades: operations }),
    remediation: {
      steps: [steps.openPluggable({ database }), steps.saveState({ database })],
      verify: verifyPluggable(database),
      changes: { open_mode: 'READ WRITE' },
    },
  })
}

const judgeOpenMode = (pluggable: Pluggable, onStandby: boolean, isRequired: boolean): Draft[] => {
  const modes = pluggable.rows.map((row) => row.open_mode)
  if (modes.every((mode) => mode === 'MOUNTED')) {
    return onStandby ? [] : [judgeClosed(pluggable, isRequired)]
  }
  return modes.includes('MIGRATE')
    ? [onPluggable(pluggable, { code: 'PDB_MIGRATE', degrades: [...allOperations] })]
    : []
}

/** The violations say why it opened restricted; opening it again helps once they are fixed. */
const reopen = (database: string): Remediation => ({
  steps: [
    steps.showViolations({ database }),
    steps.closePluggable({ database }),
    steps.openPluggable({ database }),
  ],
  verify: verifyPluggable(database),
  changes: { restricted: 'NO' },
})

const judgeRestricted = (pluggable: Pluggable): Draft[] =>
  pluggable.rows.some(({ restricted }) => restricted === 'YES')
    ? [
        onPluggable(pluggable, {
          code: 'PDB_RESTRICTED',
          observed: { restricted: 'YES' },
          expected: { restricted: 'NO' },
          degrades: [...allOperations],
          remediation: reopen(pluggable.name),
        }),
      ]
    : []

/** "ALTER PLUGGABLE DATABASE", pdb_recovery_clause, SQL Language Reference: from inside the container, while it is closed. */
const enableRecovery = (database: string): Remediation => ({
  steps: [steps.enterPluggable({ database }), steps.closeCurrent({}), steps.enableRecovery({})],
  verify: { language: sqlplus.name, query: 'SELECT name, recovery_status FROM v$pdbs;' },
  changes: { recovery_status: 'ENABLED' },
})

/** DISABLED AUTOMATIC RECOVER, of later versions, is DISABLED with a standby that tries to end it. */
const isDisabled = (recovery: string | null): boolean => recovery !== null && recovery.startsWith('DISABLED')

const judgeRecovery = (pluggable: Pluggable): Draft[] => {
  const disabled = pluggable.recoveries.find(isDisabled) ?? null
  if (disabled === null) return []
  return [
    onPluggable(pluggable, {
      code: 'PDB_RECOVERY_DISABLED',
      observed: { recovery_status: disabled },
      expected: { recovery_status: 'ENABLED' },
      blocks: [...allOperations],
      remediation: enableRecovery(pluggable.name),
    }),
  ]
}

/** Values that the rules above know ("V$PDBS", Oracle Database Reference). */
const openModes: readonly string[] = ['READ WRITE', 'READ ONLY', 'MIGRATE', 'MOUNTED']
const restrictions: readonly (string | null)[] = ['YES', 'NO', null]

const judgeUnknown = (pluggable: Pluggable): Draft[] => {
  const { rows, recoveries } = pluggable
  const unknown = {
    open_mode: rows.map(({ open_mode }) => open_mode).find((mode) => !openModes.includes(mode)),
    restricted: rows.map(({ restricted }) => restricted).find((value) => !restrictions.includes(value)),
    recovery_status: recoveries.find((value) => value !== null && value !== 'ENABLED' && !isDisabled(value)),
  }
  const values = Object.entries(unknown).flatMap(([column, value]) => (value ? [`${column} = ${value}`] : []))
  if (values.length === 0) return []
  return [
    onPluggable(pluggable, {
      code: 'PDB_STATUS_UNKNOWN',
      params: { value: values.join(', ') },
      obscures: [...allOperations],
    }),
  ]
}

/** Judges one pluggable database. Closed is normal while the whole database is a standby (`onStandby`), and a failure if the registration requires it (`isRequired`). */
export const judgePluggable = (pluggable: Pluggable, onStandby: boolean, isRequired: boolean): Draft[] => [
  ...judgeOpenMode(pluggable, onStandby, isRequired),
  ...judgeRestricted(pluggable),
  ...judgeRecovery(pluggable),
  ...judgeUnknown(pluggable),
]

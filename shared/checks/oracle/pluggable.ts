import type { Text } from '../../model/message.ts'
import { allOperations } from '../../model/operation.ts'
import type { CheckContext, FindingDraft } from '../framework/define-check.ts'
import { beyondBackup } from './effects.ts'
import type { KindRow, PluggableRow } from './facts.ts'
import { enableRecovery, openAgain, reopen } from './pluggable-remediations.ts'
import type { Role } from './role.ts'

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
    en: 'Recovery of pluggable database {database} is DISABLED: its files are offline, and no redo is applied to them.',
    zh: '可插拔数据库 {database} 的恢复已禁用（DISABLED）：其文件处于脱机状态，不再应用重做日志。',
  },
  PDB_STATUS_UNKNOWN: {
    en: 'The status of pluggable database {database} is unknown: the server reports {value}.',
    zh: '无法判定可插拔数据库 {database} 的状态：服务器返回 {value}。',
  },
} as const satisfies Record<string, Text>
type Draft = FindingDraft<keyof typeof pluggableTexts>

/** A pluggable database over all instances of a RAC. */
export interface Pluggable {
  readonly name: string
  readonly rows: readonly PluggableRow[]
  /** Distinct values of `recovery_status`: none where the server has no such column, null where there is no value. */
  readonly recoveries: readonly (string | null)[]
  /** Null: it could not be read, or the server has no such columns. */
  readonly kind: KindRow | null
}

/** The container database that it is in. */
export interface Container {
  readonly role: Role
  /** False while it is only mounted: nothing in it can be open then, and that is said of the whole. */
  readonly isOpen: boolean
  readonly isReadOnly: boolean
}

const onPluggable = ({ name, rows }: Pluggable, part: Pick<Draft, 'code'> & Partial<Draft>): Draft => ({
  object: { type: 'pluggable-database', name },
  observed: { open_mode: rows.map((row) => row.open_mode).join(', ') },
  expected: { open_mode: 'READ WRITE' },
  ...part,
  params: { database: name, ...part.params },
})

/** RMAN backs up what is closed, and restores nothing else ("Backing Up CDBs and PDBs", RMAN user's guide). */
const closedEffect = (isRequired: boolean, { target }: CheckContext): Partial<Draft> => {
  if (target.definition.profile === 'native') return { degrades: ['full', 'incremental'] }
  return isRequired ? { blocks: [...allOperations] } : { degrades: [...allOperations] }
}

/** The seed of an application container, and the copies of its root, are closed unless somebody works on them. */
const isTemplate = ({ kind }: Pluggable): boolean =>
  kind?.application_seed === 'YES' || kind?.application_clone === 'YES'

/** Closed is normal where the redo comes from elsewhere, and no news where the whole is not open or of unknown role. */
const maybeClosed = (pluggable: Pluggable, { role, isOpen }: Container): boolean =>
  role.redo !== 'own' || !isOpen || isTemplate(pluggable)

const judgeOpenMode = (
  pluggable: Pluggable,
  container: Container,
  isRequired: boolean,
  context: CheckContext,
): Draft[] => {
  const { name, kind } = pluggable
  const modes = pluggable.rows.map((row) => row.open_mode)
  if (modes.every((mode) => mode === 'MOUNTED')) {
    if (maybeClosed(pluggable, container)) return []
    const { open_mode, remediation } = openAgain(name, kind, container.isReadOnly)
    const part = { code: 'PDB_CLOSED', expected: { open_mode }, remediation } as const
    return [onPluggable(pluggable, { ...part, ...closedEffect(isRequired, context) })]
  }
  return modes.includes('MIGRATE')
    ? [onPluggable(pluggable, { code: 'PDB_MIGRATE', degrades: [...allOperations] })]
    : []
}

/** A closed one shows no restriction. */
const openRows = ({ rows }: Pluggable): readonly PluggableRow[] =>
  rows.filter(({ open_mode }) => open_mode !== 'MOUNTED')

const judgeRestricted = (pluggable: Pluggable, { isReadOnly }: Container): Draft[] =>
  openRows(pluggable).some(({ restricted }) => restricted === 'YES')
    ? [
        onPluggable(pluggable, {
          code: 'PDB_RESTRICTED',
          observed: { restricted: 'YES' },
          expected: { restricted: 'NO' },
          degrades: [...allOperations],
          remediation: reopen(pluggable.name, isReadOnly),
        }),
      ]
    : []

/** DISABLED AUTOMATIC RECOVER, of later versions, is DISABLED with a standby that tries to end it. */
const isDisabled = (recovery: string | null): boolean => recovery !== null && recovery.startsWith('DISABLED')

const judgeRecovery = (pluggable: Pluggable, { role }: Container, context: CheckContext): Draft[] => {
  const disabled = pluggable.recoveries.find(isDisabled) ?? null
  if (disabled === null) return []
  return [
    onPluggable(pluggable, {
      code: 'PDB_RECOVERY_DISABLED',
      observed: { recovery_status: disabled },
      expected: { recovery_status: 'ENABLED' },
      ...beyondBackup(context),
      remediation: enableRecovery(pluggable.name, role, openRows(pluggable).length > 0),
    }),
  ]
}

/** Values that the rules above know ("V$PDBS", Oracle Database Reference). */
const openModes: readonly string[] = ['READ WRITE', 'READ ONLY', 'MIGRATE', 'MOUNTED']
const restrictions: readonly (string | null)[] = ['YES', 'NO']

const judgeUnknown = (pluggable: Pluggable): Draft[] => {
  const { rows, recoveries } = pluggable
  const unknown = [
    ['open_mode', rows.map(({ open_mode }) => open_mode).find((mode) => !openModes.includes(mode))],
    [
      'restricted',
      openRows(pluggable)
        .map(({ restricted }) => restricted)
        .find((value) => !restrictions.includes(value)),
    ],
    ['recovery_status', recoveries.find((value) => value !== 'ENABLED' && !isDisabled(value))],
  ] as const
  const values = unknown.flatMap(([column, value]) =>
    value === undefined ? [] : [`${column} = ${value ?? 'NULL'}`],
  )
  if (values.length === 0) return []
  return [
    onPluggable(pluggable, {
      code: 'PDB_STATUS_UNKNOWN',
      params: { value: values.join(', ') },
      obscures: [...allOperations],
    }),
  ]
}

/** Judges one pluggable database; closed is a failure if the registration requires it (`isRequired`). */
export const judgePluggable = (
  pluggable: Pluggable,
  container: Container,
  isRequired: boolean,
  context: CheckContext,
): Draft[] => [
  ...judgeOpenMode(pluggable, container, isRequired, context),
  ...judgeRestricted(pluggable, container),
  ...judgeRecovery(pluggable, container, context),
  ...judgeUnknown(pluggable),
]

import { allOperations } from '../../model/operation.ts'
import type { Remediation } from '../../model/remediation.ts'
import type { FindingDraft } from '../define.ts'
import type { PluggableRow } from './facts.ts'
import { quoteName } from './quote.ts'
import { sqlSteps } from './sql-steps.ts'

/** Texts of what may be wrong with a pluggable database. */
export const pluggableTexts = {
  PDB_CLOSED: {
    en: 'Pluggable database {database} is not open (MOUNTED) on any instance.',
    zh: '可插拔数据库 {database} 未在任何实例上打开(MOUNTED)。',
  },
  PDB_RESTRICTED: {
    en: 'Pluggable database {database} is open in restricted mode. Look at pdb_plug_in_violations.',
    zh: '可插拔数据库 {database} 以受限模式打开。请查看 pdb_plug_in_violations。',
  },
  PDB_MIGRATE: {
    en: 'Pluggable database {database} is open for an upgrade (MIGRATE).',
    zh: '可插拔数据库 {database} 以升级模式打开(MIGRATE)。',
  },
  PDB_RECOVERY_DISABLED: {
    en: 'Recovery of pluggable database {database} is DISABLED: its files are not kept recoverable.',
    zh: '可插拔数据库 {database} 的恢复已被禁用(DISABLED):其文件不可恢复。',
  },
  PDB_MODE_UNKNOWN: {
    en: 'The status of pluggable database {database} could not be judged: the server says {mode}.',
    zh: '无法判定可插拔数据库 {database} 的状态:服务器返回 {mode}。',
  },
} as const
type Draft = FindingDraft<keyof typeof pluggableTexts>

/** A pluggable database over all instances of a RAC. */
export interface Pluggable {
  readonly name: string
  readonly rows: readonly PluggableRow[]
  readonly recovery: string | null
}

const openModes: readonly string[] = ['READ WRITE', 'READ ONLY', 'MIGRATE']

const onPluggable = ({ name, rows }: Pluggable, part: Pick<Draft, 'code'> & Partial<Draft>): Draft => ({
  object: { type: 'pluggable-database', name },
  observed: { open_mode: rows.map((row) => row.open_mode).join(', ') },
  expected: { open_mode: 'READ WRITE' },
  ...part,
  params: { database: name, ...part.params },
})

const verifyPluggable = (name: string): Remediation['verify'] => ({
  language: 'sqlplus',
  query: `SELECT name, open_mode, restricted FROM v$pdbs WHERE name = '${name.replaceAll("'", "''")}';`,
})

const judgeClosed = (pluggable: Pluggable, isRequired: boolean): Draft => {
  const name = quoteName(pluggable.name)
  const operations = [...allOperations]
  return onPluggable(pluggable, {
    code: 'PDB_CLOSED',
    ...(isRequired ? { blocks: operations } : { degrades: operations }),
    remediation: sqlSteps(
      verifyPluggable(pluggable.name),
      `ALTER PLUGGABLE DATABASE ${name} OPEN INSTANCES = ALL;`,
      `ALTER PLUGGABLE DATABASE ${name} SAVE STATE INSTANCES = ALL;`,
    ),
  })
}

const judgeOpenMode = (pluggable: Pluggable, onStandby: boolean, isRequired: boolean): Draft[] => {
  const modes = pluggable.rows.map((row) => row.open_mode)
  const unknown = modes.find((mode) => mode !== 'MOUNTED' && !openModes.includes(mode))
  if (unknown !== undefined) {
    const params = { mode: unknown }
    return [onPluggable(pluggable, { code: 'PDB_MODE_UNKNOWN', params, obscures: [...allOperations] })]
  }
  if (modes.every((mode) => mode === 'MOUNTED')) {
    return onStandby ? [] : [judgeClosed(pluggable, isRequired)]
  }
  return modes.includes('MIGRATE')
    ? [onPluggable(pluggable, { code: 'PDB_MIGRATE', degrades: [...allOperations] })]
    : []
}

/** Judges one pluggable database. Closed is normal while the whole database is a standby (`onStandby`), and a failure if the registration requires it (`isRequired`). */
export const judgePluggable = (pluggable: Pluggable, onStandby: boolean, isRequired: boolean): Draft[] => {
  const findings = judgeOpenMode(pluggable, onStandby, isRequired)
  if (pluggable.rows.some(({ restricted }) => restricted === 'YES')) {
    findings.push(
      onPluggable(pluggable, {
        code: 'PDB_RESTRICTED',
        observed: { restricted: 'YES' },
        expected: { restricted: 'NO' },
        degrades: [...allOperations],
        remediation: sqlSteps(
          verifyPluggable(pluggable.name),
          `ALTER PLUGGABLE DATABASE ${quoteName(pluggable.name)} CLOSE IMMEDIATE;`,
          `ALTER PLUGGABLE DATABASE ${quoteName(pluggable.name)} OPEN;`,
        ),
      }),
    )
  }
  if (pluggable.recovery === 'DISABLED') {
    findings.push(
      onPluggable(pluggable, {
        code: 'PDB_RECOVERY_DISABLED',
        observed: { recovery_status: 'DISABLED' },
        expected: { recovery_status: 'ENABLED' },
        blocks: [...allOperations],
        remediation: {
          steps: [
            {
              language: 'sqlplus',
              command: `ALTER SESSION SET CONTAINER = ${quoteName(pluggable.name)};`,
              risk: 'online',
            },
            { language: 'sqlplus', command: 'ALTER PLUGGABLE DATABASE CLOSE IMMEDIATE;', risk: 'downtime' },
            { language: 'sqlplus', command: 'ALTER PLUGGABLE DATABASE ENABLE RECOVERY;', risk: 'online' },
          ],
          verify: { language: 'sqlplus', query: 'SELECT name, recovery_status FROM v$pdbs;' },
        },
      }),
    )
  }
  return findings
}

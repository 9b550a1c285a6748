import type { Evidence } from '../../model/evidence.ts'
import type { Text } from '../../model/message.ts'
import type { Remediation } from '../../model/remediation.ts'
import type { CheckContext } from '../framework/define-check.ts'
import { type InstanceRow, type RoleFact } from './facts.ts'
import { grant } from './grant.ts'
import { instanceSteps as steps } from './instance-steps.ts'
import { sqlplus } from './languages.ts'
import { type Role, roleOf } from './role.ts'

/** Texts of what `gv$instance` may say of one instance. */
export const conditionTexts = {
  NOT_MOUNTED: {
    en: 'Instance {instance} is started but has not mounted its database.',
    zh: '实例 {instance} 已启动，但尚未装载数据库。',
  },
  MOUNTED_PRIMARY: {
    en: 'Instance {instance} is MOUNTED, but its database is a primary and must be OPEN.',
    zh: '实例 {instance} 处于 MOUNTED 状态，但其数据库为主库，需要处于 OPEN 状态。',
  },
  MOUNTED_STANDBY: {
    en: 'Instance {instance} is MOUNTED, but the role of its database ({role}) wants it OPEN.',
    zh: '实例 {instance} 处于 MOUNTED 状态，但其数据库的角色（{role}）要求处于 OPEN 状态。',
  },
  ROLE_UNKNOWN: {
    en: 'Instance {instance} is MOUNTED. That is normal for a physical standby, but the role of its database is not known.',
    zh: '实例 {instance} 处于 MOUNTED 状态。物理备库处于该状态属正常，但无法确定该数据库的角色。',
  },
  SUSPENDED: {
    en: 'Instance {instance} is suspended: I/O to the files of the database is halted, for all its instances.',
    zh: '实例 {instance} 已挂起：其所有实例对数据库文件的 I/O 均已暂停。',
  },
  SHUTDOWN_PENDING: {
    en: 'A shutdown of instance {instance} is pending.',
    zh: '实例 {instance} 正在等待关闭。',
  },
  OPEN_MIGRATE: {
    en: 'Instance {instance} is open for an upgrade (OPEN MIGRATE).',
    zh: '实例 {instance} 以升级模式打开（OPEN MIGRATE）。',
  },
  INSTANCE_RECOVERY: {
    en: 'Instance {instance} performs instance recovery, which should end soon.',
    zh: '实例 {instance} 正在执行实例恢复，预计很快结束。',
  },
  RESTRICTED: {
    en: 'Instance {instance} only accepts logins with the RESTRICTED SESSION privilege.',
    zh: '实例 {instance} 仅允许具有 RESTRICTED SESSION 权限的登录。',
  },
  QUIESCED: {
    en: 'Instance {instance} is quiesced ({value}): non-DBA sessions are blocked.',
    zh: '实例 {instance} 处于静默状态（{value}）：非 DBA 会话被阻塞。',
  },
  BLOCKED: {
    en: 'All services of instance {instance} are blocked.',
    zh: '实例 {instance} 的所有服务均被阻塞。',
  },
  STATUS_UNKNOWN: {
    en: 'The status of instance {instance} is unknown: the server reports {value}.',
    zh: '无法判定实例 {instance} 的状态：服务器返回 {value}。',
  },
} as const satisfies Record<string, Text>

/**
 * What one instance is in: `down` cannot serve, `halted` cannot either, nor can any other of its database, `mounted`
 * is what RMAN can do with and Cloud Backup cannot, `impaired` serves with a risk, `unclear` could not be judged.
 */
export interface Condition {
  readonly code: keyof typeof conditionTexts
  readonly gravity: 'down' | 'halted' | 'mounted' | 'impaired' | 'unclear'
  /** Of its database, where the text names it. */
  readonly role?: Role['term']
  readonly observed: Evidence
  readonly expected: Evidence
  readonly remediation?: Remediation
}

/** Shows that an instance is open again. */
export const verifyOpen: Remediation['verify'] = {
  language: sqlplus.name,
  query: 'SELECT instance_name, status, database_status FROM gv$instance;',
}

/** Values of each column, the normal one first ("V$INSTANCE", Oracle Database Reference). Both of `parallel` are. */
const knownValues = {
  status: ['OPEN', 'OPEN MIGRATE', 'MOUNTED', 'STARTED'],
  database_status: ['ACTIVE', 'SUSPENDED', 'INSTANCE RECOVERY'],
  parallel: ['NO', 'YES'],
  logins: ['ALLOWED', 'RESTRICTED'],
  shutdown_pending: ['NO', 'YES'],
  blocked: ['NO', 'YES'],
  active_state: ['NORMAL', 'QUIESCING', 'QUIESCED'],
} as const
type Column = keyof typeof knownValues

/** How an instance is started, by the role of its database: what is not known to be a standby may be one. */
const start = ({ redo }: Role): Remediation['steps'] => {
  if (redo === 'received') return [steps.startStandby({})]
  return redo === 'own' ? [steps.startUp({})] : [steps.keepStandbyMounted({}), steps.startUp({})]
}

const startAfterShutdown = (role: Role): Remediation => ({
  steps: [steps.letShutdownEnd({}), ...start(role)],
  verify: verifyOpen,
  changes: { shutdown_pending: 'NO' },
})

/** A physical standby may go on mounted; whether it is one has to be found out where its role is not known. */
const mountFirst = ({ redo }: Role): Pick<Remediation, 'steps' | 'changes'> => {
  if (redo === 'received') return { steps: [steps.mount({})], changes: { status: 'MOUNTED' } }
  if (redo === 'own') return { steps: [steps.mount({}), steps.open({})], changes: { status: 'OPEN' } }
  return { steps: [steps.mount({}), steps.keepStandbyMounted({}), steps.open({})], changes: {} }
}

/** `fix`: steps that bring the column back to normal. */
const conditionOf = (
  row: InstanceRow,
  column: Column,
  part: Pick<Condition, 'code' | 'gravity'>,
  ...fix: Remediation['steps']
): Condition => {
  const expected = { [column]: knownValues[column][0] }
  return {
    ...part,
    observed: { [column]: row[column] },
    expected,
    ...(fix.length > 0 && { remediation: { steps: fix, verify: verifyOpen, changes: expected } }),
  }
}

const judgeMounted = (row: InstanceRow, fact: RoleFact, { target }: CheckContext): Condition[] => {
  const role = roleOf(fact?.database_role ?? null)
  if (role.openModes.includes('MOUNTED')) return []
  if (role.redo === 'unknown') {
    const unclear = conditionOf(row, 'status', { code: 'ROLE_UNKNOWN', gravity: 'unclear' })
    if (fact !== null) return [unclear]
    const grants = grant('SELECT ON SYS.V_$DATABASE', target)
    return [{ ...unclear, remediation: { steps: grants, verify: verifyOpen, changes: {} } }]
  }
  const gravity = target.definition.profile === 'native' ? 'mounted' : 'down'
  const code = role.term === 'primary' ? 'MOUNTED_PRIMARY' : 'MOUNTED_STANDBY'
  const condition = conditionOf(row, 'status', { code, gravity }, steps.open({}))
  const observed = { ...condition.observed, database_role: fact?.database_role ?? null }
  return [{ ...condition, observed, role: role.term }]
}

const judgeStatus = (row: InstanceRow, fact: RoleFact, context: CheckContext): Condition[] => {
  switch (row.status) {
    case 'OPEN MIGRATE':
      return [conditionOf(row, 'status', { code: 'OPEN_MIGRATE', gravity: 'impaired' })]
    case 'MOUNTED':
      return judgeMounted(row, fact, context)
    case 'STARTED': {
      const down = conditionOf(row, 'status', { code: 'NOT_MOUNTED', gravity: 'down' })
      const fix = mountFirst(roleOf(fact?.database_role ?? null))
      return [{ ...down, remediation: { ...fix, verify: verifyOpen } }]
    }
    default:
      return []
  }
}

const judgeDatabaseStatus = (row: InstanceRow): Condition[] => {
  switch (row.database_status) {
    case 'SUSPENDED': {
      // "Suspending and Resuming a Database", Administrator's Guide: it is no state of one instance alone.
      const suspended = { code: 'SUSPENDED', gravity: 'halted' } as const
      return [conditionOf(row, 'database_status', suspended, steps.resume({}))]
    }
    case 'INSTANCE RECOVERY':
      return [conditionOf(row, 'database_status', { code: 'INSTANCE_RECOVERY', gravity: 'impaired' })]
    default:
      return []
  }
}

const judgeAccess = (row: InstanceRow, fact: RoleFact): Condition[] => {
  const conditions: Condition[] = []
  if (row.shutdown_pending === 'YES') {
    const pending = conditionOf(row, 'shutdown_pending', { code: 'SHUTDOWN_PENDING', gravity: 'down' })
    const role = roleOf(fact?.database_role ?? null)
    conditions.push({ ...pending, remediation: startAfterShutdown(role) })
  }
  if (row.logins === 'RESTRICTED') {
    const restricted = { code: 'RESTRICTED', gravity: 'impaired' } as const
    conditions.push(conditionOf(row, 'logins', restricted, steps.endRestriction({})))
  }
  if (row.active_state === 'QUIESCING' || row.active_state === 'QUIESCED') {
    const quiesced = { code: 'QUIESCED', gravity: 'impaired' } as const
    conditions.push(conditionOf(row, 'active_state', quiesced, steps.unquiesce({})))
  }
  if (row.blocked === 'YES') {
    conditions.push(conditionOf(row, 'blocked', { code: 'BLOCKED', gravity: 'impaired' }))
  }
  return conditions
}

const judgeUnknown = (row: InstanceRow): Condition[] => {
  const known: [string, readonly [string, ...string[]]][] = Object.entries(knownValues)
  const values: ReadonlyMap<string, unknown> = new Map(Object.entries(row))
  const unknown = known
    .map(([column, usual]) => ({ column, usual, value: String(values.get(column)) }))
    .filter(({ usual, value }) => !usual.includes(value))
  if (unknown.length === 0) return []
  return [
    {
      code: 'STATUS_UNKNOWN',
      gravity: 'unclear',
      observed: Object.fromEntries(unknown.map(({ column, value }) => [column, value])),
      expected: Object.fromEntries(unknown.map(({ column, usual }) => [column, usual[0]])),
    },
  ]
}

/** Everything that is not normal about one instance whose database has that role (null: the role could not be read). */
export const judgeInstance = (row: InstanceRow, fact: RoleFact, context: CheckContext): Condition[] => [
  ...judgeStatus(row, fact, context),
  ...judgeDatabaseStatus(row),
  ...judgeAccess(row, fact),
  ...judgeUnknown(row),
]

import * as z from 'zod'
import { allOperations } from '../../model/operation.ts'
import type { Remediation } from '../../model/remediation.ts'
import { type CheckContext, type Evaluation, type FindingDraft, defineCheck } from '../define.ts'
import type { Problem } from '../problem.ts'
import { InstanceRows, type InstanceRow, RoleFact, instanceQuery, isStandby, roleQuery } from './facts.ts'
import { sqlSteps } from './sql-steps.ts'

const texts = {
  NOT_MOUNTED: {
    en: 'Instance {instance} is started and has not mounted its database.',
    zh: '实例 {instance} 已启动,但尚未装载数据库。',
  },
  MOUNTED_PRIMARY: {
    en: 'Instance {instance} is MOUNTED and its database is a primary: it has to be open.',
    zh: '实例 {instance} 处于 MOUNTED 状态且数据库为主库:需要打开。',
  },
  ROLE_UNKNOWN: {
    en: 'Instance {instance} is MOUNTED; whether its database is a standby, for which that is normal, could not be read.',
    zh: '实例 {instance} 处于 MOUNTED 状态;无法读取数据库角色,备库处于该状态属正常。',
  },
  SUSPENDED: {
    en: 'Instance {instance} is suspended: all its input and output has been halted.',
    zh: '实例 {instance} 已挂起:所有 I/O 均已暂停。',
  },
  SHUTDOWN_PENDING: {
    en: 'Instance {instance} is about to shut down.',
    zh: '实例 {instance} 即将关闭。',
  },
  OPEN_MIGRATE: {
    en: 'Instance {instance} is open for an upgrade (OPEN MIGRATE).',
    zh: '实例 {instance} 以升级模式打开(OPEN MIGRATE)。',
  },
  INSTANCE_RECOVERY: {
    en: 'Instance {instance} is recovering another instance; it should be over soon.',
    zh: '实例 {instance} 正在执行实例恢复,应很快结束。',
  },
  RESTRICTED: {
    en: 'Instance {instance} takes logins with RESTRICTED SESSION only.',
    zh: '实例 {instance} 仅允许具有 RESTRICTED SESSION 权限的登录。',
  },
  QUIESCED: {
    en: 'Instance {instance} is {state}: ordinary sessions are held back.',
    zh: '实例 {instance} 处于 {state} 状态:普通会话被阻止。',
  },
  BLOCKED: {
    en: 'Instance {instance} is blocked by another instance or a hung process.',
    zh: '实例 {instance} 被其他实例或挂起的进程阻塞。',
  },
  STATUS_UNKNOWN: {
    en: 'The status of instance {instance} could not be judged: the server says {status} / {databaseStatus}.',
    zh: '无法判定实例 {instance} 的状态:服务器返回 {status} / {databaseStatus}。',
  },
  SERVICE_NOT_OFFERED: {
    en: 'The listener at {host}:{port} runs and offers no {service}: the instance is not started, or the name is wrong.',
    zh: '{host}:{port} 的监听器正在运行,但未提供 {service}:实例未启动或名称有误。',
  },
  INSTANCE_BLOCKED: {
    en: 'The listener blocks new connections: the instance is starting, or is in NOMOUNT.',
    zh: '监听器阻止新连接:实例正在启动或处于 NOMOUNT 状态。',
  },
  INSTANCE_RESTRICTED: {
    en: 'The instance takes restricted sessions only, and this login has none.',
    zh: '实例仅允许受限会话,该登录账号不具备权限。',
  },
  INSTANCE_NOT_STARTED: {
    en: 'The instance is not started ({code}).',
    zh: '实例未启动({code})。',
  },
  INSTANCE_NOT_MOUNTED: {
    en: 'The instance is started and has not mounted its database (ORA-01507).',
    zh: '实例已启动,但尚未装载数据库(ORA-01507)。',
  },
  INSTANCE_NOT_OPEN: {
    en: 'The instance is mounted, starting or shutting down (ORA-01033). If it is a mounted standby, register it with privilege sysbackup: ordinary logins cannot enter one.',
    zh: '实例处于装载、启动或关闭过程中(ORA-01033)。如果是已装载的备库,请以 sysbackup 权限注册:普通账号无法登录。',
  },
  INSTANCE_SHUTTING_DOWN: {
    en: 'The instance is shutting down ({code}).',
    zh: '实例正在关闭({code})。',
  },
} as const
type Code = keyof typeof texts

const verifyOpen: Remediation['verify'] = {
  language: 'sqlplus',
  query: 'SELECT instance_name, status, database_status FROM v$instance;',
}

const sql = (...commands: readonly string[]): Remediation => sqlSteps(verifyOpen, ...commands)

/** How bad a condition of one instance is: `down` cannot serve, `impaired` serves with a risk, `unclear` could not be judged. */
interface Condition {
  readonly code: Code
  readonly gravity: 'down' | 'impaired' | 'unclear'
  readonly observed: Readonly<Record<string, string>>
  readonly expected: Readonly<Record<string, string>>
  readonly remediation?: Remediation
}

const judgeMounted = (role: string | null, context: CheckContext): Condition | null => {
  const seen = {
    observed: { status: 'MOUNTED', database_role: role ?? 'NULL' },
    expected: { status: 'OPEN' },
  }
  if (role === null) return { code: 'ROLE_UNKNOWN', gravity: 'unclear', ...seen }
  if (isStandby(role)) return null
  // RMAN takes consistent backups of a mounted primary ("Backing Up the Database", RMAN user's guide); Cloud Backup wants it open.
  const gravity = context.target.definition.profile === 'native' ? 'impaired' : 'down'
  return { code: 'MOUNTED_PRIMARY', gravity, ...seen, remediation: sql('ALTER DATABASE OPEN;') }
}

const judgeStatus = (row: InstanceRow, role: string | null, context: CheckContext): Condition | null => {
  switch (row.status) {
    case 'OPEN':
      return null
    case 'OPEN MIGRATE':
      return {
        code: 'OPEN_MIGRATE',
        gravity: 'impaired',
        observed: { status: row.status },
        expected: { status: 'OPEN' },
      }
    case 'MOUNTED':
      return judgeMounted(role, context)
    case 'STARTED':
      return {
        code: 'NOT_MOUNTED',
        gravity: 'down',
        observed: { status: row.status },
        expected: { status: 'OPEN' },
        remediation: sql('ALTER DATABASE MOUNT;', 'ALTER DATABASE OPEN;'),
      }
    default:
      return {
        code: 'STATUS_UNKNOWN',
        gravity: 'unclear',
        observed: { status: row.status },
        expected: { status: 'OPEN' },
      }
  }
}

const judgeDatabaseStatus = ({ database_status }: InstanceRow): Condition | null => {
  const seen = { observed: { database_status }, expected: { database_status: 'ACTIVE' } }
  switch (database_status) {
    case 'ACTIVE':
      return null
    case 'SUSPENDED':
      return { code: 'SUSPENDED', gravity: 'down', ...seen, remediation: sql('ALTER SYSTEM RESUME;') }
    case 'INSTANCE RECOVERY':
      return { code: 'INSTANCE_RECOVERY', gravity: 'impaired', ...seen }
    default:
      return { code: 'STATUS_UNKNOWN', gravity: 'unclear', ...seen }
  }
}

const judgeAccess = ({
  logins,
  shutdown_pending,
  active_state,
  blocked,
}: InstanceRow): (Condition | null)[] => [
  shutdown_pending === 'YES'
    ? {
        code: 'SHUTDOWN_PENDING',
        gravity: 'down',
        observed: { shutdown_pending },
        expected: { shutdown_pending: 'NO' },
      }
    : null,
  logins === 'RESTRICTED'
    ? {
        code: 'RESTRICTED',
        gravity: 'impaired',
        observed: { logins },
        expected: { logins: 'ALLOWED' },
        remediation: sql('ALTER SYSTEM DISABLE RESTRICTED SESSION;'),
      }
    : null,
  active_state === 'NORMAL'
    ? null
    : {
        code: 'QUIESCED',
        gravity: 'impaired',
        observed: { active_state },
        expected: { active_state: 'NORMAL' },
        remediation: sql('ALTER SYSTEM UNQUIESCE;'),
      },
  blocked === 'YES'
    ? { code: 'BLOCKED', gravity: 'impaired', observed: { blocked }, expected: { blocked: 'NO' } }
    : null,
]

const judgeInstance = (row: InstanceRow, role: string | null, context: CheckContext): Condition[] =>
  [judgeStatus(row, role, context), judgeDatabaseStatus(row), ...judgeAccess(row)].filter(
    (condition) => condition !== null,
  )

const toDraft = (row: InstanceRow, condition: Condition, allDown: boolean): FindingDraft<Code> => {
  const { code, gravity, observed, expected, remediation } = condition
  const operations = [...allOperations]
  const effect = {
    // While another instance of the RAC serves, a backup runs there.
    down: allDown ? { blocks: operations } : { degrades: operations },
    impaired: { degrades: operations },
    unclear: { obscures: operations },
  }[gravity]
  return {
    code,
    params: {
      instance: row.instance_name,
      status: row.status,
      databaseStatus: row.database_status,
      state: row.active_state,
    },
    object: { type: 'instance', name: row.instance_name },
    observed,
    expected,
    ...effect,
    ...(remediation && { remediation }),
  }
}

/** A refused connection that shows the state of the instance. */
const shownBy =
  (code: Code, remediation: Remediation) =>
  ({ params, code: seen }: Problem, { target }: CheckContext): Evaluation<Code> => ({
    findings: [
      {
        code,
        params,
        object: { type: 'instance', name: target.instanceId },
        observed: { connection: seen },
        expected: { status: 'OPEN' },
        blocks: [...allOperations],
        remediation,
      },
    ],
  })

const startUp: Remediation = {
  steps: [
    { language: 'bash', command: 'lsnrctl services', risk: 'online' },
    { language: 'sqlplus', command: 'STARTUP;', risk: 'online' },
  ],
  verify: verifyOpen,
}

/**
 * Verifies that the instance is in normal status: OPEN and ACTIVE, or MOUNTED if its database is a standby. On a RAC one
 * instance that is down is a warning, all of them a failure. It blocks every operation on every database of the instance.
 */
export default defineCheck({
  id: 'ORACLE_INSTANCE_STATUS',
  engine: 'oracle',
  title: { en: 'The Oracle instance is in normal status', zh: 'Oracle实例状态检查:实例状态正常' },
  failureTitle: { en: 'The Oracle instance is not in normal status', zh: 'Oracle实例状态检查:实例状态异常' },
  description: {
    en: 'Checks that the instance is open and active. If it is not, none of its databases can be backed up or restored.',
    zh: '检查实例是否已打开并处于活动状态。否则其所有数据库均无法备份和恢复。',
  },
  affects: () => allOperations,
  texts,
  privileges: ['SELECT ON SYS.GV_$INSTANCE', 'SELECT ON SYS.V_$DATABASE'],
  documents: ['https://docs.oracle.com/en/database/oracle/oracle-database/19/refrn/V-INSTANCE.html'],
  vantage: 'checker',
  question: { probe: 'oracle', queries: { instances: instanceQuery, role: roleQuery } },
  claims: {
    ORACLE_SERVICE_UNKNOWN: shownBy('SERVICE_NOT_OFFERED', startUp),
    ORACLE_SID_UNKNOWN: shownBy('SERVICE_NOT_OFFERED', startUp),
    ORACLE_INSTANCE_BLOCKED: shownBy(
      'INSTANCE_BLOCKED',
      sql('ALTER DATABASE MOUNT;', 'ALTER DATABASE OPEN;'),
    ),
    ORACLE_INSTANCE_RESTRICTED: shownBy(
      'INSTANCE_RESTRICTED',
      sql('ALTER SYSTEM DISABLE RESTRICTED SESSION;'),
    ),
    ORACLE_INSTANCE_NOT_STARTED: shownBy('INSTANCE_NOT_STARTED', startUp),
    ORACLE_INSTANCE_NOT_MOUNTED: shownBy(
      'INSTANCE_NOT_MOUNTED',
      sql('ALTER DATABASE MOUNT;', 'ALTER DATABASE OPEN;'),
    ),
    ORACLE_INSTANCE_NOT_OPEN: shownBy('INSTANCE_NOT_OPEN', sql('ALTER DATABASE OPEN;')),
    ORACLE_SHUTTING_DOWN: shownBy('INSTANCE_SHUTTING_DOWN', startUp),
  },
  facts: z.object({ instances: InstanceRows, role: RoleFact }),
  evaluate: ({ instances, role }, context) => {
    const judged = instances.map((row) => ({
      row,
      conditions: judgeInstance(row, role?.database_role ?? null, context),
    }))
    const allDown = judged.every(({ conditions }) => conditions.some(({ gravity }) => gravity === 'down'))
    return {
      findings: judged.flatMap(({ row, conditions }) =>
        conditions.map((condition) => toDraft(row, condition, allDown)),
      ),
      observed: { instances: instances.length, database_role: role?.database_role ?? null },
    }
  },
})

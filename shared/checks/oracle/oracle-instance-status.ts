import * as z from 'zod'
import type { Evidence } from '../../model/evidence.ts'
import { allOperations, backupOperations } from '../../model/operation.ts'
import type { Remediation } from '../../model/remediation.ts'
import {
  type CheckContext,
  type Evaluation,
  type FindingDraft,
  defineCheck,
} from '../framework/define-check.ts'
import { oracle } from './engine.ts'
import type { Problem } from '../problems/problem.ts'
import {
  InstanceRows,
  type InstanceRow,
  RoleFact,
  ThreadRows,
  instanceQuery,
  roleQuery,
  threadQuery,
} from './facts.ts'
import { type Condition, conditionTexts, judgeInstance, verifyOpen } from './instance-conditions.ts'
import { instanceSteps as steps } from './instance-steps.ts'
import { judgeThreads, threadTexts } from './threads.ts'

const texts = {
  ...conditionTexts,
  ...threadTexts,
  SERVICE_NOT_OFFERED: {
    en: 'The listener at {host}:{port} is running but does not offer {service}: the instance is probably not started, or has not registered yet, or the name in the registration is wrong. "lsnrctl services" lists what the listener offers.',
    zh: '{host}:{port} 的监听器正在运行，但未提供 {service}：实例可能未启动或尚未注册，或注册信息中的名称有误。可使用“lsnrctl services”查看监听器提供的服务。',
  },
  INSTANCE_BLOCKED: {
    en: 'The listener blocks new connections: the instance is starting or in NOMOUNT.',
    zh: '监听器阻止新连接：实例正在启动或处于 NOMOUNT 状态。',
  },
  INSTANCE_RESTRICTED: {
    en: 'The instance only accepts logins with the RESTRICTED SESSION privilege, which this login does not have.',
    zh: '实例仅允许具有 RESTRICTED SESSION 权限的登录，该登录账号没有此权限。',
  },
  INSTANCE_RESTRICTED_OR_BLOCKED: {
    en: 'The listener takes no connection (ORA-12527): the instance is in restricted mode, or blocks new connections because it is starting or shutting down.',
    zh: '监听器不接受连接（ORA-12527）：实例处于受限模式，或因正在启动或关闭而阻止新连接。',
  },
  INSTANCE_NOT_STARTED: {
    en: 'The instance is not started ({code}).',
    zh: '实例未启动（{code}）。',
  },
  INSTANCE_NOT_MOUNTED: {
    en: 'The instance is started but has not mounted its database (ORA-01507).',
    zh: '实例已启动，但尚未装载数据库（ORA-01507）。',
  },
  INSTANCE_NOT_OPEN: {
    en: 'The instance is mounted, starting or shutting down (ORA-01033). If it is a mounted standby, register it with privilege sysbackup: other logins cannot connect to it.',
    zh: '实例处于装载、启动或关闭过程中（ORA-01033）。如果是已装载的备库，请以 sysbackup 权限注册：普通账号无法登录。',
  },
  INSTANCE_SHUTTING_DOWN: {
    en: 'The instance is shutting down ({code}).',
    zh: '实例正在关闭（{code}）。',
  },
  VERSION_UNSUPPORTED: {
    en: 'The server is older than Oracle Database 12.1, or lacks a column that later versions have ({code}): its instance was not checked.',
    zh: '服务器版本低于 Oracle Database 12.1，或缺少后续版本才有的列（{code}）：未检查该实例。',
  },
} as const
type Code = keyof typeof texts

/** Evidence as a text shows it: `active_state = QUIESCED`. */
const valuesIn = (observed: Evidence): string =>
  Object.entries(observed)
    .map(([column, value]) => `${column} = ${String(value)}`)
    .join(', ')

const toDraft = (row: InstanceRow, condition: Condition, allDown: boolean): FindingDraft<Code> => {
  const { code, gravity, role, observed, expected, remediation } = condition
  const operations = [...allOperations]
  const effect = {
    // While another instance of the RAC serves, a backup runs there.
    down: allDown ? { blocks: operations } : { degrades: operations },
    halted: { blocks: operations },
    mounted: { degrades: [...backupOperations] },
    impaired: { degrades: operations },
    unclear: { obscures: operations },
  }[gravity]
  return {
    code,
    params: { instance: row.instance_name, value: valuesIn(observed), ...(role && { role: [role] }) },
    object: { type: 'instance', name: row.instance_name },
    observed,
    expected,
    ...effect,
    ...(remediation && { remediation }),
  }
}

/** What a refusal says: the instance cannot be used, or what it is in remains unknown. */
type Meaning = 'blocks' | 'obscures'

/** A refused connection that shows the state of the instance. */
const shownBy =
  (code: Code, remediation: Remediation | null, meaning: Meaning = 'blocks') =>
  ({ params, code: seen }: Problem, { target }: CheckContext): Evaluation<Code> => ({
    findings: [
      {
        code,
        params,
        object: { type: 'instance', name: target.instanceId },
        observed: { connection: seen },
        expected: { status: 'OPEN' },
        [meaning]: [...allOperations],
        ...(remediation && { remediation }),
      },
    ],
  })

/** Whether it is a standby that is kept mounted has to be found out before anything opens it. */
const startUp: Remediation = {
  steps: [steps.listServices({}), steps.keepStandbyMounted({}), steps.startUp({})],
  verify: verifyOpen,
  changes: {},
}

/** Whether the instance is down or the name is wrong has to be found out first. */
const offerService: Remediation = {
  steps: [steps.listServices({}), steps.correctService({}), steps.keepStandbyMounted({}), steps.startUp({})],
  verify: verifyOpen,
  changes: {},
}

const mountAndOpen: Remediation = {
  steps: [steps.mount({}), steps.keepStandbyMounted({}), steps.open({})],
  verify: verifyOpen,
  changes: {},
}

const openUnlessStandby: Remediation = {
  steps: [steps.keepStandbyMounted({}), steps.open({})],
  verify: verifyOpen,
  changes: {},
}

const endRestriction: Remediation = {
  steps: [steps.endRestriction({})],
  verify: verifyOpen,
  changes: { logins: 'ALLOWED' },
}

/** An instance that is starting or shutting down needs time, and a restricted one needs a command. */
const endRestrictionIfAny: Remediation = {
  steps: [steps.showInstance({}), steps.endRestriction({})],
  verify: verifyOpen,
  changes: {},
}

/**
 * Verifies that the instance is in normal status: OPEN and ACTIVE, or MOUNTED if the role of its database lets it be.
 * On a RAC one instance that is down is a warning, all of them a failure. It blocks every operation on every database
 * of the instance.
 */
export default defineCheck(oracle, {
  id: 'ORACLE_INSTANCE_STATUS',
  set: 'essential',
  title: { en: 'The Oracle instance is in normal status', zh: 'Oracle 实例状态检查：实例状态正常' },
  failureTitle: {
    en: 'The Oracle instance is not in normal status',
    zh: 'Oracle 实例状态检查：实例状态异常',
  },
  description: {
    en: 'Checks whether the instance is open and active. If the check fails, you cannot back up or restore any of its databases.',
    zh: '检查实例是否已打开并处于活动状态。如果未通过，则无法备份或恢复该实例的数据库。',
  },
  affects: () => allOperations,
  texts,
  privileges: ['SELECT ON SYS.GV_$INSTANCE', 'SELECT ON SYS.V_$DATABASE', 'SELECT ON SYS.V_$THREAD'],
  fixes: [
    steps.correctService,
    steps.decideOnInstance,
    steps.endRestriction,
    steps.grant,
    steps.keepStandbyMounted,
    steps.letShutdownEnd,
    steps.listServices,
    steps.mount,
    steps.open,
    steps.resume,
    steps.showInstance,
    steps.startInstance,
    steps.startStandby,
    steps.startUp,
    steps.unquiesce,
  ],
  documents: [
    'https://docs.oracle.com/en/database/oracle/oracle-database/19/refrn/V-INSTANCE.html',
    'https://docs.oracle.com/en/database/oracle/oracle-database/19/refrn/V-THREAD.html',
  ],
  queries: { instances: instanceQuery, role: roleQuery, threads: threadQuery },
  claims: {
    ORACLE_SERVICE_UNKNOWN: shownBy('SERVICE_NOT_OFFERED', offerService, 'obscures'),
    ORACLE_SID_UNKNOWN: shownBy('SERVICE_NOT_OFFERED', offerService, 'obscures'),
    ORACLE_SERVER_TOO_OLD: shownBy('VERSION_UNSUPPORTED', null, 'obscures'),
    ORACLE_INSTANCE_BLOCKED: shownBy('INSTANCE_BLOCKED', mountAndOpen),
    ORACLE_INSTANCE_RESTRICTED: shownBy('INSTANCE_RESTRICTED', endRestriction),
    ORACLE_INSTANCE_RESTRICTED_OR_BLOCKED: shownBy('INSTANCE_RESTRICTED_OR_BLOCKED', endRestrictionIfAny),
    ORACLE_INSTANCE_NOT_STARTED: shownBy('INSTANCE_NOT_STARTED', startUp),
    ORACLE_INSTANCE_NOT_MOUNTED: shownBy('INSTANCE_NOT_MOUNTED', mountAndOpen),
    ORACLE_INSTANCE_NOT_OPEN: shownBy('INSTANCE_NOT_OPEN', openUnlessStandby),
    ORACLE_SHUTTING_DOWN: shownBy('INSTANCE_SHUTTING_DOWN', startUp),
  },
  facts: z.object({ instances: InstanceRows, role: RoleFact, threads: ThreadRows }),
  evaluate: ({ instances, role, threads }, context) => {
    const judged = instances.map((row) => ({ row, conditions: judgeInstance(row, role, context) }))
    const allDown = judged.every(({ conditions }) => conditions.some(({ gravity }) => gravity === 'down'))
    return {
      findings: [
        ...judged.flatMap(({ row, conditions }) =>
          conditions.map((condition) => toDraft(row, condition, allDown)),
        ),
        ...judgeThreads(instances, threads, role, context),
      ],
      observed: { instances: instances.length, database_role: role?.database_role ?? null },
    }
  },
})

import type { InstanceDefinition } from '../../model/instance.ts'
import { allOperations } from '../../model/operation.ts'
import type { RemediationStep } from '../../model/remediation.ts'
import type { CheckContext, Evaluation, FindingDraft } from '../framework/define-check.ts'
import type { Problem } from '../problems/problem.ts'
import { serviceSteps } from './service-steps.ts'

/** Texts of what keeps the whole instance from being looked at. */
export const instanceStateTexts = {
  INSTANCE_SINGLE_USER: {
    en: 'The instance runs in single-user mode and only accepts one administrator. Restart it without -m.',
    zh: '实例以单用户模式运行，只接受一个管理员连接。请去掉启动参数 -m 后重启。',
  },
  INSTANCE_PAUSED: {
    en: 'The instance is paused and accepts no new connections. Resume its service.',
    zh: '实例已暂停，不接受新连接。请恢复其服务。',
  },
  INSTANCE_STARTING: {
    en: 'The instance is starting and accepts no connections yet.',
    zh: '实例正在启动，尚不接受连接。',
  },
  INSTANCE_SHUTTING_DOWN: {
    en: 'The instance is shutting down and accepts no new connections ({number}).',
    zh: '实例正在关闭，不接受新连接（{number}）。',
  },
  INSTANCE_ADMINISTRATORS_ONLY: {
    en: 'The instance only accepts administrators at the moment: it is starting, being upgraded or shutting down.',
    zh: '实例目前仅接受管理员连接：正在启动、升级或关闭。',
  },
  VERSION_UNSUPPORTED: {
    en: 'The server does not have what a statement asks for: it is older than SQL Server 2012, or no SQL Server ({number}: {detail}). It was not checked.',
    zh: '服务器没有语句所查询的内容：版本低于 SQL Server 2012，或不是 SQL Server（{number}：{detail}）。未检查该服务器。',
  },
  INSTANCE_UPGRADING: {
    en: 'The instance is in script upgrade mode and accepts no connections until the upgrade is complete.',
    zh: '实例处于脚本升级模式，升级完成前不接受连接。',
  },
} as const
type Code = keyof typeof instanceStateTexts

/** Windows service of the instance, where the registration tells: a port alone does not name the instance. */
const serviceOf = (definition: InstanceDefinition): string | null => {
  if (definition.engine !== 'sqlserver' || definition.connection.port !== undefined) return null
  const { instanceName } = definition.connection
  return instanceName === undefined ? 'MSSQLSERVER' : `MSSQL$${instanceName}`
}

const restart = (service: string | null): RemediationStep[] => [
  serviceSteps.leaveSingleUser({}),
  service === null ? serviceSteps.restartByHand({}) : serviceSteps.restart({ service }),
]

const resume = (service: string | null): RemediationStep[] => [
  service === null ? serviceSteps.resumeByHand({}) : serviceSteps.resume({ service }),
]

const startAgain = (service: string | null): RemediationStep[] => [
  serviceSteps.letShutdownEnd({}),
  service === null ? serviceSteps.startByHand({}) : serviceSteps.start({ service }),
]

const waitForUpgrade = (): RemediationStep[] => [serviceSteps.waitForUpgrade({})]

const waitForStart = (): RemediationStep[] => [serviceSteps.waitForStart({})]

/** What a problem says of the whole instance, by the number of the server's error. */
const finding = (code: Code, { params }: Problem, { target }: CheckContext): FindingDraft<Code> => {
  const { number = null } = params
  return {
    code,
    params,
    object: { type: 'instance', name: target.instanceId },
    observed: { error_number: typeof number === 'number' ? number : null },
    expected: { error_number: null },
  }
}

const claim =
  (code: Code, steps: (service: string | null) => RemediationStep[]) =>
  (problem: Problem, context: CheckContext): Evaluation<Code> => ({
    findings: [
      {
        ...finding(code, problem, context),
        blocks: [...allOperations],
        remediation: {
          steps: steps(serviceOf(context.target.definition)),
          verify: null,
          changes: { error_number: null },
        },
      },
    ],
  })

/** A server of a version that this service does not know says the same in every item: once is enough. */
const claimVersion = (problem: Problem, context: CheckContext): Evaluation<Code> => ({
  findings: [{ ...finding('VERSION_UNSUPPORTED', problem, context), obscures: [...allOperations] }],
})

/** Refusals that say that the instance itself is not online, or of an unsupported version. */
export const instanceStateClaims = {
  SQLSERVER_SINGLE_USER: claim('INSTANCE_SINGLE_USER', restart),
  SQLSERVER_PAUSED: claim('INSTANCE_PAUSED', resume),
  SQLSERVER_UPGRADING: claim('INSTANCE_UPGRADING', waitForUpgrade),
  SQLSERVER_STARTING: claim('INSTANCE_STARTING', waitForStart),
  SQLSERVER_SHUTTING_DOWN: claim('INSTANCE_SHUTTING_DOWN', startAgain),
  SQLSERVER_ADMINISTRATORS_ONLY: claim('INSTANCE_ADMINISTRATORS_ONLY', waitForStart),
  SQLSERVER_TOO_OLD: claimVersion,
} as const

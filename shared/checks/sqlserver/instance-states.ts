import type { InstanceDefinition } from '../../model/instance.ts'
import { allOperations } from '../../model/operation.ts'
import type { RemediationStep } from '../../model/remediation.ts'
import type { CheckContext, Evaluation } from '../framework/define-check.ts'
import { serviceSteps } from './service-steps.ts'

/** Texts of states in which the instance accepts no connections. */
export const instanceStateTexts = {
  INSTANCE_SINGLE_USER: {
    en: 'The instance runs in single-user mode and only accepts one administrator. Restart it without -m.',
    zh: '实例以单用户模式运行，只接受一个管理员连接。请去掉启动参数 -m 后重启。',
  },
  INSTANCE_PAUSED: {
    en: 'The instance is paused and accepts no new connections. Resume its service.',
    zh: '实例已暂停，不接受新连接。请恢复其服务。',
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

const wait = (): RemediationStep[] => [serviceSteps.waitForUpgrade({})]

const claim =
  (code: Code, errorNumber: number, steps: (service: string | null) => RemediationStep[]) =>
  (_: unknown, { target }: CheckContext): Evaluation<Code> => ({
    findings: [
      {
        code,
        object: { type: 'instance', name: target.instanceId },
        observed: { error_number: errorNumber },
        expected: { error_number: null },
        blocks: [...allOperations],
        remediation: {
          steps: steps(serviceOf(target.definition)),
          verify: null,
          changes: { error_number: null },
        },
      },
    ],
  })

/** Refusals at the login that say that the instance itself is not online, by the number of the server's error. */
export const instanceStateClaims = {
  SQLSERVER_SINGLE_USER: claim('INSTANCE_SINGLE_USER', 18_461, restart),
  SQLSERVER_PAUSED: claim('INSTANCE_PAUSED', 17_142, resume),
  SQLSERVER_UPGRADING: claim('INSTANCE_UPGRADING', 18_401, wait),
} as const

import { backupOperations } from '../../model/operation.ts'
import type { Remediation, RemediationStep } from '../../model/remediation.ts'
import { type CheckContext, type FindingDraft, defineHostCheck } from '../framework/define-check.ts'
import { bash, powershell } from '../framework/script-language.ts'
import { ClientFacts } from './host-facts.ts'
import { isWindows } from './platform.ts'
import { hostSteps } from './steps.ts'

const texts = {
  CLIENT_STOPPED: {
    en: 'The service {service} of the Cloud Backup client is installed but not running: no backup is taken.',
    zh: '云备份客户端的服务 {service} 已安装但未运行：无法执行备份。',
  },
  CLIENT_NOT_AUTOMATIC: {
    en: 'The service {service} of the Cloud Backup client is running but does not start with the host: after the next restart no backup is taken.',
    zh: '云备份客户端的服务 {service} 正在运行，但不随主机启动：下次重启后将无法执行备份。',
  },
  CLIENT_UNKNOWN: {
    en: 'It is unknown whether the service {service} of the Cloud Backup client is running.',
    zh: '无法判定云备份客户端的服务 {service} 是否正在运行。',
  },
  CLIENT_NOT_FOUND: {
    en: 'No service of the Cloud Backup client was found under the names that its manuals give ({names}): it is not installed, or another client takes the backups.',
    zh: '未找到文档所列名称（{names}）的云备份客户端服务：客户端未安装，或由其他客户端执行备份。',
  },
} as const
type Draft = FindingDraft<keyof typeof texts>
type Service = ClientFacts['services'][number]

const namesOf = (context: CheckContext): string =>
  isWindows(context)
    ? 'Alibaba Cloud Backup Service, Aliyun Hybrid Backup Service'
    : 'hbrclient, hybridbackup'

const verifyOf = (context: CheckContext): Remediation['verify'] =>
  isWindows(context)
    ? {
        language: powershell.name,
        query: "Get-Service -DisplayName '*Backup Service' | Select-Object DisplayName, Status, StartType",
      }
    : { language: bash.name, query: 'systemctl status hbrclient' }

const onService = ({ name, running, automatic, version }: Service): Omit<Draft, 'code'> => ({
  params: { service: name },
  object: { type: 'instance', name },
  observed: { running, automatic, version },
  expected: { running: true, automatic: true },
})

const fixedBy = (
  steps: readonly RemediationStep[],
  context: CheckContext,
  changes: Remediation['changes'],
): Remediation => ({ steps: [...steps], verify: verifyOf(context), changes })

const judgeService = (service: Service, context: CheckContext): Draft[] => {
  const { name, running, automatic } = service
  const about = onService(service)
  const [start, enable] = isWindows(context)
    ? [hostSteps.startService({ service: name }), hostSteps.enableService({ service: name })]
    : [hostSteps.startUnit({ service: name }), hostSteps.enableUnit({ service: name })]
  if (running === false) {
    const remediation = fixedBy([enable, start], context, { running: true, automatic: true })
    return [{ ...about, code: 'CLIENT_STOPPED', blocks: [...backupOperations], remediation }]
  }
  if (running === null) return [{ ...about, code: 'CLIENT_UNKNOWN', obscures: [...backupOperations] }]
  if (automatic !== false) return []
  const remediation = fixedBy([enable], context, { automatic: true })
  return [{ ...about, code: 'CLIENT_NOT_AUTOMATIC', degrades: [...backupOperations], remediation }]
}

const notFound = (context: CheckContext): Draft => ({
  code: 'CLIENT_NOT_FOUND',
  params: { names: namesOf(context) },
  object: { type: 'instance', name: context.target.instanceId },
  observed: { services: 0 },
  expected: { services: 1 },
  obscures: [...backupOperations],
  remediation: fixedBy([hostSteps.installClient({})], context, {}),
})

/** Of two generations side by side, the one that runs; else the newer, which stands first. */
const deciding = ({ services }: ClientFacts): Service | undefined =>
  services.find(({ running }) => running === true) ??
  services.find(({ running }) => running === null) ??
  services[0]

/**
 * Verifies that the Cloud Backup client is there, runs and starts with the host. Which service the client of a database
 * backup has is not documented: where none of the documented ones is found, that is unknown, and no failure. The
 * version is shown, not judged: no manual names the lowest that works. What starts with the host is not told by every
 * init system, which is no reason to doubt what runs.
 */
export default defineHostCheck('all', {
  id: 'BACKUP_CLIENT',
  set: 'standard',
  title: { en: 'The Cloud Backup client is running', zh: '备份客户端检查：云备份客户端正在运行' },
  failureTitle: { en: 'The Cloud Backup client is not running', zh: '备份客户端检查：云备份客户端未运行' },
  description: {
    en: 'Checks whether the Cloud Backup client is installed on the host, runs and starts with it. If it is not running, no backup is taken.',
    zh: '检查主机上是否已安装云备份客户端、客户端是否正在运行并随主机启动。如果未运行，则无法执行备份。',
  },
  affects: () => backupOperations,
  texts,
  fixes: [
    hostSteps.enableService,
    hostSteps.enableUnit,
    hostSteps.installClient,
    hostSteps.startService,
    hostSteps.startUnit,
  ],
  documents: [
    'https://www.alibabacloud.com/help/en/cloud-backup/user-guide/ecs-file-backup-overview',
    'https://www.freedesktop.org/software/systemd/man/latest/systemctl.html',
    'https://learn.microsoft.com/windows/win32/cimwin32prov/win32-service',
  ],
  ask: (_, { profile }) => (profile === 'native' ? null : { part: 'client' }),
  facts: ClientFacts,
  evaluate: (facts, context) => {
    const service = deciding(facts)
    return {
      findings: service ? judgeService(service, context) : [notFound(context)],
      observed: { service: service?.name ?? null, version: service?.version ?? null },
    }
  },
})

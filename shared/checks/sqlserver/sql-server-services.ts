import * as z from 'zod'
import { backupOperations } from '../../model/operation.ts'
import type { Remediation, RemediationStep } from '../../model/remediation.ts'
import { orUnknown, rows } from '../framework/answer.ts'
import { type CheckContext, type FindingDraft, defineCheck } from '../framework/define-check.ts'
import { DatabaseFacts, databaseQueries } from './databases.ts'
import { sqlserver } from './engine.ts'
import { tsql } from './languages.ts'
import { serviceSteps } from './service-steps.ts'

const texts = {
  AGENT_STOPPED: {
    en: 'SQL Server Agent is not running (status {status}): no job of it runs, those that take backups or ship logs included.',
    zh: 'SQL Server 代理未运行（状态 {status}）：其任何作业都不会运行，包括执行备份和日志传送的作业。',
  },
  AGENT_NOT_AUTOMATIC: {
    en: 'SQL Server Agent is running but does not start with the host (startup type {type}): after the next restart none of its jobs runs.',
    zh: 'SQL Server 代理正在运行，但不随主机启动（启动类型 {type}）：下次重启后其作业都不会运行。',
  },
  AGENT_UNKNOWN: {
    en: 'It is unknown whether SQL Server Agent is running and starts with the host: the server reports status {status} and startup type {type}.',
    zh: '无法判定 SQL Server 代理是否正在运行并随主机启动：服务器返回状态 {status}、启动类型 {type}。',
  },
  NO_AGENT_IN_EDITION: {
    en: 'Express Edition has no SQL Server Agent: backups are scheduled by somebody else.',
    zh: 'Express 版没有 SQL Server 代理：备份由其他程序调度。',
  },
  INSTANCE_NOT_AUTOMATIC: {
    en: 'The service of the instance does not start with the host (startup type {type}): after the next restart there is nothing to back up until somebody starts it.',
    zh: '实例的服务不随主机启动（启动类型 {type}）：下次重启后，在有人启动之前无法备份。',
  },
} as const
type Code = keyof typeof texts
type Draft = FindingDraft<Code>

const Service = z.object({
  servicename: z.string(),
  kind: z.enum(['engine', 'agent', 'other']),
  startup_type: orUnknown(z.int()),
  status: orUnknown(z.int()),
  service_account: orUnknown(z.string()),
  is_clustered: orUnknown(z.string()),
})
type Service = z.output<typeof Service>

/** `status` and `startup_type` as "sys.dm_server_services" numbers them. */
const running = 4
const starting = { automatic: 2, manual: 3, disabled: 4 } as const

/** EngineEdition of Express, which has no SQL Server Agent ("Editions and supported features"). */
const express = 4

const facts = z.object({ server: DatabaseFacts.shape.server, services: rows(Service.shape) })
type Facts = z.output<typeof facts>

/** The cluster starts what is its resource. */
const isLeftToHand = ({ startup_type, is_clustered }: Service): boolean =>
  is_clustered !== 'Y' && (startup_type === starting.manual || startup_type === starting.disabled)

const isKnown = ({ startup_type, status, is_clustered }: Service): boolean =>
  status !== null && (startup_type !== null || is_clustered === 'Y')

/** Natively its jobs take the backups; under `cloud-backup` the client of the product does. */
const touch = (list: 'degrades' | 'obscures', { target }: CheckContext): Partial<Draft> =>
  target.definition.profile === 'native' ? { [list]: [...backupOperations] } : {}

const onService = (code: Code, service: Service | undefined, context: CheckContext): Draft => {
  const { status = null, startup_type = null } = service ?? {}
  return {
    code,
    params: { status: status ?? 'NULL', type: startup_type ?? 'NULL' },
    object: { type: 'instance', name: context.target.instanceId },
    observed: { status, startup_type },
    expected: { status: running, startup_type: starting.automatic },
  }
}

const startBy = (steps: readonly RemediationStep[]): Remediation => ({
  steps: [...steps],
  verify: {
    language: tsql.name,
    query: 'SELECT servicename, startup_type_desc, status_desc FROM sys.dm_server_services;',
  },
  changes: { status: running, startup_type: starting.automatic },
})

const judgeAgent = ({ server, services }: Facts, context: CheckContext): Draft[] => {
  const agent = services.find(({ kind }) => kind === 'agent')
  if (!agent && server.engine_edition === express) {
    return [
      {
        ...onService('NO_AGENT_IN_EDITION', agent, context),
        observed: { engine_edition: express },
        expected: {},
      },
    ]
  }
  if (!agent) return [{ ...onService('AGENT_UNKNOWN', agent, context), ...touch('obscures', context) }]
  const { servicename: service, status } = agent
  const automatic = serviceSteps.startAutomatically({ service })
  if (status !== null && status !== running) {
    const remediation = startBy([serviceSteps.startAgent({ service }), automatic])
    return [{ ...onService('AGENT_STOPPED', agent, context), ...touch('degrades', context), remediation }]
  }
  if (!isKnown(agent)) {
    return [{ ...onService('AGENT_UNKNOWN', agent, context), ...touch('obscures', context) }]
  }
  if (!isLeftToHand(agent)) return []
  const remediation = startBy([automatic])
  return [{ ...onService('AGENT_NOT_AUTOMATIC', agent, context), ...touch('degrades', context), remediation }]
}

const judgeInstance = ({ services }: Facts, context: CheckContext): Draft[] => {
  const engine = services.find(({ kind }) => kind === 'engine')
  if (!engine || !isLeftToHand(engine)) return []
  const remediation = startBy([serviceSteps.startAutomatically({ service: engine.servicename })])
  return [{ ...onService('INSTANCE_NOT_AUTOMATIC', engine, context), remediation }]
}

/**
 * Verifies that SQL Server Agent runs and starts with the host, since it is who takes scheduled backups natively. How
 * the instance itself starts is a note: it runs. SQL Writer is looked at on the host.
 */
export default defineCheck(sqlserver, {
  id: 'SQL_SERVER_SERVICES',
  set: 'standard',
  title: { en: 'SQL Server Agent is running', zh: 'SQL Server 服务检查：SQL Server 代理正在运行' },
  failureTitle: {
    en: 'SQL Server Agent is not running, or will not after a restart',
    zh: 'SQL Server 服务检查：SQL Server 代理未运行，或重启后不会运行',
  },
  description: {
    en: 'Checks whether SQL Server Agent is running and starts with the host. If it is not running, its jobs do not take the backups that are scheduled.',
    zh: '检查 SQL Server 代理是否正在运行并随主机启动。如果未运行，其作业不会执行已计划的备份。',
  },
  affects: () => backupOperations,
  texts,
  privileges: ['VIEW SERVER SECURITY STATE'],
  documents: [
    'https://learn.microsoft.com/sql/relational-databases/system-dynamic-management-views/sys-dm-server-services-transact-sql',
    'https://learn.microsoft.com/sql/ssms/agent/sql-server-agent',
  ],
  fixes: [serviceSteps.startAgent, serviceSteps.startAutomatically],
  queries: {
    server: databaseQueries.server,
    /** Names of services are in the language of the server, names of files are not. */
    services: {
      sql: `SELECT servicename, CASE WHEN LOWER(filename) LIKE '%sqlagent%' OR servicename LIKE 'SQL Server Agent%' THEN 'agent'
  WHEN LOWER(filename) LIKE '%sqlservr%' THEN 'engine' ELSE 'other' END AS kind,
  startup_type, status, service_account, is_clustered
FROM sys.dm_server_services`,
    },
  },
  facts,
  evaluate: (asked, context) => ({
    findings: [...judgeAgent(asked, context), ...judgeInstance(asked, context)],
    observed: Object.fromEntries(
      asked.services.map(({ kind, service_account }) => [`${kind}_service_account`, service_account]),
    ),
  }),
})

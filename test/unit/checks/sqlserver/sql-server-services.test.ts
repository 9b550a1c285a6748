import { describe } from 'vitest'
import check from '../../../../shared/checks/sqlserver/sql-server-services.ts'
import { testChanges } from '../../../support/changes-table.ts'
import {
  type SqlServerFacts,
  engineService,
  isOfObject,
  server,
  service,
  sqlServerFacts,
} from '../../../support/facts/sqlserver.ts'
import { type DetailRow, type VerdictRow, backups, testCheckItem } from '../../../support/verdict-table.ts'

const manuals = {
  services:
    'https://learn.microsoft.com/sql/relational-databases/system-dynamic-management-views/sys-dm-server-services-transact-sql',
  agent: 'https://learn.microsoft.com/sql/ssms/agent/sql-server-agent',
  editions: 'https://learn.microsoft.com/sql/sql-server/editions-and-components-of-sql-server-2022',
  cluster:
    'https://learn.microsoft.com/sql/sql-server/failover-clusters/windows/always-on-failover-cluster-instances-sql-server',
} as const
type Row = VerdictRow<Partial<SqlServerFacts>, keyof typeof manuals>

const on = 'instance db1'
const native = { profile: 'native' } as const
const agentIs = (changes: Parameters<typeof service>[0]) => ({
  services: [engineService(), service(changes)],
})
const unknownNatively = { code: 'AGENT_UNKNOWN', on, obscures: backups } as const

const verdicts: readonly Row[] = [
  {
    when: 'both services run and start with the host',
    registered: native,
    status: 'passed',
    findings: [],
    observed: {
      engine_service_account: 'NT Service\\MSSQLSERVER',
      agent_service_account: 'NT Service\\SQLSERVERAGENT',
    },
    manual: 'services',
  },
  {
    when: 'the agent stopped, native',
    facts: agentIs({ status: 1 }),
    registered: native,
    status: 'warning',
    findings: [{ code: 'AGENT_STOPPED', on, degrades: backups }],
    readiness: { instance: { full: 'degraded', incremental: 'degraded', log: 'degraded', restore: 'ready' } },
    manual: 'agent',
  },
  {
    when: 'the agent stopped, which the client of the product does not need',
    facts: agentIs({ status: 1 }),
    status: 'passed',
    findings: [{ code: 'AGENT_STOPPED', on }],
    readiness: { instance: { full: 'ready' } },
    manual: 'agent',
  },
  {
    when: 'the agent paused and disabled, native: that it stands still comes first',
    facts: agentIs({ status: 7, startup_type: 4 }),
    registered: native,
    status: 'warning',
    findings: [{ code: 'AGENT_STOPPED', on, degrades: backups }],
    manual: 'services',
  },
  ...[3, 4].map((startup_type): Row => ({
    when: `the agent running, startup type ${startup_type}, native`,
    facts: agentIs({ startup_type }),
    registered: native,
    status: 'warning',
    findings: [{ code: 'AGENT_NOT_AUTOMATIC', on, degrades: backups }],
    manual: 'services',
  })),
  {
    when: 'the agent running by hand',
    facts: agentIs({ startup_type: 3 }),
    status: 'passed',
    findings: [{ code: 'AGENT_NOT_AUTOMATIC', on }],
    manual: 'services',
  },
  {
    when: 'services of a cluster, which starts them itself, native',
    facts: {
      services: [
        engineService({ startup_type: 3, is_clustered: 'Y' }),
        service({ startup_type: 3, is_clustered: 'Y' }),
      ],
    },
    registered: native,
    status: 'passed',
    findings: [],
    manual: 'cluster',
  },
  {
    when: 'an agent of a cluster of unknown startup type, native',
    facts: agentIs({ startup_type: null, is_clustered: 'Y' }),
    registered: native,
    status: 'passed',
    findings: [],
    manual: 'cluster',
  },
  ...(['status', 'startup_type'] as const).map((column): Row => ({
    when: `an agent of unknown ${column}, native`,
    facts: agentIs({ [column]: null }),
    registered: native,
    status: 'error',
    findings: [unknownNatively],
    readiness: { instance: { full: 'unknown', restore: 'ready' } },
    manual: 'services',
  })),
  {
    when: 'an agent of unknown status, which the client of the product does not need',
    facts: agentIs({ status: null }),
    status: 'passed',
    findings: [{ code: 'AGENT_UNKNOWN', on }],
    manual: 'services',
  },
  {
    when: 'no agent shown, native',
    facts: { services: [engineService()] },
    registered: native,
    status: 'error',
    findings: [unknownNatively],
    manual: 'services',
  },
  {
    when: 'no agent in Express Edition, native',
    facts: { server: [server({ engine_edition: 4 })], services: [engineService()] },
    registered: native,
    status: 'passed',
    findings: [{ code: 'NO_AGENT_IN_EDITION', on }],
    manual: 'editions',
  },
  {
    when: 'an instance that is started by hand',
    facts: { services: [engineService({ startup_type: 3 }), service()] },
    status: 'passed',
    findings: [{ code: 'INSTANCE_NOT_AUTOMATIC', on }],
    manual: 'services',
  },
  {
    when: 'an instance of unknown startup type, which runs',
    facts: { services: [engineService({ startup_type: null }), service()] },
    status: 'passed',
    findings: [],
    manual: 'services',
  },
  {
    when: 'an agent that is started by hand, before the instance itself',
    facts: { services: [service({ startup_type: 3 }), engineService()] },
    registered: native,
    status: 'warning',
    findings: [{ code: 'AGENT_NOT_AUTOMATIC', on, degrades: backups }],
    manual: 'services',
  },
]

const verify = 'tsql: SELECT servicename, startup_type_desc, status_desc FROM sys.dm_server_services;'
const expected = { status: 4, startup_type: 2 }

const details: readonly DetailRow[] = [
  {
    when: 'the agent stopped, native',
    code: 'AGENT_STOPPED',
    on,
    params: { status: 1, type: 2 },
    observed: { status: 1, startup_type: 2 },
    expected,
    steps: ['online manual', 'online manual'],
    verify,
  },
  {
    when: 'the agent running by hand',
    code: 'AGENT_NOT_AUTOMATIC',
    on,
    params: { status: 4, type: 3 },
    observed: { status: 4, startup_type: 3 },
    expected,
    steps: ['online manual'],
    verify,
  },
  {
    when: 'no agent shown, native',
    code: 'AGENT_UNKNOWN',
    on,
    params: { status: 'NULL', type: 'NULL' },
    observed: { status: null, startup_type: null },
    expected,
    steps: [],
  },
  {
    when: 'no agent in Express Edition, native',
    code: 'NO_AGENT_IN_EDITION',
    on,
    params: { status: 'NULL', type: 'NULL' },
    observed: { engine_edition: 4 },
    expected: {},
    steps: [],
  },
  {
    when: 'an instance that is started by hand',
    code: 'INSTANCE_NOT_AUTOMATIC',
    on,
    params: { status: 4, type: 3 },
    observed: { status: 4, startup_type: 3 },
    expected,
    steps: ['online manual'],
    verify,
  },
]

describe('SQL_SERVER_SERVICES', () => {
  testCheckItem({
    check,
    engine: 'sqlserver',
    answer: sqlServerFacts,
    manuals,
    affects: { 'cloud-backup': backups, native: backups },
    verdicts,
    details,
    never: { failed: 'a backup that somebody else starts does not need the agent' },
  })
  testChanges({ check, engine: 'sqlserver', answer: sqlServerFacts, verdicts, isOf: isOfObject })
})

import { describe, expect, it } from 'vitest'
import check from '../../../../shared/checks/host/backup-client.ts'
import type { ClientFacts } from '../../../../shared/checks/host/host-facts.ts'
import { contextFor, judged } from '../../../support/context.ts'
import { clientService, linuxHost, windowsHost } from '../../../support/facts/host.ts'
import { type DetailRow, type VerdictRow, backups, testCheckItem } from '../../../support/verdict-table.ts'

const manuals = {
  client: 'https://www.alibabacloud.com/help/en/cloud-backup/user-guide/ecs-file-backup-overview',
  older: 'Cloud Backup, FAQ: how to check the running status of a backup client',
  systemd: 'https://www.freedesktop.org/software/systemd/man/latest/systemctl.html',
  windows: 'https://learn.microsoft.com/windows/win32/cimwin32prov/win32-service',
} as const
type Row = VerdictRow<ClientFacts, keyof typeof manuals>
type Service = ClientFacts['services'][number]

const on = 'instance hbrclient'
const windowsName = 'Alibaba Cloud Backup Service'
const having = (...services: readonly Partial<Service>[]): ClientFacts => ({
  services: services.map((changes) => clientService(changes)),
})
const stopped = { code: 'CLIENT_STOPPED', on, blocks: backups } as const
const manual = { code: 'CLIENT_NOT_AUTOMATIC', on, degrades: backups } as const
const unknown = { code: 'CLIENT_UNKNOWN', on, obscures: backups } as const
const missing = { code: 'CLIENT_NOT_FOUND', on: 'instance db1', obscures: backups } as const

const verdicts: readonly Row[] = [
  {
    when: 'it runs and starts with the host',
    status: 'passed',
    findings: [],
    observed: { service: 'hbrclient', version: null },
    manual: 'client',
  },
  {
    when: 'it is an older one that runs, of which nothing tells how it starts',
    facts: having({ name: 'hybridbackup', automatic: null }),
    status: 'passed',
    findings: [],
    manual: 'older',
  },
  {
    when: 'it runs on Windows, in a version',
    facts: having({ name: windowsName, version: '2.3.4.5' }),
    registered: { host: windowsHost },
    status: 'passed',
    findings: [],
    observed: { service: windowsName, version: '2.3.4.5' },
    manual: 'windows',
  },
  {
    when: 'it stopped',
    facts: having({ running: false }),
    registered: { host: linuxHost },
    status: 'failed',
    findings: [stopped],
    readiness: { instance: { full: 'blocked', incremental: 'blocked', log: 'blocked', restore: 'ready' } },
    manual: 'client',
  },
  {
    when: 'it stopped on Windows',
    facts: having({ name: windowsName, running: false, automatic: false }),
    registered: { host: windowsHost },
    status: 'failed',
    findings: [{ ...stopped, on: `instance ${windowsName}` }],
    manual: 'windows',
  },
  {
    when: 'a new one runs beside an older one that stopped',
    facts: having({ name: 'hybridbackup', running: false }, {}),
    status: 'passed',
    findings: [],
    observed: { service: 'hbrclient', version: null },
    manual: 'client',
  },
  {
    when: 'both stopped: the newer one is to be started',
    facts: having({ running: false }, { name: 'hybridbackup', running: false }),
    status: 'failed',
    findings: [stopped],
    manual: 'client',
  },
  {
    when: 'one stopped, and nobody knows of the other',
    facts: having({ name: 'hybridbackup', running: false }, { running: null }),
    status: 'error',
    findings: [unknown],
    manual: 'systemd',
  },
  {
    when: 'it runs and does not start with the host',
    facts: having({ automatic: false }),
    status: 'warning',
    findings: [manual],
    readiness: { instance: { full: 'degraded', restore: 'ready' } },
    manual: 'systemd',
  },
  {
    when: 'it is starting',
    facts: having({ running: null }),
    status: 'error',
    findings: [unknown],
    readiness: { instance: { full: 'unknown' } },
    manual: 'systemd',
  },
  {
    when: 'there is none of a documented name',
    facts: having(),
    status: 'error',
    findings: [missing],
    readiness: { instance: { full: 'unknown', restore: 'ready' } },
    manual: 'client',
  },
  {
    when: 'there is none of a documented name on Windows',
    facts: having(),
    registered: { host: windowsHost },
    status: 'error',
    findings: [missing],
    manual: 'client',
  },
]

const healthy = { running: true, automatic: true }
const details: readonly DetailRow[] = [
  {
    when: 'it stopped',
    code: 'CLIENT_STOPPED',
    on,
    params: { service: 'hbrclient' },
    observed: { running: false, automatic: true, version: null },
    expected: healthy,
    steps: ["online bash: systemctl enable 'hbrclient'", "online bash: systemctl start 'hbrclient'"],
    verify: 'bash: systemctl status hbrclient',
  },
  {
    when: 'it stopped on Windows',
    code: 'CLIENT_STOPPED',
    on: `instance ${windowsName}`,
    params: { service: windowsName },
    observed: { running: false, automatic: false, version: null },
    expected: healthy,
    steps: [
      `online powershell: Get-Service -DisplayName '${windowsName}' | Set-Service -StartupType Automatic`,
      `online powershell: Get-Service -DisplayName '${windowsName}' | Start-Service`,
    ],
    verify:
      "powershell: Get-Service -DisplayName '*Backup Service' | Select-Object DisplayName, Status, StartType",
  },
  {
    when: 'it runs and does not start with the host',
    code: 'CLIENT_NOT_AUTOMATIC',
    on,
    params: { service: 'hbrclient' },
    observed: { running: true, automatic: false, version: null },
    expected: healthy,
    steps: ["online bash: systemctl enable 'hbrclient'"],
    verify: 'bash: systemctl status hbrclient',
  },
  {
    when: 'it is starting',
    code: 'CLIENT_UNKNOWN',
    on,
    params: { service: 'hbrclient' },
    observed: { running: null, automatic: true, version: null },
    expected: healthy,
    steps: [],
  },
  {
    when: 'there is none of a documented name',
    code: 'CLIENT_NOT_FOUND',
    on: 'instance db1',
    params: { names: 'hbrclient, hybridbackup' },
    observed: { services: 0 },
    expected: { services: 1 },
    steps: ['online manual'],
    verify: 'bash: systemctl status hbrclient',
  },
  {
    when: 'there is none of a documented name on Windows',
    code: 'CLIENT_NOT_FOUND',
    on: 'instance db1',
    params: { names: 'Alibaba Cloud Backup Service, Aliyun Hybrid Backup Service' },
    observed: { services: 0 },
    expected: { services: 1 },
    steps: ['online manual'],
    verify:
      "powershell: Get-Service -DisplayName '*Backup Service' | Select-Object DisplayName, Status, StartType",
  },
]

/** What the steps end; of the others somebody has to find out first. */
const changing: readonly string[] = ['CLIENT_STOPPED', 'CLIENT_NOT_AUTOMATIC']

describe('BACKUP_CLIENT', () => {
  testCheckItem({
    check,
    engine: 'oracle',
    answer: (facts = having({})) => facts,
    manuals,
    affects: { 'cloud-backup': backups, native: backups },
    verdicts,
    details,
  })

  it.each(verdicts.flatMap(({ when, facts }) => (facts ? [[when, facts] as const] : [])))(
    'has nothing to say after its steps: %s',
    (_, facts) => {
      const context = contextFor('oracle', { host: linuxHost })
      const { findings } = judged(check, { answer: facts }, context)
      const ended = findings.filter(({ message }) => changing.includes(message.code))
      for (const { remediation, object } of ended) {
        const changes = remediation?.changes ?? {}
        const services = facts.services.map((each) =>
          each.name === object.name ? { ...each, ...changes } : each,
        )
        expect(judged(check, { answer: { services } }, context).findings).toEqual([])
      }
    },
  )
})

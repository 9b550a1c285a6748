import type { Operation } from '../../model/operation.ts'
import type { Remediation, RemediationStep } from '../../model/remediation.ts'
import { type CheckContext, type FindingDraft, defineHostCheck } from '../framework/define-check.ts'
import { powershell } from '../framework/script-language.ts'
import { WriterFacts } from './host-facts.ts'
import { hostSteps } from './steps.ts'

const texts = {
  WRITER_SERVICE_MISSING: {
    en: 'The host has no service SQL Writer: VSS snapshots hold the files of SQL Server as after a crash.',
    zh: '主机上没有 SQL Writer 服务：VSS 快照中的 SQL Server 文件仅相当于崩溃时的状态。',
  },
  WRITER_SERVICE_STOPPED: {
    en: 'SQL Writer is not running: VSS snapshots hold the files of SQL Server as after a crash.',
    zh: 'SQL Writer 未运行：VSS 快照中的 SQL Server 文件仅相当于崩溃时的状态。',
  },
  WRITER_NOT_LISTED: {
    en: 'SQL Writer is running, but VSS does not list its writer: snapshots leave SQL Server out.',
    zh: 'SQL Writer 正在运行，但 VSS 未列出其编写器：快照不包含 SQL Server。',
  },
  WRITER_FAILED: {
    en: 'The VSS writer of SQL Server failed in the last snapshot (state {state}: {lastError}): the next one may fail too.',
    zh: 'SQL Server 的 VSS 编写器在上次快照中失败（状态 {state}：{lastError}）：下一次快照也可能失败。',
  },
  WRITER_BUSY: {
    en: 'The VSS writer of SQL Server takes part in a snapshot that is not over (state {state}): another one has to wait.',
    zh: 'SQL Server 的 VSS 编写器正在参与尚未结束的快照（状态 {state}）：其他快照需要等待。',
  },
  WRITER_UNKNOWN: {
    en: 'The state of the VSS writer of SQL Server is unknown (state {state}, {listed} writers listed).',
    zh: '无法判定 SQL Server 的 VSS 编写器的状态（状态 {state}，列出 {listed} 个编写器）。',
  },
} as const
type Draft = FindingDraft<keyof typeof texts>

/** States of VSS_WRITER_STATE (vss.h): 0 unknown, 1 stable, 2 to 5 in a snapshot, 6 to 15 failed at one of its stages. */
const stable = 1
const lastBusy = 5
const lastFailed = 15

const snapshots: readonly Operation[] = ['full']

/**
 * Under `native` the engine takes its backups itself (VDI, BACKUP DATABASE), without VSS. Whether Cloud Backup goes by
 * VSS for a plan is not known here, so that nothing is blocked.
 */
const touch = (list: 'degrades' | 'obscures', { target }: CheckContext): Partial<Draft> =>
  target.definition.profile === 'native' ? {} : { [list]: [...snapshots] }

const fixedBy = (step: RemediationStep, changes: Remediation['changes']): Remediation => ({
  steps: [step],
  verify: { language: powershell.name, query: 'vssadmin list writers' },
  changes,
})

const judge = ({ service, listed, writers }: WriterFacts, context: CheckContext): Draft[] => {
  const state =
    writers.find((writer) => writer.state !== stable)?.state ?? (writers.length > 0 ? stable : null)
  const lastError = writers.find((writer) => writer.state === state)?.lastError ?? ''
  const about = {
    object: { type: 'instance', name: 'SqlServerWriter' } as const,
    observed: {
      running: service?.running ?? null,
      automatic: service?.automatic ?? null,
      state,
      lastError,
      listed,
    },
    expected: { running: true, state: stable },
  }
  const degraded = (code: Draft['code'], remediation: Remediation, params = {}): Draft[] => [
    { ...about, code, params, ...touch('degrades', context), remediation },
  ]
  if (service === null) return degraded('WRITER_SERVICE_MISSING', fixedBy(hostSteps.installWriter({}), {}))
  if (service.running === false) {
    return degraded(
      'WRITER_SERVICE_STOPPED',
      fixedBy(hostSteps.startWriter({}), { running: true, automatic: true }),
    )
  }
  if (listed > 0 && writers.length === 0 && service.running) {
    return degraded('WRITER_NOT_LISTED', fixedBy(hostSteps.restartWriter({}), {}))
  }
  const unknown = writers.some((writer) => writer.state === null) || state === null
  if (unknown || state < stable || state > lastFailed) {
    const params = { state: state ?? 'NULL', listed }
    return [{ ...about, code: 'WRITER_UNKNOWN', params, ...touch('obscures', context) }]
  }
  if (state > lastBusy)
    return degraded('WRITER_FAILED', fixedBy(hostSteps.restartWriter({}), { state: stable }), {
      state,
      lastError,
    })
  if (state > stable) return degraded('WRITER_BUSY', fixedBy(hostSteps.letSnapshotEnd({}), {}), { state })
  return []
}

/**
 * Verifies that SQL Writer runs and that its VSS writer, found by its id whatever the language of Windows, is stable.
 * The last error is shown and not judged: its words are in that language.
 */
export default defineHostCheck('sqlserver', {
  id: 'VSS_WRITERS',
  set: 'standard',
  title: {
    en: 'The VSS writer of SQL Server is stable',
    zh: 'VSS 编写器检查：SQL Server 的 VSS 编写器状态稳定',
  },
  failureTitle: {
    en: 'The VSS writer of SQL Server is not stable',
    zh: 'VSS 编写器检查：SQL Server 的 VSS 编写器状态不稳定',
  },
  description: {
    en: 'Checks the service SQL Writer and the state of its VSS writer. If it does not take part in a snapshot, the databases in the snapshot are in the state of a crash.',
    zh: '检查 SQL Writer 服务及其 VSS 编写器的状态。如果它未参与快照，快照中的数据库将处于崩溃时的状态。',
  },
  affects: () => snapshots,
  texts,
  fixes: [hostSteps.installWriter, hostSteps.letSnapshotEnd, hostSteps.restartWriter, hostSteps.startWriter],
  documents: [
    'https://learn.microsoft.com/sql/database-engine/configure-windows/sql-writer-service',
    'https://learn.microsoft.com/windows/win32/api/vss/ne-vss-vss_writer_state',
    'https://learn.microsoft.com/windows-server/administration/windows-commands/vssadmin-list-writers',
  ],
  ask: ({ platform }) => (platform === 'windows' ? { part: 'writers' } : null),
  facts: WriterFacts,
  evaluate: (facts, context) => ({
    findings: judge(facts, context),
    observed: { writers: facts.writers.length, listed: facts.listed },
  }),
})

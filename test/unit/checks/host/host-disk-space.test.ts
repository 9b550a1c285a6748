import { describe, expect, it } from 'vitest'
import { defaultEndpointSettings } from '../../../../shared/checks/connectivity/endpoints.ts'
import check from '../../../../shared/checks/host/host-disk-space.ts'
import type { VolumeFacts } from '../../../../shared/checks/host/host-facts.ts'
import { thresholdsOf } from '../../../../shared/model/effective-policy.ts'
import { contextFor, definitionOf, judged } from '../../../support/context.ts'
import { linuxHost, volume, windowsHost } from '../../../support/facts/host.ts'
import { type DetailRow, type VerdictRow, backups, testCheckItem } from '../../../support/verdict-table.ts'

const manuals = {
  client: 'https://www.alibabacloud.com/help/en/cloud-backup/user-guide/ecs-file-backup-overview',
  df: 'https://pubs.opengroup.org/onlinepubs/9699919799/utilities/df.html',
  windows: 'https://learn.microsoft.com/previous-versions/windows/desktop/legacy/aa394515(v=vs.85)',
} as const
type Row = VerdictRow<VolumeFacts, keyof typeof manuals>

const gigabyte = 1024 ** 3
const on = 'instance /u01'
const data = (freeBytes: number, totalBytes = 100 * gigabyte) => [
  volume(),
  volume({ path: '/u01/oradata', mount: '/u01', freeBytes, totalBytes }),
]
const unread = volume({
  path: '/u02',
  mount: null,
  totalBytes: null,
  freeBytes: null,
  cause: 'exit code 1: df: /u02: No such file or directory',
})
const full = { code: 'VOLUME_FULL', on, blocks: backups } as const
const filling = { code: 'VOLUME_FILLING', on, degrades: backups } as const
const unknown = { code: 'VOLUME_UNKNOWN', on: 'instance /u02', obscures: backups } as const

const verdicts: readonly Row[] = [
  {
    when: 'every volume is half empty',
    status: 'passed',
    findings: [],
    observed: { volumes: 2 },
    readiness: { instance: { full: 'ready', incremental: 'ready', log: 'ready', restore: 'ready' } },
    manual: 'client',
  },
  { when: 'right at both limits', facts: data(10 * gigabyte), status: 'passed', findings: [], manual: 'df' },
  {
    when: 'a small volume, right at the limit of what fails',
    facts: data(gigabyte, 10 * gigabyte),
    status: 'passed',
    findings: [],
    manual: 'df',
  },
  {
    when: 'below the percentage',
    facts: data(10 * gigabyte - 1),
    status: 'warning',
    findings: [filling],
    readiness: { instance: { full: 'degraded', restore: 'ready' } },
    manual: 'df',
  },
  {
    when: 'below the gigabytes',
    facts: data(gigabyte - 1),
    registered: { host: linuxHost },
    status: 'failed',
    findings: [full],
    readiness: { instance: { full: 'blocked', incremental: 'blocked', log: 'blocked', restore: 'ready' } },
    manual: 'df',
  },
  { when: 'nothing left', facts: data(0), status: 'failed', findings: [full], manual: 'df' },
  {
    when: 'two folders on one volume that is full',
    facts: [...data(0), volume({ path: '/u01/arch', mount: '/u01', freeBytes: 0 })],
    status: 'failed',
    findings: [full],
    observed: { volumes: 2 },
    manual: 'df',
  },
  {
    when: 'a drive of Windows that is full',
    facts: [volume({ path: 'C:\\', mount: 'C:\\', freeBytes: 0 })],
    registered: { host: windowsHost },
    status: 'failed',
    findings: [{ ...full, on: 'instance C:\\' }],
    manual: 'windows',
  },
  {
    when: 'a folder that is not there, and the others are well',
    facts: [volume(), unread],
    status: 'error',
    findings: [unknown],
    readiness: { instance: { full: 'unknown', restore: 'ready' } },
    manual: 'df',
  },
  {
    when: 'a folder that is not there, and another volume that is full: that it fails comes first',
    facts: [...data(0), unread],
    status: 'failed',
    findings: [full, unknown],
    manual: 'df',
  },
  {
    when: 'a file system that has no size',
    facts: [volume(), volume({ path: '/u02', mount: '/u02', totalBytes: 0, freeBytes: 0 })],
    status: 'error',
    findings: [unknown],
    manual: 'df',
  },
  {
    when: 'a folder whose volume is not named',
    facts: [volume(), volume({ path: '/u02', mount: null })],
    status: 'error',
    findings: [unknown],
    manual: 'df',
  },
  {
    when: 'a volume whose size is not known',
    facts: [volume(), volume({ path: '/u02', mount: '/u02', totalBytes: null })],
    status: 'error',
    findings: [unknown],
    manual: 'df',
  },
  {
    when: 'a volume of which nobody knows what is left',
    facts: [volume(), volume({ path: '/u02', mount: '/u02', freeBytes: null })],
    status: 'error',
    findings: [unknown],
    manual: 'df',
  },
  {
    when: 'two folders that are not there: each is said',
    facts: [unread, { ...unread, path: '/u03' }],
    status: 'error',
    findings: [unknown, { ...unknown, on: 'instance /u03' }],
    observed: { volumes: 2 },
    manual: 'df',
  },
]

const details: readonly DetailRow[] = [
  {
    when: 'below the percentage',
    code: 'VOLUME_FILLING',
    on,
    params: { volume: '/u01', free: 10, percent: 10, limit: 10 },
    observed: { totalBytes: 100 * gigabyte, freeBytes: 10 * gigabyte - 1 },
    expected: { freeBytes: 10 * gigabyte },
    steps: ['online manual'],
    verify: 'bash: df -P -k',
  },
  {
    when: 'a drive of Windows that is full',
    code: 'VOLUME_FULL',
    on: 'instance C:\\',
    params: { volume: 'C:\\', free: 0, percent: 0, limit: 1 },
    observed: { totalBytes: 100 * gigabyte, freeBytes: 0 },
    expected: { freeBytes: gigabyte },
    steps: ['online manual'],
    verify: 'powershell: Get-CimInstance Win32_Volume | Select-Object Name, Capacity, FreeSpace',
  },
  {
    when: 'a folder that is not there, and the others are well',
    code: 'VOLUME_UNKNOWN',
    on: 'instance /u02',
    params: { folder: '/u02', cause: 'exit code 1: df: /u02: No such file or directory' },
    observed: { totalBytes: null, freeBytes: null },
    expected: {},
    steps: ['online manual'],
    verify: 'bash: df -P -k',
  },
  {
    when: 'a file system that has no size',
    code: 'VOLUME_UNKNOWN',
    on: 'instance /u02',
    params: { folder: '/u02', cause: 'its size is 0' },
    observed: { totalBytes: 0, freeBytes: 0 },
    expected: {},
    steps: ['online manual'],
    verify: 'bash: df -P -k',
  },
]

describe('HOST_DISK_SPACE', () => {
  testCheckItem({
    check,
    engine: 'oracle',
    answer: (facts = data(50 * gigabyte)) => facts,
    manuals,
    affects: { 'cloud-backup': backups, native: backups },
    verdicts,
    details,
  })

  it.each([
    ['of the folders that the registration names', linuxHost, ['/u01/oradata']],
    ['of the system alone where it names none', { ...linuxHost, volumes: undefined }, []],
  ])('looks at the volumes %s', (_whose, host, paths) => {
    const definition = definitionOf('oracle', { host })
    if (check.question.probe !== 'host' || !definition.host) throw new Error('not of the host')
    expect(check.question.ask(definition.host, definition, defaultEndpointSettings)).toEqual({
      part: 'volumes',
      paths,
    })
  })

  it('goes by the limits of the policy', () => {
    const all = { diskFreeWarningPercent: 60, diskFreeFailureGigabytes: 51 }
    const statusUnder = (some: Partial<typeof all>) =>
      judged(
        check,
        { answer: data(50 * gigabyte) },
        { ...contextFor('oracle'), thresholdsFor: thresholdsOf({ all: some, databases: [] }) },
      ).status
    expect(statusUnder({ diskFreeWarningPercent: 60 })).toBe('warning')
    expect(statusUnder(all)).toBe('failed')
    expect(statusUnder({})).toBe('passed')
  })

  it('says how much is left on each volume, for trends', () => {
    const halfKnown = [
      volume({ path: '/u03', mount: null }),
      volume({ path: '/u04', mount: '/u04', freeBytes: null }),
    ]
    const { observations } = judged(
      check,
      { answer: [...data(7), unread, ...halfKnown] },
      contextFor('oracle'),
    )
    expect(observations).toEqual([
      { name: 'volume-free-bytes', object: { type: 'instance', name: '/' }, value: 50 * gigabyte },
      { name: 'volume-free-bytes', object: { type: 'instance', name: '/u01' }, value: 7 },
    ])
  })
})

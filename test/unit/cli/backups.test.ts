import { describe, expect, it } from 'vitest'
import type { BackupRecordView, FleetRecordView } from '../../../functions/api/resources/backups.ts'
import type { ReportedBackup } from '../../../shared/model/backup-record.ts'
import { answering, answeringWith, precheckWith } from './scripted-service.ts'

const reported: ReportedBackup = {
  id: `bk_${'1'.repeat(16)}`,
  operation: 'log',
  status: 'failed',
  finishedAt: '2026-11-21T02:00:00.000Z',
  accuracy: 'predictedFailed',
  precheckId: `pc_${'1'.repeat(32)}`,
  predictedBy: ['ARCHIVELOG'],
}

const report = (...options: string[]) =>
  precheckWith(answering(201, reported), ['report-backup', 'db1', '--operation', 'log', ...options])

describe('report-backup', () => {
  it('tells the service what came of a backup, and says whether it was predicted', async () => {
    const { code, output, received } = await report(
      '--status',
      'failed',
      '--database',
      'HR',
      '--error',
      'no space',
      '--finished-at',
      '2026-11-21T10:00+08:00',
    )
    expect([code, output]).toEqual([0, `bk_${'1'.repeat(16)}: predicted, and failed (ARCHIVELOG)\n`])
    expect(received).toMatchObject([
      {
        call: 'POST /v1/instances/db1/backups',
        body: {
          operation: 'log',
          status: 'failed',
          databases: ['HR'],
          error: 'no space',
          finishedAt: '2026-11-21T02:00:00.000Z',
        },
      },
    ])
  })

  it('says that it has ended just now, and keeps the end of a long error, where tools say why', async () => {
    const before = Date.now()
    const { received } = await report('--status', 'failed', '--error', `${'x'.repeat(2000)} the reason`)
    const [sent] = received.map(({ body }) => body as { error: string; finishedAt: string })
    const { error, finishedAt } = sent!
    expect([error.length, error.startsWith('…x'), error.endsWith(' the reason')]).toEqual([1024, true, true])
    expect(Date.parse(finishedAt)).toBeGreaterThanOrEqual(before)
  })

  it.each([
    [
      ['--status', 'ok'],
      /^Option '--status <status>' argument 'ok' is invalid\. Allowed choices are succeeded, failed/,
    ],
    [[], /^Required option '--status <status>' not specified/],
  ])('says in words of the command line what is wrong with %j', async (options, said) => {
    const { code, errors, received } = await report(...options)
    expect([code, received]).toEqual([3, []])
    expect(errors).toMatch(said)
  })
})

const fleet: FleetRecordView = {
  since: '2026-11-01T02:00:00.000Z',
  instances: 3,
  totals: { predictedFailed: 2, predictedSucceeded: 1, missed: 1, clear: 120, unjudged: 4 },
  items: [{ checkItem: 'ARCHIVELOG', predictedFailed: 2, predictedSucceeded: 1, missed: 0 }],
}
const { instances: _, ...counts } = fleet
const ofInstance: BackupRecordView = { instanceId: 'db1', ...counts, latest: [reported] }
const answers = { 'GET /v1/backups': fleet, 'GET /v1/instances/db1/backups': ofInstance }

describe('backups', () => {
  it('tells how often the prechecks of the fleet were right', async () => {
    const { code, output } = await precheckWith(answeringWith(answers), ['backups'])
    expect(code).toBe(0)
    expect(output.split('\n')).toEqual([
      'Backups that were reported since 2026-11-01 02:00 UTC:',
      '       2  predicted, and failed',
      '       1  predicted to fail, and succeeded',
      '       1  missed: it failed, and nothing had been found',
      '     120  nothing had been found, and it succeeded',
      '       4  no precheck had judged it',
      '',
      'Predicted by  and failed and did not      missed',
      'ARCHIVELOG             2           1           0',
      '',
    ])
  })

  it('shows the last reports of an instance, or that there is none', async () => {
    const { output } = await precheckWith(answeringWith(answers), ['backups', 'db1'])
    expect(output).toMatch(
      /Last reports\n2026-11-21 02:00 UTC {2}log failed +predicted, and failed \(ARCHIVELOG\)\n$/,
    )
    const nothing = { ...ofInstance, since: null, latest: [] }
    const { output: empty } = await precheckWith(answering(200, nothing), ['backups', 'db1'])
    expect(empty).toBe('No backup has been reported yet: precheck report-backup <instance-id>\n')
  })
})

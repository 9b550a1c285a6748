import * as z from 'zod'
import { fleetRecord, reportBackup } from '../../../shared/flows/instances/report-backup.ts'
import type { BackupRecord } from '../../../shared/model/backup-record.ts'
import {
  BackupReport,
  AccuracyCounts,
  ItemCounts,
  ReportedBackup,
  noCounts,
} from '../../../shared/model/backup-record.ts'
import { unknownInstance } from '../../../shared/model/failure.ts'
import { InstanceId } from '../../../shared/model/instance.ts'
import { route } from '../routing/route.ts'

const ofInstance = z.strictObject({ instanceId: InstanceId })
const ReportedView = ReportedBackup.meta({ id: 'ReportedBackup' })

const counts = {
  totals: AccuracyCounts.describe(
    'Backups by what was predicted and what came; `clear`: neither predicted nor failed; `unjudged`: nothing could be predicted.',
  ),
  items: z
    .array(ItemCounts.extend({ checkItem: z.string() }).meta({ id: 'CheckItemRecord' }))
    .describe('How often each check item was right; those that neither predicted nor missed are left out.'),
}

/** What came of the backups of an instance. */
export const BackupRecordView = z
  .strictObject({
    instanceId: InstanceId,
    since: z.iso.datetime().nullable().describe('Of the first report; null: there is none.'),
    ...counts,
    latest: z.array(ReportedView).describe('Newest first.'),
  })
  .meta({ id: 'BackupRecord' })
export type BackupRecordView = z.infer<typeof BackupRecordView>

/** The same of the fleet. */
export const FleetRecordView = z
  .strictObject({
    since: z.iso.datetime().nullable(),
    instances: z.int().describe('Of which something was reported.'),
    ...counts,
  })
  .meta({ id: 'FleetBackupRecord' })
export type FleetRecordView = z.infer<typeof FleetRecordView>

const itemsOf = (items: BackupRecord['items']): BackupRecordView['items'] =>
  Object.entries(items)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([checkItem, own]) => Object.assign({ checkItem }, own))

export const backupRoutes = [
  route({
    method: 'POST',
    path: '/v1/instances/{instanceId}/backups',
    operationId: 'reportBackup',
    summary: 'Reports what came of a backup, to be compared with the precheck before it; may be repeated',
    scope: 'run',
    input: z.object({ params: ofInstance, body: BackupReport.meta({ id: 'BackupReport' }) }),
    answers: {
      200: { description: 'It had been reported before.', schema: ReportedView },
      201: { description: 'It is counted.', schema: ReportedView },
    },
    problems: ['INSTANCE_NOT_FOUND', 'BACKUP_REPORTED_OTHERWISE'],
    handle: (deps, { params: { instanceId }, body }) => reportBackup(deps, instanceId, body),
    respond: ({ reported, isNew }) => ({ status: isNew ? 201 : 200, body: reported }),
  }),
  route({
    method: 'GET',
    path: '/v1/instances/{instanceId}/backups',
    operationId: 'getBackupRecord',
    summary:
      'Tells how often the prechecks of an instance were right about its backups, with the last reports',
    scope: 'read',
    input: z.object({ params: ofInstance }),
    answers: { 200: { description: 'The record.', schema: BackupRecordView } },
    problems: ['INSTANCE_NOT_FOUND'],
    handle: async ({ instances, backupRecords }, { params: { instanceId } }) => {
      if (!(await instances.get(instanceId))) return unknownInstance(instanceId)
      return { value: (await backupRecords.get(instanceId))?.document ?? null }
    },
    respond: (record, { params: { instanceId } }) => {
      const { items, ...rest } = record ?? { instanceId, since: null, ...noCounts, latest: [] }
      return { status: 200, body: { ...rest, items: itemsOf(items) } }
    },
  }),
  route({
    method: 'GET',
    path: '/v1/backups',
    operationId: 'getFleetBackupRecord',
    summary: 'Tells how often the prechecks of the fleet were right about its backups',
    scope: 'read',
    input: z.object({}),
    answers: { 200: { description: 'The record.', schema: FleetRecordView } },
    problems: [],
    handle: async ({ backupRecords }) => ({ value: await fleetRecord(backupRecords) }),
    respond: ({ items, ...rest }) => ({ status: 200, body: { ...rest, items: itemsOf(items) } }),
  }),
]

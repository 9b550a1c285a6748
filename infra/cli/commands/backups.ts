import { Option } from '@commander-js/extra-typings'
import { BackupRecordView, FleetRecordView } from '../../../functions/api/resources/backups.ts'
import { type BackupReport, ReportedBackup, maxErrorLength } from '../../../shared/model/backup-record.ts'
import { allOperations } from '../../../shared/model/operation.ts'
import { recordReport, reportedLine } from '../reports/backup-report.ts'
import { exitCodes, print } from '../reports/terminal.ts'
import { send } from '../service/client.ts'
import type { AddCommand } from './command.ts'
import { parseName, parseTime } from './option-values.ts'

const pathOf = (instanceId: string): string => `/v1/instances/${encodeURIComponent(instanceId)}/backups`

const optionOf = {
  operation: '--operation',
  databases: '--database',
  error: '--error',
  finishedAt: '--finished-at',
}

/** The end of what a tool said: there it says why. */
const endOf = (text: string): string =>
  text.length <= maxErrorLength ? text : `…${text.slice(1 - maxErrorLength)}`

export const reportBackup: AddCommand = (program, actionOf) =>
  program
    .command('report-backup')
    .description('report what came of a backup, so that it is known how often the prechecks were right')
    .argument('<instance-id>', 'id of a registered instance')
    .addOption(
      new Option('--operation <operation>', 'what the job did').choices(allOperations).makeOptionMandatory(),
    )
    .addOption(
      new Option('--status <status>', 'what came of it')
        .choices(['succeeded', 'failed'])
        .makeOptionMandatory(),
    )
    .option('--database <name>', 'a database of the job, may be repeated; left out: all', parseName)
    .option('--error <text>', 'what the tool said; of a long text the end is kept')
    .option('--finished-at <time>', 'a time with its zone; left out: now', parseTime)
    .action(
      actionOf(async ({ access, terminal }, instanceId, { database: databases, finishedAt, ...given }) => {
        const body: BackupReport = {
          operation: given.operation,
          status: given.status,
          finishedAt: finishedAt ?? new Date().toISOString(),
          ...(databases && { databases: [...databases] }),
          ...(given.error !== undefined && { error: endOf(given.error) }),
        }
        const request = { method: 'POST', path: pathOf(instanceId), body, optionOf } as const
        const reported = await send(access(), request, ReportedBackup)
        print(terminal, reported, () => reportedLine(reported))
        return exitCodes.passed
      }),
    )

export const backups: AddCommand = (program, actionOf) =>
  program
    .command('backups')
    .description('tell how often the prechecks were right about backups that were reported')
    .argument('[instance-id]', 'id of a registered instance; left out: the fleet')
    .action(
      actionOf(async ({ access, terminal }, instanceId) => {
        const record =
          instanceId === undefined
            ? await send(access(), { method: 'GET', path: '/v1/backups' }, FleetRecordView)
            : await send(access(), { method: 'GET', path: pathOf(instanceId) }, BackupRecordView)
        print(terminal, record, () => recordReport(record, terminal.paint))
        return exitCodes.passed
      }),
    )

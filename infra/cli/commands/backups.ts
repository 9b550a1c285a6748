import { Option } from '@commander-js/extra-typings'
import { BackupRecordView, FleetRecordView } from '../../../functions/api/resources/backups.ts'
import { type BackupReport, ReportedBackup, maxErrorLength } from '../../../shared/model/backup-record.ts'
import { allOperations } from '../../../shared/model/operation.ts'
import { recordReport, reportedLine } from '../reports/backup-report.ts'
import { exitCodes, print } from '../reports/terminal.ts'
import { send } from '../service/client.ts'
import { instancePath } from '../service/paths.ts'
import type { AddCommand } from './command.ts'
import { describedDatabases, describedInstance, describedMember, describedOperation } from './described.ts'
import { parseName, parseTime } from './option-values.ts'

const pathOf = (instanceId: string): string => `${instancePath(instanceId)}/backups`

const optionOf = {
  operation: '--operation',
  databases: '--database',
  error: '--error',
  finishedAt: '--finished-at',
}

/** The end of what a tool said: there it says why. */
const endOf = (text: string): string =>
  text.length <= maxErrorLength ? text : `…${text.slice(1 - maxErrorLength)}`

export const reportBackup: AddCommand = (program, actionOf, say) =>
  program
    .command('report-backup')
    .description(
      say({
        en: 'report what came of a backup, so that it is known how often the prechecks were right',
        zh: '报告备份的结果，以便统计预检的准确程度',
      }),
    )
    .argument('<instance-id>', say(describedInstance))
    .addOption(
      new Option('--operation <operation>', say(describedOperation))
        .choices(allOperations)
        .makeOptionMandatory(),
    )
    .addOption(
      new Option('--status <status>', say({ en: 'what came of it', zh: '备份结果' }))
        .choices(['succeeded', 'failed'])
        .makeOptionMandatory(),
    )
    .option('--database <name>', say(describedDatabases), parseName)
    .option(
      '--error <text>',
      say({ en: 'what the tool said; of a long text the end is kept', zh: '备份工具的报错；过长时保留末尾' }),
    )
    .option(
      '--finished-at <time>',
      say({ en: 'a time with its zone; left out: now', zh: '带时区的结束时间；省略表示现在' }),
      parseTime,
    )
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
        print(terminal, reported, (shown) => reportedLine(shown, terminal.say))
        return exitCodes.passed
      }),
    )

export const backups: AddCommand = (program, actionOf, say) =>
  program
    .command('backups')
    .description(
      say({
        en: 'tell how often the prechecks were right about backups that were reported',
        zh: '说明预检对已报告的备份判断得有多准',
      }),
    )
    .argument('[instance-id]', say(describedMember))
    .action(
      actionOf(async ({ access, terminal }, instanceId) => {
        const record =
          instanceId === undefined
            ? await send(access(), { method: 'GET', path: '/v1/backups' }, FleetRecordView)
            : await send(access(), { method: 'GET', path: pathOf(instanceId) }, BackupRecordView)
        print(terminal, record, (shown) => recordReport(shown, terminal))
        return exitCodes.passed
      }),
    )

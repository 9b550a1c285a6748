import type { BackupRecordView, FleetRecordView } from '../../../functions/api/resources/backups.ts'
import type { Accuracy, ReportedBackup } from '../../../shared/model/backup-record.ts'
import { moment } from './layout.ts'
import type { Paint } from './paint.ts'

const texts: Readonly<Record<Accuracy, string>> = {
  predictedFailed: 'predicted, and failed',
  predictedSucceeded: 'predicted to fail, and succeeded',
  missed: 'missed: it failed, and nothing had been found',
  clear: 'nothing had been found, and it succeeded',
  unjudged: 'no precheck had judged it',
}

const order = ['predictedFailed', 'predictedSucceeded', 'missed', 'clear', 'unjudged'] as const

const by = ({ predictedBy }: Pick<ReportedBackup, 'predictedBy'>): string =>
  predictedBy.length > 0 ? ` (${predictedBy.join(', ')})` : ''

/** How a report compares with what was predicted, on one line. */
export const reportedLine = (reported: ReportedBackup): string =>
  `${reported.id}: ${texts[reported.accuracy]}${by(reported)}\n`

type Item = BackupRecordView['items'][number]

const width = 12
const cells = ({ predictedFailed, predictedSucceeded, missed }: Item): string =>
  [predictedFailed, predictedSucceeded, missed].map((count) => String(count).padStart(width)).join('')

const itemLines = (items: readonly Item[], paint: Paint): string[] => {
  if (items.length === 0) return []
  const first = Math.max(...items.map(({ checkItem }) => checkItem.length)) + 2
  const head = ['and failed', 'and did not', 'missed'].map((text) => text.padStart(width)).join('')
  return [
    '',
    paint.strong(`${'Predicted by'.padEnd(first)}${head}`),
    ...items.map((item) => `${item.checkItem.padEnd(first)}${cells(item)}`),
  ]
}

const latestLines = (record: BackupRecordView | FleetRecordView, paint: Paint): string[] =>
  'latest' in record && record.latest.length > 0
    ? [
        '',
        paint.strong('Last reports'),
        ...record.latest.map((each) => {
          const head = `${moment(each.finishedAt)}  ${each.operation} ${each.status}`
          return `${head.padEnd(46)} ${texts[each.accuracy]}${by(each)}`
        }),
      ]
    : []

/** How often the prechecks were right, as a person reads it. */
export const recordReport = (record: BackupRecordView | FleetRecordView, paint: Paint): string => {
  const { since, totals, items } = record
  if (since === null) return 'No backup has been reported yet: precheck report-backup <instance-id>\n'
  return [
    `Backups that were reported since ${moment(since)}:`,
    ...order.map((accuracy) => `  ${String(totals[accuracy]).padStart(6)}  ${texts[accuracy]}`),
    ...itemLines(items, paint),
    ...latestLines(record, paint),
    '',
  ].join('\n')
}

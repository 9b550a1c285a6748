import type { BackupRecordView, FleetRecordView } from '../../../functions/api/resources/backups.ts'
import type { Text } from '../../../shared/model/message.ts'
import type { Accuracy, ReportedBackup } from '../../../shared/model/backup-record.ts'
import { cellsOf, padded } from './cells.ts'
import { moment } from '../service/moment.ts'
import type { Look, Say } from './terminal.ts'
import { operationWords } from './words.ts'

const texts: Readonly<Record<Accuracy, Text>> = {
  predictedFailed: { en: 'predicted, and failed', zh: '已预测，确实失败' },
  predictedSucceeded: { en: 'predicted to fail, and succeeded', zh: '预测会失败，实际成功' },
  missed: { en: 'missed: it failed, and nothing had been found', zh: '漏报：失败，但事先没有发现问题' },
  clear: { en: 'nothing had been found, and it succeeded', zh: '没有发现问题，确实成功' },
  unjudged: { en: 'no precheck had judged it', zh: '没有预检作过判定' },
}

const statuses = {
  succeeded: { en: 'succeeded', zh: '成功' },
  failed: { en: 'failed', zh: '失败' },
} as const

const order = ['predictedFailed', 'predictedSucceeded', 'missed', 'clear', 'unjudged'] as const

const by = ({ predictedBy }: Pick<ReportedBackup, 'predictedBy'>): string =>
  predictedBy.length > 0 ? ` (${predictedBy.join(', ')})` : ''

/** How a report compares with what was predicted, on one line. */
export const reportedLine = (reported: ReportedBackup, say: Say): string =>
  `${reported.id}: ${say(texts[reported.accuracy])}${by(reported)}\n`

type Item = BackupRecordView['items'][number]

const width = 12
const rightAligned = (text: string): string => ' '.repeat(Math.max(0, width - cellsOf(text))) + text
const counts = ({ predictedFailed, predictedSucceeded, missed }: Item): string =>
  [predictedFailed, predictedSucceeded, missed].map((count) => rightAligned(String(count))).join('')

const heads: readonly Text[] = [
  { en: 'and failed', zh: '确实失败' },
  { en: 'and did not', zh: '没有失败' },
  { en: 'missed', zh: '漏报' },
]

const itemLines = (items: readonly Item[], { paint, say }: Look): string[] => {
  if (items.length === 0) return []
  const first = Math.max(...items.map(({ checkItem }) => checkItem.length)) + 2
  const head = heads.map((text) => rightAligned(say(text))).join('')
  return [
    '',
    paint.strong(`${padded(say({ en: 'Predicted by', zh: '预测的检查项' }), first)}${head}`),
    ...items.map((item) => `${item.checkItem.padEnd(first)}${counts(item)}`),
  ]
}

/** Cells of time, operation and status. */
const headCells = 46

const latestLines = (record: BackupRecordView | FleetRecordView, { paint, say }: Look): string[] =>
  'latest' in record && record.latest.length > 0
    ? [
        '',
        paint.strong(say({ en: 'Last reports', zh: '最近的报告' })),
        ...record.latest.map((each) => {
          const { finishedAt, operation, status, accuracy } = each
          const head = `${moment(finishedAt)}  ${say(operationWords[operation])} ${say(statuses[status])}`
          return `${padded(head, headCells)} ${say(texts[accuracy])}${by(each)}`
        }),
      ]
    : []

/** How often the prechecks were right, as a person reads it. */
export const recordReport = (record: BackupRecordView | FleetRecordView, look: Look): string => {
  const { since, totals, items } = record
  const { say } = look
  if (since === null)
    return say({
      en: 'No backup has been reported yet: precheck report-backup <instance-id>\n',
      zh: '还没有报告过备份：precheck report-backup <实例 ID>\n',
    })
  return [
    say({
      en: `Backups that were reported since ${moment(since)}:`,
      zh: `自 ${moment(since)} 以来报告的备份：`,
    }),
    ...order.map((accuracy) => `  ${String(totals[accuracy]).padStart(6)}  ${say(texts[accuracy])}`),
    ...itemLines(items, look),
    ...latestLines(record, look),
    '',
  ].join('\n')
}

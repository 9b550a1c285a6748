import * as z from 'zod'
import { type CheckContext, type FindingDraft, defineCheck } from '../framework/define-check.ts'
import { accountSteps } from './account-steps.ts'
import {
  type BinaryLogRow,
  BinaryLogRows,
  BinlogStatusRows,
  binaryLogsQuery,
  binlogStatusQueries,
} from './binlog-facts.ts'
import { binlogSteps as steps } from './binlog-steps.ts'
import { mysql } from './engine.ts'
import { grant } from './grant.ts'
import { onInstance } from './instance-finding.ts'
import { mysqlClient } from './languages.ts'
import { SettingRows, settingOf, settingsQuery } from './settings.ts'

const texts = {
  LOG_FILE_LOST: {
    en: '{lost} binary logs that the server lists are not there any more, {file} first: log backups fail at it, and nothing after it can be restored.',
    zh: '服务器列出的二进制日志中有 {lost} 个文件已不存在，首个为 {file}：日志备份会在此失败，其后的内容无法恢复。',
  },
  LOG_NUMBER_MISSING: {
    en: 'The binary logs do not follow on each other: {file} comes after a gap, and what was in it cannot be restored.',
    zh: '二进制日志不连续：{file} 之前存在缺口，缺失的内容无法恢复。',
  },
  LOG_FILTERED: {
    en: 'The binary log leaves databases out (binlog_do_db "{only}", binlog_ignore_db "{never}"): what is written there is in no log backup.',
    zh: '二进制日志不记录某些数据库（binlog_do_db“{only}”，binlog_ignore_db“{never}”）：其中写入的内容不在任何日志备份中。',
  },
  LOGS_UNREADABLE: {
    en: 'Which binary logs there are, and what they leave out, is unknown: the login of the precheck needs REPLICATION CLIENT (BINLOG MONITOR on MariaDB).',
    zh: '无法判定有哪些二进制日志及其不记录的内容：预检账号需要 REPLICATION CLIENT 权限（MariaDB 上为 BINLOG MONITOR）。',
  },
} as const
type Draft = FindingDraft<keyof typeof texts>

const facts = z.object({
  settings: SettingRows,
  binaryLogs: BinaryLogRows,
  masterStatus: BinlogStatusRows,
  binaryLogStatus: BinlogStatusRows,
})
type Facts = z.output<typeof facts>

const verify = { language: mysqlClient.name, query: 'SHOW BINARY LOGS;' }

const startAnew = (newest: string): NonNullable<Draft['remediation']> => ({
  steps: [steps.rotate({}), steps.startChain({}), steps.purgeBefore({ file: newest })],
  verify,
  // Which file is the newest after that, the server decides.
  changes: {},
})

const numberIn = ({ log_name }: BinaryLogRow): number => Number(/\.(\d+)$/.exec(log_name)?.[1] ?? Number.NaN)

const judgeFiles = (files: readonly BinaryLogRow[], context: CheckContext): Draft[] => {
  const newest = files.at(-1)?.log_name ?? ''
  const lost = files.filter(({ file_size }) => file_size === 0)
  const [firstLost] = lost
  if (firstLost) {
    return [
      onInstance(context, {
        code: 'LOG_FILE_LOST',
        params: { lost: lost.length, file: firstLost.log_name },
        observed: { log_name: firstLost.log_name, file_size: 0 },
        expected: { file_size: 'above 0' },
        blocks: ['log'],
        remediation: startAnew(newest),
      }),
    ]
  }
  const after = files.find((file, index) => {
    const before = files[index - 1]
    return before !== undefined && numberIn(file) !== numberIn(before) + 1
  })
  if (!after) return []
  return [
    onInstance(context, {
      code: 'LOG_NUMBER_MISSING',
      params: { file: after.log_name },
      observed: { log_name: after.log_name },
      expected: { log_name: 'the next number' },
      blocks: ['log'],
      remediation: startAnew(newest),
    }),
  ]
}

const judge = (asked: Facts, context: CheckContext): Draft[] => {
  if (settingOf(asked.settings, 'log_bin') === 'OFF') return []
  const { binaryLogs, masterStatus, binaryLogStatus } = asked
  const status = (masterStatus ?? binaryLogStatus)?.[0]
  const { binlog_do_db: only = null, binlog_ignore_db: never = null } = status ?? {}
  const areKnown =
    binaryLogs !== null && binaryLogs.length > 0 && binaryLogs.every(({ file_size }) => file_size !== null)
  if (!areKnown || only === null || never === null) {
    const observed = { binlog_do_db: only, binlog_ignore_db: never, binary_logs: binaryLogs?.length ?? null }
    return [
      onInstance(context, {
        code: 'LOGS_UNREADABLE',
        observed,
        expected: {},
        obscures: ['log', 'restore'],
        remediation: grant(['REPLICATION CLIENT'], context),
      }),
    ]
  }
  const filtered: Draft = onInstance(context, {
    code: 'LOG_FILTERED',
    params: { only, never },
    observed: { binlog_do_db: only, binlog_ignore_db: never },
    expected: { binlog_do_db: '', binlog_ignore_db: '' },
    degrades: ['log', 'restore'],
    remediation: {
      steps: [steps.removeFilters({})],
      verify: null,
      changes: { binlog_do_db: '', binlog_ignore_db: '' },
    },
  })
  return [...judgeFiles(binaryLogs, context), ...(only === '' && never === '' ? [] : [filtered])]
}

/**
 * Verifies that the binary logs that the server lists are there, follow on each other, and leave no database out. What
 * was purged or reset since the last log backup no statement shows: the server does not know what was backed up.
 */
export default defineCheck(mysql, {
  id: 'MYSQL_BINLOG_GAPS',
  set: 'standard',
  title: { en: 'The binary logs are whole', zh: '二进制日志连续性检查：日志完整' },
  failureTitle: {
    en: 'The binary logs are not whole, or it is unknown whether they are',
    zh: '二进制日志连续性检查：日志不完整，或无法判定',
  },
  description: {
    en: 'Checks whether the binary logs that the server lists are there and follow on each other, and whether the server leaves databases out of them.',
    zh: '检查服务器列出的二进制日志是否存在且连续，以及是否有数据库不被记录。',
  },
  affects: () => ['log', 'restore'],
  texts,
  blindSpots: [
    {
      en: 'The server does not know what was backed up: that binary logs were purged, or begun anew (RESET MASTER), since the last log backup is not seen.',
      zh: '服务器不知道哪些内容已备份：自上次日志备份以来日志被清除或重置（RESET MASTER）的情况无法看到。',
    },
    {
      en: 'Damage inside a binary log shows when it is read alone.',
      zh: '二进制日志内部的损坏只有在读取时才会显示。',
    },
  ],
  privileges: ['REPLICATION CLIENT'],
  fixes: [accountSteps.grantToLogin, steps.purgeBefore, steps.removeFilters, steps.rotate, steps.startChain],
  documents: [
    'https://mariadb.com/kb/en/show-binary-logs/',
    'https://mariadb.com/kb/en/show-binlog-status/',
    'https://dev.mysql.com/doc/refman/8.4/en/show-binary-log-status.html',
  ],
  queries: { settings: settingsQuery, binaryLogs: binaryLogsQuery, ...binlogStatusQueries },
  facts,
  evaluate: (asked, context) => ({
    findings: judge(asked, context),
    observed: { binary_logs: asked.binaryLogs?.length ?? null },
  }),
})

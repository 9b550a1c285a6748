import * as z from 'zod'
import { type CheckContext, type FindingDraft, defineCheck } from '../framework/define-check.ts'
import { binlogSteps as steps } from './binlog-steps.ts'
import { mysql } from './engine.ts'
import { onInstance } from './instance-finding.ts'
import { mysqlClient } from './languages.ts'
import { type Product, compareVersions, productOf } from './product.ts'
import { SettingRows, numberOf, settingOf, settingsQuery } from './settings.ts'

const texts = {
  RETENTION_SHORT: {
    en: 'Binary logs are kept for {minutes} minutes, and log backups may be {interval} minutes apart: what is purged between two of them is lost (1236).',
    zh: '二进制日志仅保留 {minutes} 分钟，而日志备份的间隔可达 {interval} 分钟：两次备份之间被清除的内容会丢失（1236）。',
  },
  RETENTION_TIGHT: {
    en: 'Binary logs are kept for {minutes} minutes: if one log backup fails, the next one, {interval} minutes later, comes too late.',
    zh: '二进制日志仅保留 {minutes} 分钟：如果一次日志备份失败，{interval} 分钟后的下一次已经太晚。',
  },
  NEVER_PURGED: {
    en: 'Binary logs are never purged: they take room until the disk is full, unless somebody removes them once they are backed up.',
    zh: '二进制日志从不清除：如果备份后无人删除，最终会占满磁盘。',
  },
  RETENTION_UNKNOWN: {
    en: 'It is unknown for how long binary logs are kept.',
    zh: '无法判定二进制日志的保留时间。',
  },
} as const
type Draft = FindingDraft<keyof typeof texts>

const facts = z.object({ settings: SettingRows })
type Facts = z.output<typeof facts>

const secondsPerDay = 86_400

/** MySQL 5.7 and MariaDB before 10.6 have no setting in seconds. */
const hasDaysOnly = (product: Product | null): boolean => {
  if (product === null) return false
  return compareVersions(product.numbers, product.name === 'MySQL' ? [8, 0, 0] : [10, 6, 1]) < 0
}

/** Seconds; 0: for ever, null: not known. MySQL 8.0 goes by days where the seconds are 0; 8.4 has seconds alone. */
const retentionOf = ({ settings }: Facts): number | null => {
  const product = productOf(settingOf(settings, 'version'))
  const seconds = numberOf(settings, 'binlog_expire_logs_seconds')
  const days = numberOf(settings, 'expire_logs_days')
  const inDays = days === null ? null : days * secondsPerDay
  if (hasDaysOnly(product)) return inDays
  if (seconds !== 0) return seconds
  const hasSecondsOnly = product?.name === 'MySQL' && compareVersions(product.numbers, [8, 4, 0]) >= 0
  return hasSecondsOnly ? 0 : inDays
}

/** As long as it takes to notice that log backups fail, and to mend that. */
const advisedDays = 7

const verify = {
  language: mysqlClient.name,
  query: "SHOW GLOBAL VARIABLES WHERE variable_name IN ('binlog_expire_logs_seconds', 'expire_logs_days');",
}

const keepLonger = ({ settings }: Facts): NonNullable<Draft['remediation']> => {
  const seconds = String(advisedDays * secondsPerDay)
  return hasDaysOnly(productOf(settingOf(settings, 'version')))
    ? {
        steps: [steps.setRetentionDays({ days: String(advisedDays) }), steps.keepInConfiguration({})],
        verify,
        changes: { expire_logs_days: advisedDays },
      }
    : {
        steps: [steps.setRetentionSeconds({ seconds }), steps.keepInConfiguration({})],
        verify,
        changes: { binlog_expire_logs_seconds: Number(seconds) },
      }
}

const judge = (asked: Facts, context: CheckContext): Draft[] => {
  if (settingOf(asked.settings, 'log_bin') === 'OFF') return []
  const seconds = retentionOf(asked)
  const observed = { retention_seconds: seconds }
  if (seconds === null) {
    return [onInstance(context, { code: 'RETENTION_UNKNOWN', observed, expected: {}, obscures: ['log'] })]
  }
  const remediation = keepLonger(asked)
  if (seconds === 0) {
    return [
      onInstance(context, {
        code: 'NEVER_PURGED',
        observed,
        expected: { retention_seconds: 'above 0' },
        remediation,
      }),
    ]
  }
  const interval = context.thresholdsFor().logBackupMaxAgeMinutes
  const minutes = Math.floor(seconds / 60)
  const about = { params: { minutes, interval }, observed, remediation }
  const atLeast = (factor: number) => ({ retention_seconds: `at least ${factor * interval * 60}` })
  if (minutes < interval) {
    return [onInstance(context, { ...about, code: 'RETENTION_SHORT', expected: atLeast(1), blocks: ['log'] })]
  }
  if (minutes >= 2 * interval) return []
  return [onInstance(context, { ...about, code: 'RETENTION_TIGHT', expected: atLeast(2), degrades: ['log'] })]
}

/** Verifies that binary logs are kept until the next log backup has them, and the one after that. */
export default defineCheck(mysql, {
  id: 'MYSQL_BINLOG_RETENTION',
  set: 'standard',
  title: {
    en: 'Binary logs are kept until they are backed up',
    zh: '二进制日志保留时间检查：日志在备份前不会被清除',
  },
  failureTitle: {
    en: 'Binary logs may be purged before they are backed up, or it is unknown whether they are',
    zh: '二进制日志保留时间检查：日志可能在备份前被清除，或无法判定',
  },
  description: {
    en: 'Compares how long binary logs are kept with the interval of log backups (the threshold logBackupMaxAgeMinutes of a policy).',
    zh: '比较二进制日志的保留时间与日志备份的间隔（策略中的阈值 logBackupMaxAgeMinutes）。',
  },
  affects: () => ['log'],
  texts,
  privileges: [],
  fixes: [steps.keepInConfiguration, steps.setRetentionDays, steps.setRetentionSeconds],
  documents: [
    'https://mariadb.com/kb/en/using-and-maintaining-the-binary-log/',
    'https://dev.mysql.com/doc/refman/8.4/en/replication-options-binary-log.html',
  ],
  queries: { settings: settingsQuery },
  facts,
  evaluate: (asked, context) => ({
    findings: judge(asked, context),
    observed: { retention_seconds: retentionOf(asked) },
  }),
})

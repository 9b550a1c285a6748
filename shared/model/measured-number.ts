import type { Text } from './message.ts'
import type { Observation } from './observation.ts'

/** What the numbers are called that check items measure. */
export const measuredNumbers = {
  'apply-lag-minutes': { en: 'apply lag', zh: '应用延迟' },
  'archive-disk-group-free-bytes': { en: 'free archive space', zh: '归档磁盘组可用空间' },
  'full-backup-age-minutes': { en: 'age of the last full backup', zh: '距上次全量备份' },
  'incremental-backup-age-minutes': { en: 'age of the last incremental backup', zh: '距上次增量备份' },
  'last-backup-age-minutes': { en: 'age of the last backup', zh: '距上次备份' },
  'log-backup-age-minutes': { en: 'age of the last log backup', zh: '距上次日志备份' },
  'log-used-bytes': { en: 'used log space', zh: '事务日志已用空间' },
  'password-days-left': { en: 'days until the password expires', zh: '密码剩余天数' },
  'processes-used-percent': { en: 'processes in use', zh: '进程数使用率' },
  'recovery-area-limit-bytes': { en: 'limit of the recovery area', zh: '恢复区上限' },
  'recovery-area-used-bytes': { en: 'used recovery area', zh: '恢复区已用空间' },
  'sessions-used-percent': { en: 'sessions in use', zh: '会话数使用率' },
  'transport-lag-minutes': { en: 'transport lag', zh: '传输延迟' },
  'volume-free-bytes': { en: 'free space of the volume', zh: '卷可用空间' },
} as const satisfies Readonly<Record<string, Text>>

/** An observation that a check item of this version makes: what has a name that people read. */
export interface Measurement extends Observation {
  readonly name: keyof typeof measuredNumbers
}

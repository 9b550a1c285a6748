import type { Text } from '../../model/message.ts'
import type { Remediation } from '../../model/remediation.ts'
import type { DatabaseRow } from './databases.ts'
import { leaveEmergency, mendFile, restoreSuspect, seedAgain, setOnline } from './remediations.ts'
import type { Role } from './roles.ts'

/** Texts of the states of databases ("Database states", SQL Server manual). */
export const stateTexts = {
  OFFLINE: {
    en: '{database} is OFFLINE. Bring it online.',
    zh: '{database} 处于 OFFLINE 状态。请将其联机。',
  },
  RESTORING: {
    en: '{database} is RESTORING but is not a secondary: a restore is incomplete. Recover the database, or finish the restore.',
    zh: '{database} 处于 RESTORING 状态且不是辅助数据库：还原尚未完成。请恢复该数据库或完成还原。',
  },
  STANDBY: {
    en: '{database} is read-only in STANDBY, but not because of log shipping. Recover it to make it writable.',
    zh: '{database} 处于只读 STANDBY 状态，但并非日志传送所致。请恢复该数据库。',
  },
  RECOVERY_PENDING: {
    en: '{database} is RECOVERY_PENDING: recovery could not begin, because a file is missing or cannot be opened, or a resource such as disk space or memory is lacking. Check the error log.',
    zh: '{database} 处于 RECOVERY_PENDING 状态：恢复未能开始，原因是文件缺失或无法打开，或磁盘空间、内存等资源不足。请查看错误日志。',
  },
  SUSPECT: {
    en: '{database} is SUSPECT: recovery failed. Find the cause in the error log; if the database is damaged, restore it from a backup.',
    zh: '{database} 处于 SUSPECT 状态：恢复失败。请在错误日志中查找原因；如果数据库已损坏，请从备份还原。',
  },
  EMERGENCY: {
    en: '{database} is in EMERGENCY mode. Check it with DBCC CHECKDB and bring it online; if it is damaged, restore it from a backup.',
    zh: '{database} 处于 EMERGENCY 模式。请用 DBCC CHECKDB 检查后将其联机；如果已损坏，请从备份还原。',
  },
  OFFLINE_SECONDARY: {
    en: '{database} is OFFLINE_SECONDARY. Check its geo-replication.',
    zh: '{database} 处于 OFFLINE_SECONDARY 状态。请检查其异地复制。',
  },
  TRANSIENT_STATE: {
    en: '{database} is {state} and not available until that ends, which should be soon. Run the precheck again in a few minutes.',
    zh: '{database} 处于 {state} 状态，结束前不可用，预计很快结束。请几分钟后重新预检。',
  },
  STATE_UNKNOWN: {
    en: 'The state of {database} is unknown: the server reports {state}.',
    zh: '无法判定 {database} 的状态：服务器返回 {state}。',
  },
} as const satisfies Readonly<Record<string, Text>>
type Code = keyof typeof stateTexts

/** A state that is broken whatever the role of the database. */
export interface BrokenState {
  readonly code: Code
  /** What fixes it where the database is certainly not a secondary. */
  readonly fix: (row: DatabaseRow, role: Role) => Remediation
  /** A restore over the database is what fixes it, so that it does not stand in the way of one. */
  readonly isCuredByRestore: boolean
}

export const brokenStates: ReadonlyMap<string, BrokenState> = new Map([
  ['OFFLINE', { code: 'OFFLINE', fix: setOnline, isCuredByRestore: false }],
  // The file or the resource that recovery lacks, a restore lacks too.
  ['RECOVERY_PENDING', { code: 'RECOVERY_PENDING', fix: mendFile, isCuredByRestore: false }],
  ['SUSPECT', { code: 'SUSPECT', fix: restoreSuspect, isCuredByRestore: true }],
  ['EMERGENCY', { code: 'EMERGENCY', fix: leaveEmergency, isCuredByRestore: true }],
  ['OFFLINE_SECONDARY', { code: 'OFFLINE_SECONDARY', fix: seedAgain, isCuredByRestore: false }],
])

/** States that end by themselves, in every role, and in which a database is not available. */
export const transientStates: ReadonlySet<string> = new Set(['RECOVERING', 'COPYING'])

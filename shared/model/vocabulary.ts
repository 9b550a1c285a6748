import { measuredNumbers } from './measured-number.ts'
import type { Text, Vocabulary } from './message.ts'
import type { Operation } from './operation.ts'
import type { Risk } from './remediation.ts'

const operations: Readonly<Record<Operation, Text>> = {
  full: { en: 'full backup', zh: '全量备份' },
  incremental: { en: 'incremental backup', zh: '增量备份' },
  log: { en: 'log backup', zh: '日志备份' },
  restore: { en: 'restore', zh: '恢复' },
}

const risks: Readonly<Record<Risk, Text>> = {
  online: { en: 'no downtime', zh: '在线执行' },
  restart: { en: 'restart', zh: '需重启' },
  downtime: { en: 'downtime', zh: '需停机' },
  'data-loss': { en: 'data loss', zh: '有数据丢失风险' },
}

const rights = {
  anybody: { en: 'no special right', zh: '无特殊要求' },
  'backup-administrator': { en: 'administrator of the backup plans', zh: '备份计划管理员' },
  'host-administrator': { en: 'administrator of the host', zh: '主机管理员' },
  'network-administrator': { en: 'administrator of the network', zh: '网络管理员' },
  'registration-owner': { en: 'owner of the registration', zh: '实例注册的管理者' },
  /** Of what was stored by a version that did not say. */
  unstated: { en: 'not stated', zh: '未注明' },
} as const satisfies Vocabulary

/** A right that no engine has a word for. */
export type CommonRight = Exclude<keyof typeof rights, 'unstated'>

/** The terms that every engine shares. Those of one engine alone, its roles say, are in its declaration. */
export const commonVocabulary: Vocabulary = { ...operations, ...risks, ...rights, ...measuredNumbers }

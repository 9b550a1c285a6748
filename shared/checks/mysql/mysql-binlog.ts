import * as z from 'zod'
import type { Operation } from '../../model/operation.ts'
import type { Profile } from '../../model/profile.ts'
import { type CheckContext, type FindingDraft, defineCheck } from '../framework/define-check.ts'
import { mysql } from './engine.ts'
import { mysqlClient } from './languages.ts'
import { SettingRows, settingOf, settingsQuery } from './settings.ts'
import { serverSteps as steps } from './steps.ts'

const texts = {
  BINLOG_OFF: {
    en: 'The server writes no binary log (log_bin is OFF): you cannot back it up, nor restore to a point in time between two backups.',
    zh: '服务器未启用二进制日志（log_bin 为 OFF）：无法备份日志，也无法恢复到两次备份之间的时间点。',
  },
  BINLOG_UNKNOWN: {
    en: 'It is unknown whether the server writes a binary log: it reports {value} for log_bin.',
    zh: '无法判定服务器是否启用了二进制日志：log_bin 返回 {value}。',
  },
} as const
type Draft = FindingDraft<keyof typeof texts>

const facts = z.object({ settings: SettingRows })

/** The incremental backup of Cloud Backup may rest on the binary log; a physical one of the engine's tools does not. */
const affected = (profile: Profile): Operation[] =>
  profile === 'cloud-backup' ? ['incremental', 'log'] : ['log']

const remediation: Draft['remediation'] = {
  steps: [steps.enableBinlog({}), steps.restart({}), steps.backUpInFull({})],
  verify: {
    language: mysqlClient.name,
    query: "SHOW GLOBAL VARIABLES WHERE variable_name IN ('log_bin', 'server_id');",
  },
  changes: { log_bin: 'ON' },
}

const judge = (value: string | null, { target }: CheckContext): Draft[] => {
  const { instanceId, definition } = target
  const about = {
    object: { type: 'instance', name: instanceId },
    observed: { log_bin: value },
    expected: { log_bin: 'ON' },
  } as const
  if (value === 'ON') return []
  if (value !== 'OFF') {
    const params = { value: value ?? 'NULL' }
    return [{ ...about, code: 'BINLOG_UNKNOWN', params, obscures: affected(definition.profile) }]
  }
  const degrades: Operation[] = definition.profile === 'cloud-backup' ? ['incremental'] : []
  return [{ ...about, code: 'BINLOG_OFF', blocks: ['log'], degrades, remediation }]
}

/** Verifies that the server writes a binary log, which it does only if it was started with one. */
export default defineCheck(mysql, {
  id: 'MYSQL_BINLOG',
  set: 'essential',
  title: { en: 'The binary log is enabled', zh: '二进制日志检查：已启用二进制日志' },
  failureTitle: {
    en: 'The binary log is not enabled, or it is unknown whether it is',
    zh: '二进制日志检查：未启用二进制日志，或无法判定',
  },
  description: {
    en: 'Checks whether the server writes a binary log. Without it, there are no log backups, and no restore to a point in time between two backups.',
    zh: '检查服务器是否启用了二进制日志。未启用时无法备份日志，也无法恢复到两次备份之间的时间点。',
  },
  affects: affected,
  texts,
  privileges: [],
  fixes: [steps.backUpInFull, steps.enableBinlog, steps.restart],
  documents: [
    'https://dev.mysql.com/doc/refman/8.4/en/binary-log.html',
    'https://mariadb.com/kb/en/activating-the-binary-log/',
    'https://help.aliyun.com/en/cloud-backup/user-guide/precheck-a-mysql-database-deployed-on-an-ecs-instance',
  ],
  queries: { settings: settingsQuery },
  facts,
  evaluate: ({ settings }, context) => ({
    findings: judge(settingOf(settings, 'log_bin'), context),
    observed: {
      log_bin: settingOf(settings, 'log_bin'),
      server_id: settingOf(settings, 'server_id'),
      binlog_format: settingOf(settings, 'binlog_format'),
      binlog_row_image: settingOf(settings, 'binlog_row_image'),
    },
  }),
})

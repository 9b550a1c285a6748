import * as z from 'zod'
import { backupOperations } from '../../model/operation.ts'
import type { Remediation } from '../../model/remediation.ts'
import { type CheckContext, type FindingDraft, defineCheck } from '../framework/define-check.ts'
import { accountSteps } from './account-steps.ts'
import { mysql } from './engine.ts'
import { grant } from './grant.ts'
import { onInstance } from './instance-finding.ts'
import { mysqlClient } from './languages.ts'
import { ReplicationFacts, type Source, replicationQueries, sourcesOf } from './replication-facts.ts'
import { replicationSteps as steps } from './replication-steps.ts'
import { roleOf } from './roles.ts'
import { SettingRows, settingOf, settingsQuery } from './settings.ts'

const texts = {
  REPLICATION_STOPPED: {
    en: 'The server is a replica that does not follow its source (receiver {receiver}, applier {applier}): backups end well and hold old data.',
    zh: '该服务器是未跟随源服务器的副本（接收线程 {receiver}，应用线程 {applier}）：备份会成功，但数据是旧的。',
  },
  REPLICA_LAGS: {
    en: 'The server is a replica that is {minutes} minutes behind its source: backups hold data of that age.',
    zh: '该服务器是副本，落后源服务器 {minutes} 分钟：备份中的数据为该时间之前的数据。',
  },
  UPDATES_NOT_LOGGED: {
    en: 'The server is a replica that does not write what it receives to its own binary log (log_slave_updates is OFF): log backups have nothing of it.',
    zh: '该服务器是副本，且不将收到的更新写入自身的二进制日志（log_slave_updates 为 OFF）：日志备份中没有这些内容。',
  },
  LAG_UNKNOWN: {
    en: 'The server is a replica, and it is unknown how far it is behind its source.',
    zh: '该服务器是副本，无法判定其落后源服务器多少。',
  },
  LOGGING_UNKNOWN: {
    en: 'The server is a replica, and it is unknown whether it writes what it receives to its own binary log.',
    zh: '该服务器是副本，无法判定其是否将收到的更新写入自身的二进制日志。',
  },
  ROLE_UNKNOWN: {
    en: 'It is unknown whether the server is a replica: the login of the precheck needs REPLICATION CLIENT (MariaDB: SLAVE MONITOR).',
    zh: '无法判定该服务器是否为副本：预检账号需要 REPLICATION CLIENT 权限（MariaDB 上为 SLAVE MONITOR）。',
  },
} as const
type Draft = FindingDraft<keyof typeof texts>

const facts = z.object({ settings: SettingRows, ...ReplicationFacts.shape })
type Facts = z.output<typeof facts>

const startAgain = ({ words }: Source): Remediation =>
  words === 'slave'
    ? {
        steps: [steps.showSlaves({}), steps.startSlaves({})],
        verify: { language: mysqlClient.name, query: 'SHOW ALL SLAVES STATUS;' },
        changes: { slave_io_running: 'Yes', slave_sql_running: 'Yes' },
      }
    : {
        steps: [steps.showReplica({}), steps.startReplica({})],
        verify: { language: mysqlClient.name, query: 'SHOW REPLICA STATUS;' },
        changes: { replica_io_running: 'Yes', replica_sql_running: 'Yes' },
      }

const judgeSource = (source: Source, context: CheckContext): Draft[] => {
  const { receiver, applier, lag } = source
  if (receiver !== 'Yes' || applier !== 'Yes') {
    return [
      onInstance(context, {
        code: 'REPLICATION_STOPPED',
        params: { receiver, applier },
        observed: { receiver, applier },
        expected: { receiver: 'Yes', applier: 'Yes' },
        degrades: [...backupOperations],
        remediation: startAgain(source),
      }),
    ]
  }
  if (lag === null) {
    const about = { observed: { lag_seconds: null }, expected: {} }
    return [onInstance(context, { ...about, code: 'LAG_UNKNOWN', obscures: [...backupOperations] })]
  }
  const { standbyLagMaxMinutes } = context.thresholdsFor()
  const minutes = Math.floor(lag / 60)
  if (minutes <= standbyLagMaxMinutes) return []
  return [
    onInstance(context, {
      code: 'REPLICA_LAGS',
      params: { minutes },
      observed: { lag_minutes: minutes },
      expected: { lag_minutes: `at most ${standbyLagMaxMinutes}` },
      degrades: [...backupOperations],
      remediation: { steps: [steps.waitForSource({})], verify: null, changes: {} },
    }),
  ]
}

/** MySQL 8.0.26 and later have both names. */
const loggingOf = ({ settings }: Facts): string | null =>
  settingOf(settings, 'log_replica_updates') ?? settingOf(settings, 'log_slave_updates')

const judgeLogging = (asked: Facts, context: CheckContext): Draft[] => {
  const value = loggingOf(asked)
  const about = { observed: { log_slave_updates: value }, expected: { log_slave_updates: 'ON' } }
  if (value === 'ON' || settingOf(asked.settings, 'log_bin') === 'OFF') return []
  if (value !== 'OFF') return [onInstance(context, { ...about, code: 'LOGGING_UNKNOWN', obscures: ['log'] })]
  const remediation = { steps: [steps.logUpdates({})], verify: null, changes: {} } satisfies Remediation
  return [onInstance(context, { ...about, code: 'UPDATES_NOT_LOGGED', blocks: ['log'], remediation })]
}

const judge = (asked: Facts, context: CheckContext): Draft[] => {
  const sources = sourcesOf(asked)
  switch (roleOf(sources)) {
    case 'unknown': {
      const about = { observed: { role: 'unknown' }, expected: {} }
      return [
        onInstance(context, {
          ...about,
          code: 'ROLE_UNKNOWN',
          obscures: [...backupOperations],
          remediation: grant(['REPLICATION CLIENT'], context),
        }),
      ]
    }
    case 'standalone':
      return []
    case 'replica': {
      const found = (sources ?? []).map((source) => judgeSource(source, context))
      return [...(found.find((each) => each.length > 0) ?? []), ...judgeLogging(asked, context)]
    }
  }
}

/** Verifies that a replica has what its source has, and that its own binary log has it too. */
export default defineCheck(mysql, {
  id: 'MYSQL_REPLICA',
  set: 'standard',
  title: { en: 'A replica has what its source has', zh: '副本检查：副本与源服务器一致' },
  failureTitle: {
    en: 'A replica does not have what its source has, or it is unknown whether it does',
    zh: '副本检查：副本与源服务器不一致，或无法判定',
  },
  description: {
    en: 'Checks whether the server is a replica, whether it follows its source, how far behind it is, and whether its own binary log has what it receives.',
    zh: '检查该服务器是否为副本、是否跟随源服务器、落后多少，以及自身的二进制日志是否包含收到的更新。',
  },
  affects: () => backupOperations,
  texts,
  privileges: ['REPLICATION CLIENT'],
  fixes: [
    accountSteps.grantToLogin,
    steps.logUpdates,
    steps.showReplica,
    steps.showSlaves,
    steps.startReplica,
    steps.startSlaves,
    steps.waitForSource,
  ],
  documents: [
    'https://mariadb.com/kb/en/show-replica-status/',
    'https://mariadb.com/kb/en/replication-and-binary-log-system-variables/',
    'https://dev.mysql.com/doc/refman/8.4/en/show-replica-status.html',
  ],
  queries: { settings: settingsQuery, ...replicationQueries },
  facts,
  evaluate: (asked, context) => ({
    findings: judge(asked, context),
    observed: { role: roleOf(sourcesOf(asked)) },
  }),
})

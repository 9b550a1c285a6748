import * as z from 'zod'
import { type CheckContext, type FindingDraft, defineCheck } from '../framework/define-check.ts'
import { mysql } from './engine.ts'
import { onInstance } from './instance-finding.ts'
import { mysqlClient } from './languages.ts'
import { ReplicationFacts, replicationQueries, sourcesOf } from './replication-facts.ts'
import { replicationSteps as steps } from './replication-steps.ts'
import { roleOf } from './roles.ts'
import { SettingRows, settingOf, settingsQuery } from './settings.ts'

const texts = {
  OWN_WRITES: {
    en: 'The server is a replica that was written to in the domain {domain} of its source: a replay of its log stops ("out of order") where the two meet.',
    zh: '该服务器是副本，且在源服务器的域 {domain} 中有自身的写入：重放日志时会在两者交汇处停止（“out of order”）。',
  },
  GTID_IN_CHANGE: {
    en: 'gtid_mode is {mode}: transactions with and without an identifier stand in the same log, which a restore to a point in time may not take.',
    zh: 'gtid_mode 为 {mode}：同一日志中既有带标识的事务也有不带标识的事务，按时间点恢复时可能无法使用。',
  },
  GTID_UNKNOWN: {
    en: 'It is unknown whether the transactions in the binary log can be told apart.',
    zh: '无法判定二进制日志中的事务能否相互区分。',
  },
} as const
type Draft = FindingDraft<keyof typeof texts>

const facts = z.object({ settings: SettingRows, ...ReplicationFacts.shape })
type Facts = z.output<typeof facts>

/** `domain-server-number`, separated by commas ("Global Transaction ID", MariaDB reference). */
const positionsIn = (position: string) =>
  [...position.matchAll(/(\d+)-(\d+)-/g)].map(([, domain, server]) => ({ domain, server }))

/** The domain of its source in which the server itself was the last to write. */
const sharedDomainOf = ({ settings }: Facts): string | null | undefined => {
  const own = settingOf(settings, 'gtid_binlog_pos')
  const replicated = settingOf(settings, 'gtid_slave_pos')
  const server = settingOf(settings, 'server_id')
  if (own === null || replicated === null || server === null) return undefined
  const domains = positionsIn(replicated).map(({ domain }) => domain)
  return (
    positionsIn(own).find((each) => each.server === server && domains.includes(each.domain))?.domain ?? null
  )
}

const unknown = (context: CheckContext, observed: Draft['observed']): Draft =>
  onInstance(context, { code: 'GTID_UNKNOWN', observed, expected: {}, obscures: ['log', 'restore'] })

const judgeMariaDb = (asked: Facts, context: CheckContext): Draft[] => {
  const role = roleOf(sourcesOf(asked))
  if (role === 'standalone') return []
  const domain = sharedDomainOf(asked)
  const observed = {
    gtid_binlog_pos: settingOf(asked.settings, 'gtid_binlog_pos'),
    gtid_slave_pos: settingOf(asked.settings, 'gtid_slave_pos'),
  }
  if (role === 'unknown' || domain === undefined) return [unknown(context, observed)]
  if (domain === null) return []
  return [
    onInstance(context, {
      code: 'OWN_WRITES',
      params: { domain },
      observed,
      expected: {},
      degrades: ['log', 'restore'],
      remediation: { steps: [steps.ownDomain({})], verify: null, changes: {} },
    }),
  ]
}

const judge = (asked: Facts, context: CheckContext): Draft[] => {
  const mode = settingOf(asked.settings, 'gtid_mode')
  const version = settingOf(asked.settings, 'version')
  if (version !== null && /mariadb/i.test(version)) return judgeMariaDb(asked, context)
  if (mode === 'ON' || mode === 'OFF') return []
  if (mode !== 'ON_PERMISSIVE' && mode !== 'OFF_PERMISSIVE') return [unknown(context, { gtid_mode: mode })]
  return [
    onInstance(context, {
      code: 'GTID_IN_CHANGE',
      params: { mode },
      observed: { gtid_mode: mode },
      expected: { gtid_mode: 'ON or OFF' },
      degrades: ['log', 'restore'],
      remediation: {
        steps: [steps.enableGtid({})],
        verify: { language: mysqlClient.name, query: "SHOW GLOBAL VARIABLES LIKE 'gtid_mode';" },
        changes: { gtid_mode: 'ON' },
      },
    }),
  ]
}

/** Verifies that the identifiers of transactions let a log be replayed. */
export default defineCheck(mysql, {
  id: 'MYSQL_GTID',
  set: 'standard',
  title: { en: 'Identifiers of transactions are consistent', zh: 'GTID 检查：事务标识一致' },
  failureTitle: {
    en: 'Identifiers of transactions are not consistent, or it is unknown whether they are',
    zh: 'GTID 检查：事务标识不一致，或无法判定',
  },
  description: {
    en: 'Checks whether a replica of MariaDB was written to in the domain of its source, and whether gtid_mode of MySQL is between two modes.',
    zh: '检查 MariaDB 副本是否在源服务器的域中有自身的写入，以及 MySQL 的 gtid_mode 是否处于过渡模式。',
  },
  affects: () => ['log', 'restore'],
  texts,
  privileges: ['REPLICATION CLIENT'],
  fixes: [steps.enableGtid, steps.ownDomain],
  documents: [
    'https://mariadb.com/kb/en/gtid/',
    'https://dev.mysql.com/doc/refman/8.4/en/replication-options-gtids.html',
  ],
  queries: { settings: settingsQuery, ...replicationQueries },
  facts,
  evaluate: (asked, context) => ({
    findings: judge(asked, context),
    observed: { gtid_mode: settingOf(asked.settings, 'gtid_mode') },
  }),
})

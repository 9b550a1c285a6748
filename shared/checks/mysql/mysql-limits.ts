import * as z from 'zod'
import { allOperations } from '../../model/operation.ts'
import { type CheckContext, type FindingDraft, defineCheck } from '../framework/define-check.ts'
import { ActivityRow, activityQueries } from './activity.ts'
import { mysql } from './engine.ts'
import { onInstance } from './instance-finding.ts'
import { mysqlClient } from './languages.ts'
import { sessionSteps as steps } from './session-steps.ts'
import { SettingRows, numberOf, settingsQuery } from './settings.ts'

const texts = {
  PACKET_SMALL: {
    en: 'max_allowed_packet is {bytes} bytes, less than the {dump} of mysqldump: a row of that size is dumped and cannot be restored into a server like this one (2006, 1153).',
    zh: 'max_allowed_packet 为 {bytes} 字节，小于 mysqldump 的 {dump} 字节：如此大的行可以导出，但无法恢复到同样设置的服务器（2006、1153）。',
  },
  CONNECTIONS_USED: {
    en: '{used} of {most} connections are in use: a backup that finds none left cannot log in (1040).',
    zh: '{most} 个连接中已使用 {used} 个：没有空闲连接时，备份无法登录（1040）。',
  },
  LIMITS_UNKNOWN: {
    en: 'It is unknown how many connections are in use, or what the server takes in one packet.',
    zh: '无法判定连接的使用情况，或服务器允许的数据包大小。',
  },
} as const
type Draft = FindingDraft<keyof typeof texts>

const facts = z.object({ settings: SettingRows, activity: ActivityRow })
type Facts = z.output<typeof facts>

/** The default of a server ("max_allowed_packet", MariaDB reference); MySQL 8 has 64 MB. */
const smallestPacket = 16 * 1024 * 1024

/** What mysqldump and mariadb-dump put into one packet at most, by default. */
const dumpPacket = 24 * 1024 * 1024
const advisedPacket = 64 * 1024 * 1024

const limitsIn = ({ settings, activity }: Facts) => ({
  max_allowed_packet: numberOf(settings, 'max_allowed_packet'),
  max_connections: numberOf(settings, 'max_connections'),
  sessions: activity?.sessions ?? null,
})

const verify = {
  language: mysqlClient.name,
  query: "SHOW GLOBAL VARIABLES WHERE variable_name IN ('max_allowed_packet', 'max_connections');",
}

const judgePacket = (bytes: number, context: CheckContext): Draft[] => {
  if (bytes >= smallestPacket) return []
  return [
    onInstance(context, {
      code: 'PACKET_SMALL',
      params: { bytes, dump: dumpPacket },
      observed: { max_allowed_packet: bytes },
      expected: { max_allowed_packet: `at least ${smallestPacket}` },
      degrades: ['full', 'log', 'restore'],
      remediation: {
        steps: [steps.setPacket({ bytes: String(advisedPacket) })],
        verify,
        changes: { max_allowed_packet: advisedPacket },
      },
    }),
  ]
}

const judgeConnections = (used: number, most: number, context: CheckContext): Draft[] => {
  const percent = context.thresholdsFor().sessionsWarningPercent
  if (used * 100 < most * percent) return []
  const count = String(Math.ceil((used * 200) / percent))
  return [
    onInstance(context, {
      code: 'CONNECTIONS_USED',
      params: { used, most },
      observed: { sessions: used, max_connections: most },
      expected: { sessions: `below ${percent}%` },
      degrades: [...allOperations],
      remediation: {
        steps: [steps.showSessions({}), steps.setConnections({ count })],
        verify,
        changes: { max_connections: Number(count) },
      },
    }),
  ]
}

const judge = (asked: Facts, context: CheckContext): Draft[] => {
  const { max_allowed_packet, max_connections, sessions } = limitsIn(asked)
  if (max_allowed_packet === null || max_connections === null || sessions === null) {
    const observed = limitsIn(asked)
    return [
      onInstance(context, { code: 'LIMITS_UNKNOWN', observed, expected: {}, obscures: [...allOperations] }),
    ]
  }
  return [
    ...judgePacket(max_allowed_packet, context),
    ...judgeConnections(sessions, max_connections, context),
  ]
}

/** Verifies that the limits of the server let a backup log in, and let what it holds be restored. */
export default defineCheck(mysql, {
  id: 'MYSQL_LIMITS',
  set: 'standard',
  title: { en: 'Limits of the server leave room for backups', zh: '限制检查：服务器的限制不影响备份' },
  failureTitle: {
    en: 'A limit of the server may stop backups or restores, or is unknown',
    zh: '限制检查：服务器的限制可能影响备份或恢复，或无法判定',
  },
  description: {
    en: 'Checks how many of the connections are in use (the threshold sessionsWarningPercent of a policy), and whether max_allowed_packet is large enough for what is dumped.',
    zh: '检查连接的使用情况（策略中的阈值 sessionsWarningPercent），以及 max_allowed_packet 是否足够。',
  },
  affects: () => allOperations,
  texts,
  privileges: ['PROCESS'],
  fixes: [steps.setConnections, steps.setPacket, steps.showSessions],
  documents: [
    'https://mariadb.com/kb/en/server-system-variables/',
    'https://dev.mysql.com/doc/refman/8.4/en/packet-too-large.html',
    'https://dev.mysql.com/doc/refman/8.4/en/too-many-connections.html',
  ],
  queries: { settings: settingsQuery, activity: activityQueries.activity },
  facts,
  evaluate: (asked, context) => ({ findings: judge(asked, context), observed: limitsIn(asked) }),
})

import * as z from 'zod'
import { backupOperations } from '../../model/operation.ts'
import { type CheckContext, type FindingDraft, defineCheck } from '../framework/define-check.ts'
import { oracle } from './engine.ts'
import { DatabaseFact, databaseQuery } from './facts.ts'
import { sqlplus } from './languages.ts'
import { type Role, roleOf } from './role.ts'
import { type ServerRow, ServerRows, ofKind, serverPrivileges, serverQuery } from './server-facts.ts'
import { showLag, serverSteps as steps } from './server-steps.ts'

const texts = {
  TRANSPORT_LAGS: {
    en: 'The standby {database} has had no redo of the last {minutes} minutes or more: its backups lack it.',
    zh: '备库 {database} 至少缺少最近 {minutes} 分钟的重做日志：其备份不含这些更改。',
  },
  APPLY_LAGS: {
    en: 'The standby {database} is {minutes} minutes or more behind in applying redo: backups of its data files are that old.',
    zh: '备库 {database} 的重做应用至少落后 {minutes} 分钟：其数据文件备份也相应滞后。',
  },
  LAG_UNKNOWN: {
    en: 'How far the standby {database} is behind its primary is unknown: the server gives no value for {metric}.',
    zh: '无法判定备库 {database} 落后主库多少：服务器未给出 {metric} 的值。',
  },
} as const
type Draft = FindingDraft<keyof typeof texts>

/** A snapshot standby receives redo and applies none until it is converted back. */
const metricsOf: Readonly<Partial<Record<Role['term'], readonly Metric[]>>> = {
  'physical-standby': ['transport lag', 'apply lag'],
  'logical-standby': ['transport lag', 'apply lag'],
  'snapshot-standby': ['transport lag'],
}
type Metric = 'transport lag' | 'apply lag'

const minutesPerDay = 24 * 60

/** Minutes of an interval of days to seconds, as `+00 00:00:04`; null if it is none. */
const minutesIn = (interval: string | null): number | null => {
  const [, sign, ...parts] = /^([+-])(\d{1,9}) (\d\d):(\d\d):(\d\d)(?:\.\d+)?$/.exec(interval ?? '') ?? []
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = parts.map(Number)
  if (sign === undefined) return null
  return sign === '-' ? 0 : days * minutesPerDay + hours * 60 + minutes + seconds / 60
}

/** Two times of one clock, as MM/DD/YYYY HH24:MI:SS: a difference needs no time zone. */
const times = /^(\d\d)\/(\d\d)\/(\d{4}) (\d\d:\d\d:\d\d) (\d\d)\/(\d\d)\/(\d{4}) (\d\d:\d\d:\d\d)$/

/** How long ago the standby last heard of its primary when the lag was computed, in minutes; null if unknown. */
const silenceIn = (detail: string | null): number | null => {
  const found = times.exec(detail ?? '')
  if (!found) return null
  const [, month, day, year, time, lastMonth, lastDay, lastYear, lastTime] = found
  const computed = Date.parse(`${year}-${month}-${day}T${time}Z`)
  const heard = Date.parse(`${lastYear}-${lastMonth}-${lastDay}T${lastTime}Z`)
  const minutes = (computed - heard) / 60_000
  return Number.isNaN(minutes) ? null : Math.max(0, minutes)
}

/** A lag holds for when the primary was last heard of: since then it has grown by as much as nobody knows. */
const lagOf = ({ value, detail }: ServerRow): number | null => {
  const [lag, silence] = [minutesIn(value), silenceIn(detail)]
  return lag === null || silence === null ? null : Math.floor(lag + silence)
}

/** On a RAC one instance applies, and it alone knows; the others say nothing or what was. */
const shortestOf = (rows: readonly ServerRow[]): number | null => {
  const known = rows.flatMap((row) => lagOf(row) ?? [])
  return known.length > 0 ? Math.min(...known) : null
}

const mend = { 'transport lag': steps.mendTransport, 'apply lag': steps.mendApply } as const
const numbers = { 'transport lag': 'transport-lag-minutes', 'apply lag': 'apply-lag-minutes' } as const
const codes = { 'transport lag': 'TRANSPORT_LAGS', 'apply lag': 'APPLY_LAGS' } as const

const judge = (
  database: string,
  metric: Metric,
  minutes: number | null,
  { thresholdsFor }: CheckContext,
): Draft[] => {
  const limit = thresholdsFor().standbyLagMaxMinutes
  if (minutes !== null && minutes <= limit) return []
  const about: Omit<Draft, 'code'> = {
    object: { type: 'instance', name: `${database} ${metric}` },
    observed: { metric, minutes },
    expected: { minutes: `at most ${limit}` },
    remediation: {
      steps: [mend[metric]({})],
      verify: { language: sqlplus.name, query: showLag },
      // A delay may be meant: that has to be found out first.
      changes: {},
    },
  }
  return minutes === null
    ? [{ ...about, code: 'LAG_UNKNOWN', params: { database, metric }, obscures: [...backupOperations] }]
    : [{ ...about, code: codes[metric], params: { database, minutes }, degrades: [...backupOperations] }]
}

/** Verifies that a standby is not far behind: what is backed up there is as old as its redo. A primary has no lag. */
export default defineCheck(oracle, {
  id: 'ORACLE_DATA_GUARD_LAG',
  set: 'standard',
  title: { en: 'The standby keeps up with its primary', zh: '备库与主库保持同步' },
  failureTitle: { en: 'The standby does not keep up with its primary', zh: '备库落后于主库' },
  description: {
    en: 'Checks how far a standby is behind in receiving and applying redo. If the check fails, backups of the standby are older than they seem.',
    zh: '检查备库接收和应用重做日志的延迟。如果未通过，备库的备份比看起来更旧。',
  },
  affects: () => backupOperations,
  texts,
  privileges: [...serverPrivileges, 'SELECT ON SYS.V_$DATABASE'],
  fixes: [steps.mendApply, steps.mendTransport],
  documents: ['https://docs.oracle.com/en/database/oracle/oracle-database/19/refrn/V-DATAGUARD_STATS.html'],
  queries: { database: databaseQuery, server: serverQuery },
  facts: z.object({ database: DatabaseFact, server: ServerRows }),
  evaluate: ({ database, server }, context) => {
    const { name } = database
    const metrics = metricsOf[roleOf(database.database_role).term] ?? []
    const lags = metrics.map((metric) => ({ metric, minutes: shortestOf(ofKind(server, 'LAG', metric)) }))
    return {
      findings: lags.flatMap(({ metric, minutes }) => judge(name, metric, minutes, context)),
      observed: Object.fromEntries(lags.map(({ metric, minutes }) => [metric, minutes])),
      observations: lags.flatMap(({ metric, minutes }) =>
        minutes === null
          ? []
          : [
              {
                name: numbers[metric],
                object: { type: 'instance' as const, name },
                value: minutes,
              },
            ],
      ),
    }
  },
})

import * as z from 'zod'
import { backupOperations } from '../../model/operation.ts'
import { Series, isOf } from '../../model/series.ts'
import { type Arrival, arrivalAt, minTrendDays, minTrendPoints } from '../../model/trend.ts'
import { type CheckContext, type FindingDraft, defineMemoryCheck } from '../framework/define-check.ts'
import { memorySteps as steps } from './steps.ts'

const texts = {
  TREND_REACHES_LIMIT: {
    en: 'If it goes on as it does, {number} of {name} reaches its limit on {when} UTC (± {hours} h). It was measured {points} times.',
    zh: '按目前的趋势，{name} 将于 {when} UTC（± {hours} 小时）达到上限：{number}。已测量 {points} 次。',
  },
} as const
type Draft = FindingDraft<keyof typeof texts>

const Facts = z.object({ series: z.array(Series), at: z.iso.datetime() })

const msPerMinute = 60_000
const minutesPerDay = 24 * 60

const draftOf = ({ name, object, points, limit }: Series, { minute, hours }: Arrival): Draft => {
  const when = new Date(minute * msPerMinute).toISOString().slice(0, 16).replace('T', ' ')
  return {
    code: 'TREND_REACHES_LIMIT',
    object,
    params: { number: [name], name: object.name, when, hours, points: points.length },
    observed: { [name]: points.at(-1)?.[1] ?? null, reaches_limit_at: when },
    expected: { limit: limit ?? null },
    degrades: [...backupOperations],
    remediation: { steps: [steps.makeRoom({ name: object.name })], verify: null, changes: {} },
  }
}

const judgeSeries = (series: Series, at: string, { thresholdsFor }: CheckContext): Draft[] => {
  const { object, points, limit } = series
  const arrival = limit === undefined ? null : arrivalAt(points, limit)
  const { trendHorizonDays } = thresholdsFor(object.type === 'instance' ? undefined : object.name)
  const horizon = Date.parse(at) / msPerMinute + trendHorizonDays * minutesPerDay
  return arrival && arrival.minute <= horizon ? [draftOf(series, arrival)] : []
}

/**
 * Foretells which of the numbers that were measured night after night reach their limits before the horizon of the
 * policy. Steps, resets, single outliers and what is emptied again and again do not fool it; a trend is told from
 * 10 points of 14 days at least (`trend.ts` names the method).
 */
export default defineMemoryCheck({
  id: 'LIMIT_TREND',
  set: 'standard',
  title: { en: 'No limit is going to be reached soon', zh: '近期不会达到任何上限' },
  failureTitle: { en: 'A limit is going to be reached soon', zh: '近期将达到上限' },
  description: {
    en: 'Follows what is used of logs, recovery areas, disk groups and sessions from precheck to precheck. If the check fails, backups are going to fail on the day that is named.',
    zh: '在每次预检之间跟踪日志、恢复区、磁盘组和会话的使用量。如果未通过，备份将在所示日期开始失败。',
  },
  affects: () => backupOperations,
  texts,
  fixes: [steps.makeRoom],
  documents: ['https://doi.org/10.1080/01621459.1968.10480934'],
  facts: Facts,
  evaluate: ({ series, at }, context) => {
    const current = series.filter((each) => isOf(each, at))
    return {
      findings: current.flatMap((each) => judgeSeries(each, at, context)),
      observed: { series: current.length, points_needed: minTrendPoints, days_needed: minTrendDays },
    }
  },
})

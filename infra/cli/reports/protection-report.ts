import type { ProtectionView } from '../../../functions/api/views/protection-view.ts'
import type { InstanceProtection } from '../../../shared/model/instance-protection.ts'
import { ProtectionState } from '../../../shared/model/protection.ts'
import { columns, padded } from './cells.ts'
import { indented } from './layout.ts'
import { moment } from '../service/moment.ts'
import type { Look, Say } from './terminal.ts'
import { colon, comma, operationWords, protectionWords } from './words.ts'

const stateTone = { 'at-risk': 'bad', unknown: 'odd', new: 'fair', protected: 'good' } as const

/** Cells of the longest state. */
const stateCells = 10

const stateText = (state: ProtectionState, { paint, say }: Look): string =>
  paint[stateTone[state]](padded(say(protectionWords[state]), stateCells))

/** Minutes as a person reads them. */
const duration = (minutes: number, say: Say): string => {
  if (minutes < 120) return say({ en: `${Math.round(minutes)} min`, zh: `${Math.round(minutes)} 分钟` })
  const [hours, days] = [Math.round(minutes / 60), Math.round(minutes / 60 / 24)]
  return minutes < 2 * 24 * 60
    ? say({ en: `${hours} h`, zh: `${hours} 小时` })
    : say({ en: `${days} d`, zh: `${days} 天` })
}

const orUnknown = (minutes: number | null, say: Say): string =>
  minutes === null ? '?' : duration(minutes, say)

/** What would be lost, beside the objective. */
const lossText = (exposure: number | null, objective: number | null, say: Say): string => {
  const lost = orUnknown(exposure, say)
  const most = objective === null ? null : duration(objective, say)
  return say({
    en: `loses ${lost}${most === null ? '' : ` of ${most}`}`,
    zh: `将丢失 ${lost}${most === null ? '' : `（目标 ${most}）`}`,
  })
}

const asOfText = (time: string, say: Say): string =>
  say({ en: `as of ${moment(time)}`, zh: `截至 ${moment(time)}` })

type Row = ProtectionView['databases'][number]

const lastBackups = ({ full, incremental, log }: Row, say: Say): string => {
  const known = (['full', 'incremental', 'log'] as const).flatMap((kind) => {
    const backup = { full, incremental, log }[kind]
    return backup ? [`${say(operationWords[kind])} ${moment(backup.at)}`] : []
  })
  return known.join(say(comma)) || say({ en: 'no backup is known', zh: '未发现备份' })
}

const rowOf = (row: Row, look: Look): string[] => {
  const {
    database,
    state,
    chain,
    exposureMinutes,
    objectiveMinutes,
    worstExposureMinutes7d,
    restoreSeconds,
  } = row
  const { paint, say } = look
  const worst = orUnknown(worstExposureMinutes7d, say)
  const restore = restoreSeconds === null ? '' : duration(restoreSeconds / 60, say)
  const rest = [
    say({ en: `worst of 7 d ${worst}`, zh: `7 天内最多 ${worst}` }),
    ...(restore === '' ? [] : [say({ en: `restore about ${restore}`, zh: `恢复约需 ${restore}` })]),
    ...(chain === 'broken' ? [say({ en: 'log chain broken', zh: '日志链已断' })] : []),
    lastBackups(row, say),
  ]
  return [
    `${stateText(state, look)} ${database}`,
    lossText(exposureMinutes, objectiveMinutes, say),
    paint.dim(rest.join(say({ en: '; ', zh: '；' }))),
  ]
}

/** What would be lost of each database of an instance, as a person reads it. */
export const protectionReport = (view: ProtectionView, look: Look): string => {
  const { instanceId, state, asOf, databases, totals } = view
  const { paint, say } = look
  if (asOf === null || totals === null) {
    return say({
      en: `${instanceId}: unknown. The last precheck did not see the backups; the check item LAST_BACKUP says why.\n`,
      zh: `${instanceId}：无法判定。上次预检未能查看备份，原因见检查项 LAST_BACKUP。\n`,
    })
  }
  const all = Object.values(totals).reduce((sum, count) => sum + count, 0)
  const hidden = all - databases.length
  const more = { en: `  … and ${hidden} more that stand no worse`, zh: `  … 另有 ${hidden} 个，情况不更差` }
  return [
    `${paint.strong(instanceId)}  ${stateText(state, look)} ${paint.dim(asOfText(asOf, say))}`,
    ...indented(columns(databases.map((row) => rowOf(row, look))), 2),
    ...(hidden > 0 ? [paint.dim(say(more))] : []),
    '',
  ].join('\n')
}

/** One row of the fleet. */
export const fleetRow = (
  { instanceId, state, asOf, worst, totals }: InstanceProtection,
  look: Look,
): string[] => {
  const { paint, say } = look
  const loss = `${worst.database} ${lossText(worst.exposureMinutes, worst.objectiveMinutes, say)}`
  const count = totals['at-risk']
  const atRisk = count > 0 ? say({ en: `; at risk: ${count}`, zh: `；有风险：${count} 个` }) : ''
  return [`${stateText(state, look)} ${instanceId}`, `${loss}${atRisk} ${paint.dim(asOfText(asOf, say))}`]
}

/** What a report of a precheck says of it, on one line. */
export const protectionLine = (
  protection: Pick<InstanceProtection, 'state' | 'asOf' | 'worst' | 'totals'>,
  look: Look,
): string => {
  const { state, worst, totals } = protection
  const { paint, say } = look
  const loss = `${worst.database} ${lossText(worst.exposureMinutes, worst.objectiveMinutes, say)}`
  const counted = ProtectionState.options
    .filter((each) => totals[each] > 0)
    .map((each) =>
      say({
        en: `${totals[each]} ${protectionWords[each].en}`,
        zh: `${protectionWords[each].zh} ${totals[each]}`,
      }),
    )
    .join(say(comma))
  const head = paint.strong(say({ en: 'Protection', zh: '保护状态' }))
  return `${head}${say(colon)}${stateText(state, look).trimEnd()}  ${loss}  ${paint.dim(`(${counted})`)}`
}

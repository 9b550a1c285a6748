import type { ProtectionView } from '../../../functions/api/views/protection-view.ts'
import type { InstanceProtection } from '../../../shared/model/instance-protection.ts'
import type { ProtectionState } from '../../../shared/model/protection.ts'
import { moment } from './layout.ts'
import type { Paint } from './paint.ts'

const stateTone = { 'at-risk': 'bad', unknown: 'odd', new: 'fair', protected: 'good' } as const

const stateText = (state: ProtectionState, paint: Paint): string => paint[stateTone[state]](state.padEnd(10))

/** Minutes as a person reads them. */
const duration = (minutes: number): string => {
  if (minutes < 120) return `${Math.round(minutes)} min`
  return minutes < 2 * 24 * 60 ? `${Math.round(minutes / 60)} h` : `${Math.round(minutes / 60 / 24)} d`
}

const orUnknown = (minutes: number | null): string => (minutes === null ? '?' : duration(minutes))

const atMost = (objective: number | null): string => (objective === null ? '' : ` of ${duration(objective)}`)

type Row = ProtectionView['databases'][number]

const lastBackups = ({ full, incremental, log }: Row): string =>
  Object.entries({ full, incremental, log })
    .flatMap(([kind, backup]) => (backup ? [`${kind} ${moment(backup.at)}`] : []))
    .join(', ') || 'no backup is known'

const rowLine = (row: Row, width: number, paint: Paint): string => {
  const {
    database,
    state,
    chain,
    exposureMinutes,
    objectiveMinutes,
    worstExposureMinutes7d,
    restoreSeconds,
  } = row
  const loss = `loses ${orUnknown(exposureMinutes)}${atMost(objectiveMinutes)}`
  const rest = [
    `worst of 7 d ${orUnknown(worstExposureMinutes7d)}`,
    ...(restoreSeconds === null ? [] : [`restore about ${duration(restoreSeconds / 60)}`]),
    ...(chain === 'broken' ? ['log chain broken'] : []),
    lastBackups(row),
  ]
  return `${stateText(state, paint)} ${database.padEnd(width)} ${loss.padEnd(24)} ${paint.dim(rest.join('; '))}`
}

/** What would be lost of each database of an instance, as a person reads it. */
export const protectionReport = (view: ProtectionView, paint: Paint): string => {
  const { instanceId, state, asOf, databases, totals } = view
  if (asOf === null || totals === null) {
    return `${instanceId}: unknown. The last precheck did not see the backups; the check item LAST_BACKUP says why.\n`
  }
  const width = Math.max(0, ...databases.map(({ database }) => database.length))
  const all = Object.values(totals).reduce((sum, count) => sum + count, 0)
  const hidden = all - databases.length
  return [
    `${paint.strong(instanceId)}  ${stateText(state, paint)} ${paint.dim(`as of ${moment(asOf)}`)}`,
    ...databases.map((row) => `  ${rowLine(row, width, paint)}`),
    ...(hidden > 0 ? [paint.dim(`  … and ${hidden} more that stand no worse`)] : []),
    '',
  ].join('\n')
}

/** One line of the fleet. */
export const fleetLine = (
  { instanceId, state, asOf, worst, totals }: InstanceProtection,
  paint: Paint,
): string => {
  const loss = `${worst.database} loses ${orUnknown(worst.exposureMinutes)}${atMost(worst.objectiveMinutes)}`
  const atRisk = totals['at-risk'] > 0 ? `; at risk: ${totals['at-risk']}` : ''
  return `${stateText(state, paint)} ${instanceId.padEnd(32)} ${loss}${atRisk} ${paint.dim(`as of ${moment(asOf)}`)}\n`
}

/** What a report of a precheck says of it, on one line. */
export const protectionLine = (
  protection: { readonly state: ProtectionState; readonly asOf: string } & Pick<
    InstanceProtection,
    'worst' | 'totals'
  >,
  paint: Paint,
): string => {
  const { state, worst, totals } = protection
  const loss = `${worst.database} loses ${orUnknown(worst.exposureMinutes)}${atMost(worst.objectiveMinutes)}`
  const counts = Object.entries(totals).filter(([, count]) => count > 0)
  const counted = counts.map(([each, count]) => `${count} ${each}`).join(', ')
  return `${paint.strong('Protection')}: ${stateText(state, paint).trimEnd()}  ${loss}  ${paint.dim(`(${counted})`)}`
}

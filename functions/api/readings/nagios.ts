import type { Locale } from '../../../shared/model/message.ts'
import { allOperations } from '../../../shared/model/operation.ts'
import type { PrecheckView } from '../views/precheck-view.ts'
import { words } from './words.ts'

/** States of a plugin, in the order of its exit codes (Nagios Plugins Development Guidelines). */
const states = { passed: 'OK', warning: 'WARNING', failed: 'CRITICAL', inconclusive: 'UNKNOWN' } as const

/** What stands before the bar, which would begin the data, and on one line. */
const plain = (text: string): string => text.replaceAll(/[\p{Cc}|]+/gu, ' ')

/** Everything that is worse than a risk. */
const mayNotWarn = (precheck: PrecheckView): PrecheckView['items'] =>
  precheck.items.filter(({ status }) => !['passed', 'skipped', 'warning'].includes(status))

/** Label, value and, where there is one, the value from which it is critical, and the greatest that there can be. */
const datum = (label: string, value: number, unit = '', critical = '', max: number | '' = ''): string =>
  `'${label}'=${value}${unit};;${critical};0;${max}`.replace(/;+$/, '')

const dataOf = ({ items, coverage, readiness, startedAt, completedAt }: PrecheckView): string[] => {
  const count = (...statuses: readonly string[]): number =>
    items.filter(({ status }) => statuses.includes(status)).length
  const seconds = completedAt === null ? 0 : (Date.parse(completedAt) - Date.parse(startedAt)) / 1000
  return [
    datum('time', seconds, 's'),
    datum('failed', count('failed'), '', '0', items.length),
    datum('undetermined', count('error', 'timed_out', 'pending'), '', '', items.length),
    datum('warnings', count('warning'), '', '', items.length),
    ...(coverage ? [datum('judged', coverage.judged, '', '', coverage.total)] : []),
    ...(readiness
      ? allOperations.map((operation) => {
          const { ready, total } = readiness.instance[operation].databases
          return datum(`ready_${operation}`, ready, '', '', total)
        })
      : []),
  ]
}

/** A precheck as a plugin of Nagios prints it: its state, why, and numbers that graphs are drawn of. */
export const nagiosOf = (precheck: PrecheckView, locale: Locale): string => {
  const { instanceId, outcome, coverage } = precheck
  const { outcomes, judged } = words[locale]
  const bad = mayNotWarn(precheck)
  const summary = [
    `${instanceId}: ${outcomes[outcome ?? 'running']}`,
    ...(coverage ? [judged(coverage.judged, coverage.total)] : []),
    ...(bad.length > 0 ? [bad.map(({ checkItem }) => checkItem).join(' ')] : []),
  ].join('; ')
  const details = bad.flatMap(({ checkItem, findings, reason }) =>
    [...(reason ? [reason.text] : []), ...findings.map(({ text }) => text)].map(
      (text) => `${checkItem}: ${plain(text)}`,
    ),
  )
  const first = `PRECHECK ${states[outcome ?? 'inconclusive']} - ${plain(summary)} | ${dataOf(precheck).join(' ')}`
  return [first, ...details, ''].join('\n')
}

import { type Alarm, alarms, metricNamespaces } from './alarms.ts'
import type { LineFilter } from './log-query.ts'

const linesText = ({ word, is = {}, from = {} }: LineFilter): string => {
  const conditions = [
    ...Object.entries(is).flatMap(([name, value]) => (value === word ? [] : [`\`${name}\` is \`${value}\``])),
    ...Object.entries(from).map(([name, least]) => `\`${name}\` >= ${least}`),
  ]
  return conditions.length === 0 ? `\`${word}\`` : `\`${word}\` with ${conditions.join(', ')}`
}

const raisedBy = ({ source }: Alarm): string => {
  if (source.kind === 'metric') {
    const { name, statistics, threshold, periodSeconds, periods } = source
    const times = periods === 1 ? '' : `, ${periods} times in a row`
    return `\`${name}\` of \`${metricNamespaces[source.metric]}\`: ${statistics} >= ${threshold} in ${periodSeconds} s${times}`
  }
  const when = source.looks === 'morning' ? ', looked at once a morning' : ''
  return `lines ${linesText(source.lines)}: ${source.raisedBy} in ${source.windowMinutes} min${when}`
}

/** The alarms as a table of Markdown; their names lead to their runbooks. */
export const alarmTable = (): string =>
  [
    '| alarm | says | severity | raised by |',
    '| --- | --- | --- | --- |',
    ...alarms.map(
      (alarm) =>
        `| [\`${alarm.name}\`](#${alarm.name}) | ${alarm.meaning} | ${alarm.severity} | ${raisedBy(alarm)} |`,
    ),
    '',
  ].join('\n')

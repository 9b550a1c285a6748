import type { PrecheckView } from '../views/precheck-view.ts'
import { findingLines } from './finding-lines.ts'
import { escaped } from './markup.ts'

type Item = PrecheckView['items'][number]

const attributes = (values: Readonly<Record<string, string | number>>): string =>
  Object.entries(values)
    .map(([name, value]) => ` ${name}="${escaped(value)}"`)
    .join('')

const secondsOf = (ms: number): string => (ms / 1000).toFixed(3)

const element = (name: string, title: string, type: string, lines: readonly string[]): string =>
  `<${name}${attributes({ message: title, type })}>${escaped(lines.join('\n'))}</${name}>`

/** What a test case holds. JUnit has no warnings: such an item passes, and says so. */
const insideOf = (item: Item): string => {
  const { status, title } = item
  const lines = findingLines(item)
  switch (status) {
    case 'failed':
      return element('failure', title, status, lines)
    case 'error':
    case 'timed_out':
    case 'pending':
      return element('error', title, status, lines)
    case 'skipped':
      return `<skipped${attributes({ message: lines.join(' ') || title })}/>`
    case 'passed':
    case 'warning':
      return lines.length === 0 ? '' : `<system-out>${escaped([title, ...lines].join('\n'))}</system-out>`
  }
}

/** A precheck as a report of JUnit: a test suite with a test case for each check item. */
export const junitOf = (precheck: PrecheckView): string => {
  const { id, instanceId, engine, region, state, outcome, items, startedAt } = precheck
  const count = (...statuses: readonly Item['status'][]): number =>
    items.filter(({ status }) => statuses.includes(status)).length
  const totals = {
    tests: items.length,
    failures: count('failed'),
    errors: count('error', 'timed_out', 'pending'),
    skipped: count('skipped'),
    time: secondsOf(items.reduce((sum, { durationMs }) => sum + (durationMs ?? 0), 0)),
  }
  const properties = { precheck: id, engine, region, outcome: outcome ?? state }
  const cases = items.map((item) => {
    const about = { classname: `${engine}.${instanceId}`, name: item.checkItem }
    return `    <testcase${attributes({ ...about, time: secondsOf(item.durationMs ?? 0) })}>${insideOf(item)}</testcase>`
  })
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name: 'backup-precheck', ...totals })}>`,
    `  <testsuite${attributes({ name: instanceId, ...totals, timestamp: startedAt.slice(0, 19) })}>`,
    '    <properties>',
    ...Object.entries(properties).map(([name, value]) => `      <property${attributes({ name, value })}/>`),
    '    </properties>',
    ...cases,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

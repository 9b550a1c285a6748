import { deadLetterQueue, queueNames } from '../../../shared/runtime/fc-environment.ts'
import type { LineFilter } from './log-query.ts'

/** Lines of the log: the alarm is raised where so many of them, or so few, were written within a time. */
export interface LogSource {
  readonly kind: 'log'
  readonly lines: LineFilter
  /** Looks back so many minutes. */
  readonly windowMinutes: number
  /** `every`: looks every five minutes; `morning`: once a day, when the night should be over. */
  readonly looks: 'every' | 'morning'
  /** Condition on the number of lines `n`. */
  readonly raisedBy: `n ${'>=' | '<'} ${number}`
}

/** A metric of CloudMonitor. */
export interface MetricSource {
  readonly kind: 'metric'
  readonly metric: 'queue' | 'function'
  readonly name: string
  readonly statistics: 'Maximum' | 'Value'
  /** Queues or functions, by their names; each has a rule of its own. */
  readonly of: readonly string[]
  /** The alarm is raised from this value on. */
  readonly threshold: number
  /** Length of a period, s, and for how many of them in a row. */
  readonly periodSeconds: number
  readonly periods: number
}

/** One alarm. What is sent to the cloud, and the table in docs/operations.md, come from here. */
export interface Alarm {
  /** Also the heading of its runbook in docs/operations.md. */
  readonly name: string
  readonly meaning: string
  readonly severity: 'critical' | 'warning'
  readonly source: LogSource | MetricSource
}

/** Namespaces and dimensions of CloudMonitor by what is measured. */
export const metricNamespaces = { queue: 'acs_mns_new', function: 'acs_fc' } as const

const functionNames = ['precheck-api', 'precheck-run-check', 'precheck-collect', 'precheck-notify']

const lines = (
  word: string,
  filter: Pick<LineFilter, 'is' | 'from'>,
  source: Pick<LogSource, 'windowMinutes' | 'raisedBy'> & Partial<Pick<LogSource, 'looks'>>,
): LogSource => ({ kind: 'log', lines: { word, ...filter }, looks: 'every', ...source })

const event = (name: string, filter: Pick<LineFilter, 'is' | 'from'> = {}) =>
  [name, { ...filter, is: { event: name, ...filter.is } }] as const

/** The alarms of the service on Alibaba Cloud. */
export const alarms: readonly Alarm[] = [
  {
    name: 'dead-letters-found',
    meaning: 'A queue gave a message up',
    severity: 'critical',
    source: {
      kind: 'metric',
      metric: 'queue',
      name: 'ActiveMessages',
      statistics: 'Maximum',
      of: Object.values(queueNames).map(deadLetterQueue),
      threshold: 1,
      periodSeconds: 300,
      periods: 1,
    },
  },
  {
    name: 'night-not-completed',
    meaning: 'No nightly sweep was completed by its deadline, whatever the reason (dead man)',
    severity: 'critical',
    source: lines(...event('sweep.completed', { is: { kind: 'nightly' } }), {
      windowMinutes: 210,
      looks: 'morning',
      raisedBy: 'n < 1',
    }),
  },
  {
    name: 'instances-not-run',
    meaning: 'A nightly sweep left instances out',
    severity: 'warning',
    source: lines(...event('sweep.completed', { is: { kind: 'nightly' }, from: { notRun: 1 } }), {
      windowMinutes: 15,
      raisedBy: 'n >= 1',
    }),
  },
  {
    name: 'errors-logged',
    meaning: 'Functions log errors again and again',
    severity: 'critical',
    source: lines('error', { is: { level: 'error' } }, { windowMinutes: 5, raisedBy: 'n >= 5' }),
  },
  {
    name: 'api-failing',
    meaning: 'The API answers with 5xx',
    severity: 'critical',
    source: lines(...event('api.request', { from: { status: 500 } }), {
      windowMinutes: 5,
      raisedBy: 'n >= 5',
    }),
  },
  {
    name: 'invocations-failing',
    meaning: 'Invocations fail: time limit, memory, or a fault of the function',
    severity: 'critical',
    source: {
      kind: 'metric',
      metric: 'function',
      name: 'FunctionFunctionErrors',
      statistics: 'Value',
      of: [...functionNames, 'precheck-schedule'],
      threshold: 3,
      periodSeconds: 60,
      periods: 3,
    },
  },
  {
    name: 'invocations-throttled',
    meaning: 'More is to run at a time than the reserved instances allow',
    severity: 'warning',
    source: {
      kind: 'metric',
      metric: 'function',
      name: 'FunctionConcurrencyThrottles',
      statistics: 'Value',
      // A tick of `schedule` that comes while another one is at work is refused on purpose.
      of: functionNames,
      threshold: 1,
      periodSeconds: 60,
      periods: 5,
    },
  },
  {
    name: 'messages-waiting',
    meaning: 'Check items or deliveries wait for a minute or longer before they are begun',
    severity: 'warning',
    source: {
      kind: 'metric',
      metric: 'function',
      name: 'FunctionAsyncMessageLatencyMax',
      statistics: 'Value',
      of: ['precheck-run-check', 'precheck-notify'],
      threshold: 60_000,
      periodSeconds: 60,
      periods: 5,
    },
  },
  {
    name: 'results-waiting',
    meaning: 'Results are not taken off their queue',
    severity: 'critical',
    source: {
      kind: 'metric',
      metric: 'queue',
      name: 'ActiveMessages',
      statistics: 'Maximum',
      of: [queueNames.results],
      threshold: 500,
      periodSeconds: 300,
      periods: 3,
    },
  },
  {
    name: 'prechecks-timed-out',
    meaning: 'Prechecks are ended by their deadline, with items that have no result',
    severity: 'warning',
    source: lines(...event('precheck.completed', { is: { endedBy: 'deadline' } }), {
      windowMinutes: 15,
      raisedBy: 'n >= 5',
    }),
  },
  {
    name: 'deliveries-dead',
    meaning: 'A receiver did not take an event for a day, and it was given up',
    severity: 'warning',
    source: lines(...event('delivery.dead'), { windowMinutes: 15, raisedBy: 'n >= 1' }),
  },
  {
    name: 'webhook-stopped',
    meaning: 'A receiver answered 410, and is called no more',
    severity: 'warning',
    source: lines(...event('webhook.stopped'), { windowMinutes: 15, raisedBy: 'n >= 1' }),
  },
]

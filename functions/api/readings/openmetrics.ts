import type { Measured } from '../../../shared/flows/metrics.ts'
import { allOperations } from '../../../shared/model/operation.ts'
import { Outcome } from '../../../shared/model/outcome.ts'
import { Verdict } from '../../../shared/model/readiness.ts'
import type { FleetMember } from '../../../shared/model/standing.ts'
import type { Webhook } from '../../../shared/webhooks/model/webhook.ts'

/** Instances of a fleet that have series of their own; those of a larger one are counted together. */
export const maxOwnSeries = 2000

/** Tags that have series of their own: those of the most instances. */
const maxTags = 200

type Labels = Readonly<Record<string, string>>
type Sample = readonly [labels: Labels, value: number]

/** A metric with its samples. Names without the prefix, units at their end. */
interface Metric {
  readonly name: string
  readonly type: 'gauge' | 'counter'
  readonly help: string
  readonly samples: readonly Sample[]
}

/** What the process knows of itself, in seconds and bytes. */
export interface ProcessUse {
  readonly cpuSeconds: number
  readonly residentBytes: number
  readonly startedAtSeconds: number
}

const prefix = 'backup_precheck_'

const escapedValue = (text: string): string =>
  text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')

const labelsText = (labels: Labels): string => {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapedValue(value)}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

const linesOf = ({ name, type, help, samples }: Metric, own = prefix): string[] => [
  `# TYPE ${own}${name} ${type}`,
  `# HELP ${own}${name} ${help}`,
  ...samples.map(
    ([labels, value]) => `${own}${name}${type === 'counter' ? '_total' : ''}${labelsText(labels)} ${value}`,
  ),
]

const metricOf =
  (type: Metric['type']) =>
  (name: string, help: string, samples: readonly Sample[]): Metric => ({ name, type, help, samples })

const gauge = metricOf('gauge')
const counter = metricOf('counter')

const secondsOf = (time: string): number => Date.parse(time) / 1000

/** The series of each instance. */
const ofInstances = (fleet: readonly FleetMember[]): Metric[] => {
  const known = fleet.flatMap(({ id, engine, region, last }) =>
    last ? { last, labels: { instance_id: id, engine, region } } : [],
  )
  const measured = known.flatMap(({ last: { measures }, labels }) => (measures ? { measures, labels } : []))
  return [
    gauge(
      'outcome',
      'Outcome of the last result: 0 passed, 1 warning, 2 failed, 3 inconclusive.',
      known.map(({ last, labels }) => [labels, Outcome.options.indexOf(last.outcome)]),
    ),
    gauge(
      'last_result_timestamp_seconds',
      'When the last result was there.',
      known.map(({ last, labels }) => [labels, secondsOf(last.completedAt)]),
    ),
    gauge(
      'operation_verdict',
      'Whether an operation is safe: 0 ready, 1 degraded, 2 unknown, 3 blocked.',
      measured.flatMap(({ measures, labels }) =>
        allOperations.map((operation, index): Sample => {
          const verdict = measures.verdicts[index] ?? 'unknown'
          return [{ ...labels, operation }, Verdict.options.indexOf(verdict)]
        }),
      ),
    ),
    gauge(
      'findings',
      'Findings of the last result.',
      measured.flatMap(({ measures, labels }) =>
        (['failed', 'error', 'warning'] as const).map((level, index): Sample => [
          { ...labels, level },
          measures.findings[index] ?? 0,
        ]),
      ),
    ),
    gauge(
      'duration_seconds',
      'How long the last precheck took.',
      measured.map(({ measures, labels }) => [labels, measures.durationMs / 1000]),
    ),
    gauge(
      'exposure_seconds',
      'Work that would have been lost of the worst database when the last precheck looked.',
      measured.flatMap(({ measures: { exposureMinutes }, labels }): Sample[] =>
        exposureMinutes === null ? [] : [[labels, exposureMinutes * 60]],
      ),
    ),
  ]
}

const outcomeIn = ({ last }: FleetMember): string => last?.outcome ?? 'none'

/** Counts what has the same labels. */
const counted = (all: readonly Labels[]): Sample[] => {
  const counts = new Map<string, { readonly labels: Labels; readonly count: number }>()
  for (const labels of all) {
    const key = JSON.stringify(labels)
    counts.set(key, { labels, count: (counts.get(key)?.count ?? 0) + 1 })
  }
  return [...counts.values()].map(({ labels, count }) => [labels, count])
}

const tagsOf = ({ tags }: FleetMember): string[] =>
  Object.entries(tags).map(([key, value]) => `${key}:${value}`)

/** The tags that most instances have. */
const commonTags = (fleet: readonly FleetMember[]): ReadonlySet<string> => {
  const all = counted(fleet.flatMap((member) => tagsOf(member).map((tag) => ({ tag }))))
  const most = all.toSorted(([, one], [, other]) => other - one).slice(0, maxTags)
  return new Set(most.map(([{ tag = '' }]) => tag))
}

/** The series of the fleet, however many instances there are. */
const ofFleet = (fleet: readonly FleetMember[]): Metric[] => {
  const tags = commonTags(fleet)
  return [
    gauge(
      'instances',
      'Instances by engine, region and the outcome of their last result; none: there is no result.',
      counted(
        fleet.map((member) => ({ engine: member.engine, region: member.region, outcome: outcomeIn(member) })),
      ),
    ),
    gauge(
      'tagged_instances',
      'Instances by tag and the outcome of their last result.',
      counted(
        fleet.flatMap((member) =>
          tagsOf(member).flatMap((tag) => (tags.has(tag) ? { tag, outcome: outcomeIn(member) } : [])),
        ),
      ),
    ),
    gauge('running_prechecks', 'Prechecks that run.', [
      [{}, fleet.filter(({ runningId }) => runningId !== null).length],
    ]),
  ]
}

const ofSweep = ({ sweep }: Measured): Metric[] =>
  sweep === null
    ? []
    : [
        gauge('sweep_started_timestamp_seconds', 'When the sweep that began last did.', [
          [{ kind: sweep.kind }, secondsOf(sweep.startedAt)],
        ]),
        gauge('sweep_running', 'Whether it runs still.', [[{}, sweep.state === 'running' ? 1 : 0]]),
        gauge(
          'sweep_instances',
          'What became of the instances in it, once it has ended.',
          Object.entries(sweep.counts ?? {}).map(([status, count]) => [{ status }, count]),
        ),
      ]

const webhookState = ({ definition, stopped }: Webhook): string => {
  if (!definition.enabled) return 'disabled'
  return stopped ? 'stopped' : 'active'
}

const ofWebhooks = ({ webhooks }: Measured): Metric[] => [
  gauge(
    'webhooks',
    'Webhooks by state; stopped: the receiver said that it is gone.',
    counted(webhooks.map(({ webhook }) => ({ state: webhookState(webhook) }))),
  ),
  counter(
    'webhook_deliveries',
    'Deliveries that have ended; dead: given up.',
    webhooks.flatMap(({ webhook: { id: webhook_id }, delivered, dead }): Sample[] => [
      [{ webhook_id, outcome: 'delivered' }, delivered],
      [{ webhook_id, outcome: 'dead' }, dead],
    ]),
  ),
]

const ofQueues = ({ queues }: Measured): Metric[] => [
  gauge(
    'queue_messages',
    'Messages in a queue by state; those of notifications are the deliveries that have not ended.',
    queues.flatMap(({ queue, waiting, taken, delayed }) =>
      Object.entries({ waiting, taken, delayed }).map(([state, count]): Sample => [{ queue, state }, count]),
    ),
  ),
  gauge(
    'queue_oldest_age_seconds',
    'For how long the oldest message that waits could have been delivered; 0: none waits.',
    queues.flatMap(({ queue, oldestWaitsMs }): Sample[] =>
      oldestWaitsMs === null ? [] : [[{ queue }, oldestWaitsMs / 1000]],
    ),
  ),
]

const ofProcess = ({ cpuSeconds, residentBytes, startedAtSeconds }: ProcessUse): Metric[] => [
  counter('cpu_seconds', 'CPU time.', [[{}, cpuSeconds]]),
  gauge('resident_memory_bytes', 'Resident memory.', [[{}, residentBytes]]),
  gauge('start_time_seconds', 'When the process was started.', [[{}, startedAtSeconds]]),
]

/** What is measured, as OpenMetrics 1.0. A metric without a sample is left out. */
export const openMetricsOf = (measured: Measured, use: ProcessUse): string => {
  const { fleet } = measured
  const own = fleet.length <= maxOwnSeries ? ofInstances(fleet) : []
  const metrics = [
    ...ofFleet(fleet),
    ...own,
    ...ofSweep(measured),
    ...ofWebhooks(measured),
    ...ofQueues(measured),
  ]
  return [
    ...metrics.filter(({ samples }) => samples.length > 0).flatMap((metric) => linesOf(metric)),
    ...ofProcess(use).flatMap((metric) => linesOf(metric, 'process_')),
    '# EOF',
    '',
  ].join('\n')
}

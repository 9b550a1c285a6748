import { describe, expect, it } from 'vitest'
import { maxOwnSeries, openMetricsOf } from '../../../functions/api/readings/openmetrics.ts'
import type { FleetMember } from '../../../shared/model/standing.ts'
import { standingOf } from '../../../shared/model/standing.ts'
import { sweepCountsOf } from '../../../shared/model/sweep.ts'
import { webhookOf } from '../../support/delivery-world.ts'
import { completedOf, itemResult, riskyDatabase, simpleDatabase } from '../../support/completed-prechecks.ts'

const last = standingOf(
  completedOf({ results: [itemResult([simpleDatabase('HR'), riskyDatabase('Sales')])] }),
)

const member = (id: string, changes: Partial<FleetMember> = {}): FleetMember => ({
  id,
  engine: 'sqlserver',
  region: 'cn-hangzhou',
  tags: {},
  enabled: true,
  runningId: null,
  last,
  ...changes,
})

const use = { cpuSeconds: 1.5, residentBytes: 1000, startedAtSeconds: 2000 }
const nothing = { fleet: [], sweep: null, webhooks: [], queues: [] }
const textOf = (fleet: readonly FleetMember[]): string => openMetricsOf({ ...nothing, fleet }, use)
const linesOf = (...fleet: readonly FleetMember[]): string[] => textOf(fleet).split('\n')

describe('the metrics', () => {
  it('say of each instance how it stands by its last result', () => {
    const about = 'instance_id="a",engine="sqlserver",region="cn-hangzhou"'
    const lines = linesOf(member('a'), member('new', { last: null, runningId: last.precheckId }))
    expect(lines).toEqual(
      expect.arrayContaining([
        `backup_precheck_outcome{${about}} 2`,
        `backup_precheck_last_result_timestamp_seconds{${about}} ${Date.parse(last.completedAt) / 1000}`,
        `backup_precheck_operation_verdict{${about},operation="full"} 0`,
        `backup_precheck_operation_verdict{${about},operation="log"} 1`,
        `backup_precheck_findings{${about},level="failed"} 1`,
        `backup_precheck_findings{${about},level="warning"} 1`,
        `backup_precheck_duration_seconds{${about}} 9`,
        'backup_precheck_instances{engine="sqlserver",region="cn-hangzhou",outcome="none"} 1',
        'backup_precheck_running_prechecks 1',
        'process_cpu_seconds_total 1.5',
      ]),
    )
    expect(lines.slice(-2)).toEqual(['# EOF', ''])
    expect(lines.join('\n')).not.toContain('instance_id="new"')
  })

  it('say what would be lost, what became of the last sweep, and how the webhooks are', () => {
    const exposed = { ...last, measures: { ...last.measures!, exposureMinutes: 90 } }
    const counts = { ...sweepCountsOf({ passed: 3, not_run: 1 }) }
    const sweep = {
      id: '2026-11-21',
      kind: 'nightly',
      state: 'completed',
      filter: {},
      listing: null,
      startedAt: '2026-11-21T02:00:00.000Z',
      completedAt: '2026-11-21T03:00:00.000Z',
      counts,
    } as const
    const stopped = { ...webhookOf(2), stopped: { at: sweep.startedAt, code: 'GONE' } } as const
    const webhooks = [
      { webhook: webhookOf(1), delivered: 7, dead: 2 },
      { webhook: stopped, delivered: 0, dead: 0 },
    ]
    const measured = { ...nothing, fleet: [member('a', { last: exposed })], sweep, webhooks }
    const lines = openMetricsOf(measured, use).split('\n')
    expect(lines).toEqual(
      expect.arrayContaining([
        'backup_precheck_exposure_seconds{instance_id="a",engine="sqlserver",region="cn-hangzhou"} 5400',
        `backup_precheck_sweep_started_timestamp_seconds{kind="nightly"} ${Date.parse(sweep.startedAt) / 1000}`,
        'backup_precheck_sweep_running 0',
        'backup_precheck_sweep_instances{status="passed"} 3',
        'backup_precheck_webhooks{state="active"} 1',
        'backup_precheck_webhooks{state="stopped"} 1',
        `backup_precheck_webhook_deliveries_total{webhook_id="${webhookOf(1).id}",outcome="delivered"} 7`,
        `backup_precheck_webhook_deliveries_total{webhook_id="${webhookOf(1).id}",outcome="dead"} 2`,
        // From the first scrape on, so that the first one that is given up is an increase.
        `backup_precheck_webhook_deliveries_total{webhook_id="${webhookOf(2).id}",outcome="dead"} 0`,
      ]),
    )
  })

  it('say how many messages are in the queues, and how long the oldest waits where the queue tells', () => {
    const queues = [
      { queue: 'checks', waiting: 3, taken: 2, delayed: 1, oldestWaitsMs: 1500 },
      { queue: 'results', waiting: 4, taken: 0, delayed: 0, oldestWaitsMs: null },
    ] as const
    const lines = openMetricsOf({ ...nothing, queues }, use).split('\n')
    expect(lines.filter((line) => line.startsWith('backup_precheck_queue_'))).toEqual([
      'backup_precheck_queue_messages{queue="checks",state="waiting"} 3',
      'backup_precheck_queue_messages{queue="checks",state="taken"} 2',
      'backup_precheck_queue_messages{queue="checks",state="delayed"} 1',
      'backup_precheck_queue_messages{queue="results",state="waiting"} 4',
      'backup_precheck_queue_messages{queue="results",state="taken"} 0',
      'backup_precheck_queue_messages{queue="results",state="delayed"} 0',
      'backup_precheck_queue_oldest_age_seconds{queue="checks"} 1.5',
    ])
  })

  it('leave out what a release before did not measure', () => {
    const { measures: _, ...before } = last
    const lines = linesOf(member('a', { last: before })).filter((line) => line.startsWith('backup_precheck_'))
    expect(lines.map((line) => line.split('{')[0])).toEqual([
      'backup_precheck_instances',
      'backup_precheck_running_prechecks 0',
      'backup_precheck_outcome',
      'backup_precheck_last_result_timestamp_seconds',
    ])
  })

  it('count the instances of a large fleet, by the tags that most of them have', () => {
    const fleet = Array.from({ length: maxOwnSeries + 1 }, (_, index) =>
      member(`i${index}`, { tags: { team: 'orders', own: `tag ${index}` } }),
    )
    const text = textOf(fleet)
    expect(text).not.toContain('instance_id')
    expect(text).toContain(`{engine="sqlserver",region="cn-hangzhou",outcome="failed"} ${fleet.length}`)
    expect(text).toContain(
      `backup_precheck_tagged_instances{tag="team:orders",outcome="failed"} ${fleet.length}`,
    )
    expect(text.split('\n').length).toBeLessThan(250)
    expect(textOf(fleet.slice(1))).toContain('instance_id="i1"')
  })

  it('hold whatever a tag may be', () => {
    const line = linesOf(member('a', { tags: { 'a"\\\n': 'x' } })).find((each) =>
      each.includes('tagged_instances{'),
    )
    expect(line).toBe('backup_precheck_tagged_instances{tag="a\\"\\\\\\n:x",outcome="failed"} 1')
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { recoveryModelSteps } from '../../../shared/checks/sqlserver/recovery-model-steps.ts'
import type { Sweep } from '../../../shared/model/sweep.ts'
import { EventId } from '../../../shared/webhooks/model/delivery.ts'
import type { PrecheckData } from '../../../shared/webhooks/events/event-data.ts'
import { eventIdOf } from '../../../shared/webhooks/events/event-id.ts'
import {
  WebhookEvent,
  nightEvent,
  precheckEvent,
  sampleEvent,
  sweepEvent,
} from '../../../shared/webhooks/events/event.ts'
import { allResults } from '../../support/arbitraries.ts'
import {
  acknowledgementOf,
  completedOf,
  itemResult,
  lastOf,
  riskyDatabase,
  simpleDatabase,
  undeterminedItem,
} from '../../support/completed-prechecks.ts'
import { detailsOf, entryOf } from '../../support/nights.ts'
import { propertyRuns } from '../../support/property-runs.ts'

const sweep: Sweep = {
  id: '2026-11-21',
  kind: 'nightly',
  state: 'completed',
  filter: {},
  listing: null,
  startedAt: '2026-11-20T18:00:00.000Z',
  completedAt: '2026-11-20T20:00:00.000Z',
  counts: {
    waiting: 0,
    started: 9,
    running: 0,
    passed: 5,
    warning: 1,
    failed: 2,
    inconclusive: 1,
    notRun: 1,
  },
  troubled: { failed: ['orders-1', 'orders-2'], inconclusive: ['hr'], notRun: ['billing'] },
}

const dataOf = (event: WebhookEvent): PrecheckData => {
  if (event.data.kind !== 'precheck') throw new Error(`unexpected ${event.data.kind}`)
  return event.data
}

describe('the id of an event', () => {
  const source = { kind: 'precheck', precheckId: `pc_${'1'.repeat(32)}`, type: 'precheck.failed' } as const
  const at = '2026-11-21T02:00:09.000Z'

  it('is the same however often it is delivered, and in whatever order the source was written', () => {
    const turned = { type: source.type, precheckId: source.precheckId, kind: source.kind }
    expect(eventIdOf(turned, at)).toBe(eventIdOf(source, at))
    expect(EventId.safeParse(eventIdOf(source, at)).success).toBe(true)
  })

  it('differs by what happened', () => {
    const ids = [
      eventIdOf(source, at),
      eventIdOf({ ...source, type: 'precheck.recovered' }, at),
      eventIdOf({ ...source, precheckId: `pc_${'2'.repeat(32)}` }, at),
      eventIdOf({ kind: 'sweep', sweepId: '2026-11-21' }, at),
      eventIdOf({ kind: 'night', sweepId: '2026-11-21', type: 'night.digest' }, at),
      eventIdOf({ kind: 'night', sweepId: '2026-11-21', type: 'precheck.missed' }, at),
      eventIdOf({ kind: 'sample', at }, at),
    ]
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('sorts by time', () => {
    const times = fc.date({ min: new Date('2000-01-01'), max: new Date('2200-01-01'), noInvalidDate: true })
    fc.assert(
      fc.property(times, times, (one, other) => {
        fc.pre(one.getTime() < other.getTime())
        const idOf = (time: Date) => eventIdOf(source, time.toISOString())
        expect(idOf(one) < idOf(other)).toBe(true)
      }),
    )
  })
})

describe('the event of a precheck', () => {
  const night = {
    results: [
      itemResult([simpleDatabase('Sales'), simpleDatabase('HR'), riskyDatabase('Ledger')]),
      undeterminedItem(),
    ],
    acknowledgements: [acknowledgementOf('HR')],
  }
  const before = { results: [itemResult([simpleDatabase('Sales'), simpleDatabase('Old')])] }

  it('says what is blocked, why, since when and how to fix it', () => {
    const event = precheckEvent(lastOf(before, night), 'precheck.failed', 'en')
    expect(WebhookEvent.parse(event)).toEqual(event)
    expect(event).toMatchObject({
      specversion: '1.0',
      source: 'urn:backup-precheck',
      type: 'precheck.failed',
      subject: 'instances/db1',
      time: '2026-11-22T02:00:09.000Z',
    })
    const data = dataOf(event)
    expect(data).toMatchObject({ outcome: 'failed', previousOutcome: 'failed', instanceId: 'db1' })
    expect(data.totals).toEqual({ blocked: 2, findings: 3, undetermined: 1, resolved: 1 })
    expect(data.blocked[0]).toEqual({
      object: { type: 'database', name: 'Sales' },
      operations: ['incremental', 'log'],
    })
    expect(data.findings.map(({ object, level, change }) => [object.name, level, change])).toEqual([
      ['Sales', 'failed', 'still'],
      ['Ledger', 'warning', 'new'],
      ['HR', 'warning', 'acknowledged'],
    ])
    expect(data.findings[0]).toMatchObject({
      since: '2026-11-21T02:00:00.000Z',
      text: 'Sales uses the SIMPLE recovery model, which rules out: incremental backup, log backup. Set it to FULL, then take a full backup.',
      blocks: ['incremental', 'log'],
      fix: [
        {
          language: 'tsql',
          command: 'ALTER DATABASE [Sales] SET RECOVERY FULL;',
          risk: 'online',
          needs: 'ALTER ANY DATABASE',
          text: 'Set the recovery model of Sales to FULL.',
        },
        { language: 'manual', command: null, needsText: 'administrator of the backup plans' },
      ],
      moreSteps: 0,
    })
    expect(data.undetermined[0]?.change).toBe('new')
    expect(data.undetermined[0]?.text).toBe('The check item did not finish within 20000 ms.')
    expect(data.resolved.map(({ object }) => object.name)).toEqual(['Old'])
    expect(data.links.precheck).toBe(`/v1/prechecks/${data.precheckId}`)
  })

  it('speaks Chinese to who asks for it', () => {
    const data = dataOf(precheckEvent(lastOf(before, night), 'precheck.failed', 'zh'))
    expect([data.findings[0]?.text, data.undetermined[0]?.text]).toEqual([
      expect.stringContaining('处于简单（SIMPLE）恢复模式'),
      expect.stringContaining('未能在 20000 毫秒'),
    ])
  })

  it('says that a finding counts again after its acknowledgement has ended', () => {
    const findings = [simpleDatabase('HR')]
    const accepted = { results: [itemResult(findings)], acknowledgements: [acknowledgementOf('HR')] }
    const data = dataOf(
      precheckEvent(lastOf(accepted, { results: [itemResult(findings)] }), 'precheck.failed', 'en'),
    )
    expect(data.findings.map(({ change }) => change)).toEqual(['returned'])
  })

  it('leaves a command out rather than cutting it', () => {
    const finding = simpleDatabase('Sales')
    const steps = [
      ...finding.remediation!.steps,
      recoveryModelSteps.setFull({ database: 'x'.repeat(2000) }),
      ...finding.remediation!.steps,
    ]
    const precheck = completedOf({
      results: [itemResult([{ ...finding, remediation: { steps, verify: null, changes: {} } }])],
    })
    const [told] = dataOf(precheckEvent(precheck, 'precheck.failed', 'en')).findings
    expect([told?.fix.map(({ command }) => command), told?.moreSteps]).toEqual([
      finding.remediation!.steps.map(({ command }) => command),
      3,
    ])
  })

  it('holds every finding that is no note, each once, while there is room', () => {
    fc.assert(
      fc.property(allResults, allResults, (one, other) => {
        const precheck = lastOf({ results: one }, { results: other })
        const { findings, totals } = dataOf(precheckEvent(precheck, 'precheck.completed', 'en'))
        const expected = precheck.results.flatMap((result) =>
          result.findings.filter(({ level }) => level !== 'note'),
        )
        expect(totals.findings).toBe(expected.length)
        expect(findings.map(({ fingerprint }) => fingerprint).sort()).toEqual(
          expected.map(({ fingerprint }) => fingerprint).sort(),
        )
      }),
    )
  })

  it('stays under 20 KB whatever was found, is of its shape, and says how much there is', () => {
    const names = fc.uniqueArray(fc.string({ unit: 'binary', minLength: 1, maxLength: 128 }), {
      maxLength: 120,
    })
    fc.assert(
      fc.property(names, names, fc.constantFrom('en', 'zh'), (gone, found, locale) => {
        const nights = [gone, found].map((list) => ({
          results: [itemResult(list.map((name) => simpleDatabase(name))), undeterminedItem()],
        }))
        const event = precheckEvent(lastOf(...nights), 'precheck.failed', locale)
        const json = JSON.stringify(event)
        expect(Buffer.byteLength(json)).toBeLessThanOrEqual(20_000)
        expect(WebhookEvent.safeParse(JSON.parse(json)).success).toBe(true)
        const { totals, findings } = dataOf(event)
        expect(totals.findings).toBe(found.length)
        expect(findings.length).toBeLessThanOrEqual(Math.min(50, found.length))
      }),
      { numRuns: propertyRuns(30) },
    )
  })

  it('makes use of the room that there is', () => {
    const many = Array.from({ length: 500 }, (_, index) => simpleDatabase(`Tenant_${index}`))
    const event = precheckEvent(completedOf({ results: [itemResult(many)] }), 'precheck.failed', 'en')
    expect(Buffer.byteLength(JSON.stringify(event))).toBeGreaterThan(15_000)
    expect(dataOf(event).findings.length).toBeGreaterThan(15)
  })
})

describe('the event of a sweep', () => {
  it('gives its counts and where it stands', () => {
    const event = sweepEvent(sweep, 'en')
    expect(WebhookEvent.parse(event)).toEqual(event)
    expect(event).toMatchObject({
      type: 'sweep.completed',
      subject: 'sweeps/2026-11-21',
      time: sweep.completedAt,
      data: {
        counts: sweep.counts,
        troubled: sweep.troubled,
        links: { sweep: '/v1/sweeps/2026-11-21' },
      },
    })
  })
})

describe('a sample', () => {
  it.each(['en', 'zh'] as const)('is an event that says that it is one (%s)', (locale) => {
    const event = sampleEvent('2026-11-21T02:00:00.000Z', locale)
    expect(WebhookEvent.parse(event)).toEqual(event)
    expect(event.type).toBe('webhook.sample')
    expect(event.data).toMatchObject({ kind: 'sample', example: { instanceId: 'sample-instance' } })
    expect(JSON.stringify(event)).toContain(locale === 'en' ? 'This is a sample' : '示例消息')
  })
})

describe('the event of a night', () => {
  it('names what is news first, counts all, and stays small enough to be sent', () => {
    const names = Array.from({ length: 300 }, (_, index) => `instance-${String(index).padStart(3, '0')}`)
    const entries = names.map((name, index) =>
      entryOf(name, 'failed', index % 100 === 99 ? { change: 'changed' } : {}),
    )
    const event = nightEvent(detailsOf(entries), 'zh')
    expect(WebhookEvent.parse(event)).toEqual(event)
    expect(Buffer.byteLength(JSON.stringify(event))).toBeLessThanOrEqual(20_000)
    const { data } = event
    if (data.kind !== 'night') throw new Error(`unexpected ${data.kind}`)
    expect([data.counts.failed, data.totals]).toEqual([300, { troubled: 300, changed: 3, recovered: 0 }])
    expect(data.troubled.slice(0, 4).map(({ instanceId, change }) => [instanceId, change])).toEqual([
      ['instance-099', 'new'],
      ['instance-199', 'new'],
      ['instance-299', 'new'],
      ['instance-000', 'still'],
    ])
  })

  it('tells of an instance whose precheck is not stored any more what the night knows', () => {
    const event = nightEvent({ ...detailsOf([entryOf('db1', 'failed')]), prechecks: new Map() }, 'en')
    const told = { instanceId: 'db1', status: 'failed', precheckId: null, worst: null, since: null }
    expect(event.data).toMatchObject({ troubled: [told] })
  })
})

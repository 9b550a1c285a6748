import { describe, expect, it } from 'vitest'
import { announcingPrechecks, announceSweep } from '../../../shared/webhooks/delivery/announce.ts'
import { collectResults } from '../../../shared/flows/prechecks/collect-results.ts'
import type { CompletedPrecheck, Precheck, RunningPrecheck } from '../../../shared/model/precheck.ts'
import type { ResultMessage } from '../../../shared/model/queue-messages.ts'
import type { Sweep } from '../../../shared/model/sweep.ts'
import type { NotificationMessage } from '../../../shared/webhooks/model/delivery.ts'
import type { Webhook } from '../../../shared/webhooks/model/webhook.ts'
import { DocumentTooLarge } from '../../../shared/ports/results.ts'
import { pageOf } from '../../support/stores.ts'
import { completedOf, itemResult, lastOf, simpleDatabase } from '../../support/completed-prechecks.ts'
import { failedPrecheck, webhookOf } from '../../support/delivery-world.ts'
import { Died, type Life, mortal } from '../../support/mortal.ts'
import { silent } from '../../support/log.ts'
import { noMemory } from '../../support/no-memory.ts'
import { clocksAt } from '../../support/clocks.ts'

interface Sent {
  readonly messages: readonly NotificationMessage[]
  readonly delaySeconds: number | undefined
}

/** What announces, and what it sent. */
const announcer = (webhooks: readonly Webhook[]) => {
  const sent: Sent[] = []
  let lists = 0
  return {
    sent,
    lists: () => lists,
    webhooks: {
      list: async () => {
        lists += 1
        return pageOf(webhooks)
      },
    },
    notifications: {
      send: async (
        messages: readonly NotificationMessage[],
        { delaySeconds }: { delaySeconds?: number } = {},
      ) => {
        sent.push({ messages, delaySeconds })
      },
    },
  }
}

const precheck = failedPrecheck()

const ofPrecheck = (number: number, type: 'precheck.failed' | 'precheck.completed'): NotificationMessage => ({
  webhookId: webhookOf(number).id,
  source: { kind: 'precheck', precheckId: precheck.id, type },
  attempts: 0,
})

describe('a precheck that ends', () => {
  it('is announced to every webhook once, as the most important event that it asks for', async () => {
    const deps = announcer([
      webhookOf(1),
      webhookOf(2, { events: ['precheck.completed', 'precheck.recovered'] }),
      webhookOf(3, { events: ['precheck.completed', 'precheck.failed', 'sweep.completed'] }),
      webhookOf(4, { events: ['sweep.completed'] }),
      webhookOf(5, { enabled: false }),
      webhookOf(6, { filter: { engine: 'oracle' } }),
    ])
    await announcingPrechecks(deps)(precheck)
    expect(deps.sent).toEqual([
      {
        messages: [
          ofPrecheck(1, 'precheck.failed'),
          ofPrecheck(2, 'precheck.completed'),
          ofPrecheck(3, 'precheck.failed'),
        ],
        delaySeconds: 1,
      },
    ])
  })

  it.each<[string, readonly Webhook[], CompletedPrecheck]>([
    ['there are no webhooks', [], precheck],
    ['nobody asks for it', [webhookOf(1, { events: ['precheck.recovered'] })], precheck],
    [
      'nothing has changed',
      [webhookOf(1)],
      lastOf(
        { results: [itemResult([simpleDatabase('Sales')])] },
        { results: [itemResult([simpleDatabase('Sales')])] },
      ),
    ],
    [
      'it is partial',
      [webhookOf(1)],
      completedOf({ results: [itemResult([simpleDatabase('Sales')])], over: { scope: 'partial' } }),
    ],
  ])('is announced to nobody, with nothing sent, when %s', async (_, webhooks, ended) => {
    const deps = announcer(webhooks)
    await announcingPrechecks(deps)(ended)
    expect([deps.sent, deps.lists()]).toEqual([[], 1])
  })

  it('is announced after one look at the webhooks for all that end together', async () => {
    const deps = announcer([webhookOf(1)])
    const announce = announcingPrechecks(deps)
    await Promise.all([announce(precheck), announce(precheck)])
    expect([deps.sent.length, deps.lists()]).toEqual([2, 1])
  })
})

describe('a sweep that ends', () => {
  const sweep: Sweep = {
    id: '2026-11-21',
    kind: 'nightly',
    state: 'completed',
    filter: {},
    listing: null,
    startedAt: '2026-11-20T18:00:00.000Z',
    completedAt: '2026-11-21T02:00:09.000Z',
    counts: null,
  }

  it('is announced to those who ask for it', async () => {
    const deps = announcer([webhookOf(1), webhookOf(2, { events: ['precheck.failed'] })])
    await announceSweep(deps, sweep, false)
    const source = { kind: 'sweep', sweepId: '2026-11-21' }
    expect(deps.sent).toEqual([
      { messages: [{ webhookId: webhookOf(1).id, source, attempts: 0 }], delaySeconds: 1 },
    ])
  })

  it('is announced as the digest of a night, which one that somebody asked for is not', async () => {
    const deps = announcer([webhookOf(1, { events: ['night.digest'] })])
    await announceSweep(deps, { ...sweep, kind: 'requested' }, true)
    expect(deps.sent).toEqual([])
    await announceSweep(deps, sweep, false)
    const source = { kind: 'night', sweepId: '2026-11-21', type: 'night.digest' }
    expect(deps.sent[0]?.messages).toEqual([{ webhookId: webhookOf(1).id, source, attempts: 0 }])
  })

  it('is announced to nobody, with nothing sent, when nobody asks', async () => {
    const deps = announcer([webhookOf(2, { events: ['precheck.failed'] })])
    await announceSweep(deps, sweep, false)
    expect(deps.sent).toEqual([])
  })
})

/** The collector over one precheck that waits for its last result. */
const collector = (webhooks: readonly Webhook[], maxFindings = Number.POSITIVE_INFINITY) => {
  const { state: _, outcome: __, comparison: ___, completedAt: ____, ...plan } = precheck
  const running: RunningPrecheck = { ...plan, state: 'running', results: [] }
  const announced = announcer(webhooks)
  let stored: { precheck: Precheck; revision: number } = { precheck: running, revision: 1 }
  const write = async (next: Precheck, revision: number): Promise<boolean> => {
    if (next.results.some(({ findings }) => findings.length > maxFindings)) throw new DocumentTooLarge()
    if (stored.revision !== revision) return false
    stored = { precheck: next, revision: revision + 1 }
    return true
  }
  const results = {
    get: async () => stored,
    previous: async () => null,
    advance: write,
    complete: write,
    putPages: async () => {},
    getPage: async () => null,
  }
  const resultQueue = { send: async () => {} }
  const message: ResultMessage = { kind: 'result', precheckId: precheck.id, result: precheck.results[0]! }
  return {
    announced,
    stored: () => stored.precheck,
    collect: (life: Life = { calls: Number.POSITIVE_INFINITY, dies: 'before' }) =>
      collectResults(
        {
          ...noMemory,
          results: mortal(results, life),
          replicaHistories: {
            list: () => Promise.reject(new Error('no result tells of replicas')),
            update: () => Promise.reject(new Error('no result tells of replicas')),
          },
          protections: { update: () => Promise.reject(new Error('no result tells of backups')) },
          resultQueue,
          webhooks: mortal(announced.webhooks, life),
          notifications: mortal(announced.notifications, life),
          log: silent,
          ...clocksAt(() => Date.parse(precheck.completedAt)),
        },
        [message],
      ),
  }
}

describe('the collector', () => {
  it.each(
    [1, 2, 3, 4, 5].flatMap((calls) => (['before', 'after'] as const).map((dies) => ({ calls, dies }))),
  )('announces a precheck before it ends it, also when it dies $dies its call $calls', async (life) => {
    const { announced, collect, stored } = collector([webhookOf(1)])
    await expect(collect(life)).rejects.toThrow(Died)
    if (stored().state === 'completed') expect(announced.sent).not.toEqual([])
    await collect()
    expect(stored().state).toBe('completed')
    expect(announced.sent[0]?.messages).toEqual([ofPrecheck(1, 'precheck.failed')])
  })

  it('asks for the list of webhooks once, and for nothing else when there are none', async () => {
    const { announced, collect, stored } = collector([])
    await collect()
    expect([stored().state, announced.lists(), announced.sent]).toEqual(['completed', 1, []])
  })

  it('announces what it writes, where there is no room for all of it', async () => {
    const everything = webhookOf(1, { events: ['precheck.warning', 'precheck.failed'] })
    const { announced, collect, stored } = collector([everything], 0)
    await collect()
    expect(stored()).toMatchObject({ outcome: 'inconclusive' })
    expect(announced.sent.at(-1)?.messages).toEqual([ofPrecheck(1, 'precheck.failed')])
  })
})

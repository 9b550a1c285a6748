import { afterEach, beforeEach, describe, expect, it, test } from 'vitest'
import type { Instance } from '../../shared/model/instance.ts'
import type { InstanceProtection } from '../../shared/model/instance-protection.ts'
import type { ReplicaHistory } from '../../shared/model/replica-history.ts'
import type { Policy } from '../../shared/model/policy.ts'
import type { HostSlots } from '../../shared/model/host-slots.ts'
import type { Sweep, SweepClock, SweepEntry, SweepEntryStatus } from '../../shared/model/sweep.ts'
import type { Token } from '../../shared/model/token.ts'
import {
  DocumentContended,
  type DocumentKey,
  type DocumentKind,
  DocumentMalformed,
  type Documents,
  listAll,
} from '../../shared/ports/documents.ts'
import { dueStartKind, scheduleChangeKind } from '../../shared/ports/due-starts.ts'
import type { BackupRecord } from '../../shared/model/backup-record.ts'
import { backupRecordKind } from '../../shared/ports/backup-records.ts'
import type { InstanceMemory } from '../../shared/model/instance-memory.ts'
import { instanceMemoryKind } from '../../shared/ports/instance-memories.ts'
import { instanceKind } from '../../shared/ports/instances.ts'
import { protectionKind } from '../../shared/ports/protections.ts'
import { replicaHistoryKind } from '../../shared/ports/replica-histories.ts'
import { policyKind } from '../../shared/ports/policies.ts'
import { hostSlotsKind } from '../../shared/ports/host-slots.ts'
import { sweepClockKind, sweepEntryKind, sweepKind } from '../../shared/ports/sweeps.ts'
import { tokenKind } from '../../shared/ports/tokens.ts'
import type { WebhookDelivery } from '../../shared/webhooks/model/delivery.ts'
import type { WebhookTraffic } from '../../shared/webhooks/model/traffic.ts'
import { type Webhook, WebhookDefinition } from '../../shared/webhooks/model/webhook.ts'
import { deliveryKind, trafficKind, webhookKind } from '../../shared/webhooks/stores.ts'
import { definitionOf } from '../support/context.ts'
import { identity, remembered, seen as identitiesSeen } from '../support/facts/memory.ts'

/** A store of documents under contract. */
export interface StoreUnderTest {
  readonly documents: <Document extends object, Key extends DocumentKey>(
    kind: DocumentKind<Document, Key>,
  ) => Documents<Document, Key>
  /** Puts a text in the place of a document that is stored, past the adapter. */
  readonly spoil: (
    kind: Pick<DocumentKind<never>, 'table' | 'keyColumns'>,
    key: string,
    text: string,
  ) => Promise<void>
  readonly close: () => Promise<void>
}

const at = '2026-11-21T02:00:00.000Z'
const webhookId = `wh_${'1'.repeat(16)}`
const night = '2026-11-21'
const otherNight = '2026-11-22'

const tokenOf = (number: number, name = `token ${number} 运维`): Token => ({
  id: number.toString(16).padStart(16, '0'),
  name,
  scope: 'run',
  secretHash: 'a'.repeat(64),
  createdAt: at,
})

const instance: Instance = {
  id: 'sql-1',
  // Large enough that a store may want to compress it.
  definition: definitionOf('sqlserver', {
    description: '订单库 <&>"\'',
    requiredDatabases: Array.from({ length: 1000 }, (_, index) => `Tenant_${index}_`.padEnd(128, 'x')),
  }),
  status: 'registered',
  revision: 1,
  registeredAt: at,
  updatedAt: at,
  validatedAt: null,
}

const policy: Policy = {
  name: 'nightly',
  definition: { appliesTo: { tags: { team: '运维' } }, thresholds: { fullBackupMaxAgeHours: 24 } },
  revision: 1,
  updatedAt: at,
}

const fleet = Array.from({ length: 500 }, (_, index) => identity(`库${index}`.padEnd(128, 'x')))
const memoryOf = (databases = fleet): InstanceMemory => {
  const inventory = remembered(identitiesSeen({ databases }))
  return {
    instanceId: 'sql-1',
    precheckId: `pc_${'1'.repeat(32)}`,
    startedAt: at,
    ...(inventory && { inventory }),
    series: [],
  }
}

const replicaHistory: ReplicaHistory = {
  groupId: 'group-1',
  instanceId: 'sql-1',
  asOf: at,
  databases: [{ id: 'database-1', full: 600, incremental: null, log: 15 }],
}

const protection: InstanceProtection = {
  instanceId: 'sql-1',
  engine: 'sqlserver',
  region: 'cn-hangzhou',
  tags: { team: '运维' },
  precheckId: `pc_${'0'.repeat(32)}`,
  asOf: at,
  maxAgeHours: 25,
  state: 'at-risk',
  totals: { 'at-risk': 1, unknown: 0, new: 0, protected: 0 },
  worst: {
    database: '订单 <&>"\'',
    exposureMinutes: 70,
    objectiveMinutes: 60,
    worstExposureMinutes7d: null,
  },
}

const backupRecord: BackupRecord = {
  instanceId: 'sql-1',
  since: at,
  totals: { predictedFailed: 1, predictedSucceeded: 0, missed: 0, clear: 0, unjudged: 0 },
  items: { ARCHIVELOG: { predictedFailed: 1, predictedSucceeded: 0, missed: 0 } },
  latest: [
    {
      id: `bk_${'1'.repeat(16)}`,
      operation: 'full',
      status: 'failed',
      databases: ['订单 <&>"\''],
      error: '磁盘已满 <&>"\'',
      finishedAt: at,
      accuracy: 'predictedFailed',
      precheckId: `pc_${'0'.repeat(32)}`,
      predictedBy: ['ARCHIVELOG'],
    },
  ],
}

const sweepOf = (id: string, changes: Partial<Sweep> = {}): Sweep => ({
  id,
  kind: 'nightly',
  state: 'running',
  filter: { tags: { team: '订单 <&>"\'' } },
  listing: null,
  startedAt: at,
  completedAt: null,
  counts: null,
  ...changes,
})

const clock: SweepClock = {
  through: at,
  walk: { until: at, night: '2026-11-21', after: '1440.sql-7' },
}

const changeOf = (revision: number) => ({ id: 'a', instanceId: 'sql-1', revision, markedAt: at })

const slots: HostSlots = {
  id: 'host.a.example',
  holders: ['a', 'b'].map((digit) => ({
    precheckId: `pc_${digit.repeat(32)}`,
    deadlineAt: '2026-11-21T02:10:00.000Z',
    deadlineOn: { clock: 'one', ms: 12.5 },
  })),
}

const entryOf = (instanceId: string, status: SweepEntryStatus = 'starting', sweepId = night): SweepEntry => ({
  sweepId,
  instanceId,
  precheckId: `pc_${'1'.repeat(32)}`,
  status,
  dueAt: at,
  startedAt: null,
  endedAt: null,
  notRun: { code: 'MAINTENANCE_WINDOW', params: { reason: '补丁 <&>"\'', until: at } },
})

const webhook: Webhook = {
  id: webhookId,
  definition: WebhookDefinition.parse({ url: 'https://receiver.example/hook', description: '运维群 <&>"\'' }),
  secrets: [{ version: 1, until: null }],
  stopped: null,
  revision: 1,
  createdAt: at,
  updatedAt: at,
}

/** Id of an event at `minute`: its time comes first. */
const eventAt = (minute: number, hash = 'a'): string =>
  `evt_${(Date.parse(at) + minute * 60_000).toString(16).padStart(12, '0')}${hash.repeat(20)}`

const failure = { code: 'TIMED_OUT', detail: 'no answer within 10 s 无应答' } as const

const deliveryOf = (eventId: string, state: WebhookDelivery['state'] = 'pending'): WebhookDelivery => ({
  webhookId,
  eventId,
  source: { kind: 'precheck', precheckId: `pc_${'1'.repeat(32)}`, type: 'precheck.failed' },
  state,
  attempts: [{ at, durationMs: 12.5, status: null, failure }],
  attemptsBefore: 0,
  beganAt: at,
  nextAttemptAt: null,
  endedAt: null,
})

const traffic: WebhookTraffic = {
  calls: [{ eventId: eventAt(0), until: at }],
  failures: 2,
  pausedUntil: at,
  revision: 1,
  delivered: 3,
  dead: 1,
}

/** What every store does with the documents of one kind. */
const kindContract = <Document extends object, Key extends DocumentKey>(
  under: () => StoreUnderTest,
  kind: DocumentKind<Document, Key>,
  key: NoInfer<Key>,
  other: NoInfer<Key>,
  document: NoInfer<Document>,
  changes: readonly [NoInfer<Document>, NoInfer<Document>],
): void => {
  describe(`the documents of ${kind.table}`, () => {
    const store = () => under().documents(kind)

    it('are given back as they were written, and how often', async () => {
      expect(await store().get(key)).toBeNull()
      expect(await store().put(key, document, 0)).toBe(true)
      expect(await store().get(key)).toEqual({ document, revision: 1 })
      expect(await store().put(key, changes[0], 1)).toBe(true)
      expect(await store().get(key)).toEqual({ document: changes[0], revision: 2 })
      expect(await store().get(other)).toBeNull()
    })

    it('are changed by the one who saw the last revision', async () => {
      const { get, put } = store()
      expect(await put(key, document, 1)).toBe(false)
      const first = await Promise.all([put(key, document, 0), put(key, document, 0)])
      expect(first.filter(Boolean)).toHaveLength(1)
      const next = await Promise.all(changes.map((change) => put(key, change, 1)))
      expect(next.filter(Boolean)).toHaveLength(1)
      const winner = { document: changes[next.indexOf(true)], revision: 2 }
      expect(await put(key, document, 1)).toBe(false)
      expect(await put(key, document, 0)).toBe(false)
      expect(await get(key)).toEqual(winner)
    })

    it('are removed once, and can be written again', async () => {
      const { get, put, remove } = store()
      await put(key, document, 0)
      expect(await remove(other)).toBe(false)
      expect(await remove(key)).toBe(true)
      expect(await remove(key)).toBe(false)
      expect(await get(key)).toBeNull()
      expect(await put(key, document, 0)).toBe(true)
      expect((await get(key))?.revision).toBe(1)
    })

    it('are listed with their revisions', async () => {
      const { list, put } = store()
      const page = { limit: 5, ...(typeof key !== 'string' && { group: key[0] }) }
      expect(await list(page)).toEqual({ items: [], next: null })
      await put(key, document, 0)
      await put(key, changes[0], 1)
      expect(await list(page)).toEqual({ items: [{ document: changes[0], revision: 2 }], next: null })
    })

    it('are updated from what is stored', async () => {
      const { get, update } = store()
      const seen: unknown[] = []
      const set = (put: Document) =>
        update(key, (known) => {
          seen.push(known)
          return { put, value: seen.length }
        })
      expect(await set(document)).toBe(1)
      expect(await set(changes[0])).toBe(2)
      expect(seen).toEqual([null, document])
      expect(await update(key, () => ({ value: 'left alone' }))).toBe('left alone')
      expect(await get(key)).toEqual({ document: changes[0], revision: 2 })
    })
  })
}

/** What every store of documents does, whatever it stands on. */
export const documentsContract = (name: string, open: () => Promise<StoreUnderTest>): void => {
  describe(`the documents on ${name}`, () => {
    let tested: StoreUnderTest
    const under = () => tested

    beforeEach(async () => {
      tested = await open()
    })
    afterEach(() => tested.close())

    kindContract(under, instanceKind, 'sql-1', 'sql-2', instance, [
      { ...instance, status: 'online' },
      { ...instance, revision: 2 },
    ])
    kindContract(under, tokenKind, tokenOf(1).id, tokenOf(2).id, tokenOf(1), [
      tokenOf(1, 'a'),
      tokenOf(1, 'b'),
    ])
    kindContract(under, policyKind, 'nightly', 'strict', policy, [
      { ...policy, revision: 2 },
      { ...policy, revision: 3 },
    ])
    kindContract(under, instanceMemoryKind, 'sql-1', 'sql-2', memoryOf(), [
      memoryOf(fleet.slice(1)),
      memoryOf([]),
    ])
    kindContract(under, protectionKind, 'sql-1', 'sql-2', protection, [
      { ...protection, state: 'unknown' },
      { ...protection, asOf: '2026-11-22T02:00:00.000Z' },
    ])
    kindContract(under, backupRecordKind, 'sql-1', 'sql-2', backupRecord, [
      { ...backupRecord, latest: [] },
      { ...backupRecord, since: '2026-11-22T02:00:00.000Z' },
    ])
    kindContract(under, replicaHistoryKind, ['group-1', 'sql-1'], ['group-1', 'sql-2'], replicaHistory, [
      { ...replicaHistory, asOf: '2026-11-22T02:00:00.000Z' },
      { ...replicaHistory, databases: [] },
    ])
    kindContract(under, sweepKind, night, otherNight, sweepOf(night), [
      sweepOf(night, { listing: { after: 'a' } }),
      sweepOf(night, { listing: { after: 'b' } }),
    ])
    kindContract(under, sweepClockKind, 'nights', 'days', clock, [
      { ...clock, walk: null },
      { ...clock, openSince: '2026-11-01' },
    ])
    kindContract(under, hostSlotsKind, 'host.a.example', 'tag.a', slots, [
      { ...slots, holders: [] },
      { ...slots, holders: slots.holders.slice(1) },
    ])
    kindContract(under, dueStartKind, '1440.a', '1440.b', { minute: 0, instanceId: 'a' }, [
      { minute: 1, instanceId: 'a' },
      { minute: 2, instanceId: 'a' },
    ])
    kindContract(under, scheduleChangeKind, 'a', 'b', changeOf(1), [changeOf(2), changeOf(3)])
    kindContract(under, sweepEntryKind, [night, 'sql-1'], [otherNight, 'sql-1'], entryOf('sql-1'), [
      entryOf('sql-1', 'started'),
      entryOf('sql-1', 'not_run'),
    ])
    kindContract(under, webhookKind, webhookId, `wh_${'2'.repeat(16)}`, webhook, [
      { ...webhook, stopped: { at, code: 'GONE' } },
      { ...webhook, revision: 2 },
    ])
    kindContract(
      under,
      deliveryKind,
      [webhookId, eventAt(0)],
      [webhookId, eventAt(1)],
      deliveryOf(eventAt(0)),
      [deliveryOf(eventAt(0), 'delivered'), deliveryOf(eventAt(0), 'dead')],
    )
    kindContract(under, trafficKind, webhookId, `wh_${'2'.repeat(16)}`, traffic, [
      { ...traffic, calls: [] },
      { ...traffic, failures: 3 },
    ])

    describe('an update', () => {
      const key = tokenOf(1).id
      const tokens = () => tested.documents(tokenKind)

      it('is made anew from what another writer has written in between', async () => {
        const { get, put, update } = tokens()
        await put(key, tokenOf(1, 'first'), 0)
        let attempts = 0
        const told = await update(key, async (known) => {
          attempts += 1
          if (attempts <= 3) await put(key, tokenOf(1, `rival ${attempts}`), attempts)
          return { put: tokenOf(1, `after ${known?.name}`), value: known?.name }
        })
        expect([told, attempts]).toEqual(['rival 3', 4])
        expect(await get(key)).toEqual({ document: tokenOf(1, 'after rival 3'), revision: 5 })
      })

      it('loses none of many that are made at once', async () => {
        const { get, update } = tokens()
        const add = () =>
          update(key, (known) => ({ put: tokenOf(1, `${known?.name ?? ''}x`), value: undefined }))
        await Promise.all(Array.from({ length: 8 }, add))
        expect(await get(key)).toEqual({ document: tokenOf(1, 'x'.repeat(8)), revision: 8 })
      })

      it('gives up when the document keeps changing', async () => {
        const { put, update } = tokens()
        let revision = 0
        const endless = update(key, async () => {
          await put(key, tokenOf(1, 'rival'), revision)
          revision += 1
          return { put: tokenOf(1), value: undefined }
        })
        await expect(endless).rejects.toThrow(DocumentContended)
        await expect(endless).rejects.toHaveProperty('code', 'DOCUMENT_CONTENDED')
        expect(revision).toBe(64)
      })

      it('writes nothing when the change fails', async () => {
        const { get, update } = tokens()
        const failing = update(key, () => {
          throw new Error('no')
        })
        await expect(failing).rejects.toThrow('no')
        expect(await get(key)).toBeNull()
      })
    })

    describe('a stored document', () => {
      test.each(['{"id":', '{"id":1}', JSON.stringify({ ...tokenOf(1), secret: 'hunter2' })])(
        'that does not pass its schema is no document: %s',
        async (text) => {
          const { get, list, put, update } = tested.documents(tokenKind)
          await put(tokenOf(1).id, tokenOf(1), 0)
          await tested.spoil(tokenKind, tokenOf(1).id, text)
          const read = get(tokenOf(1).id)
          await expect(read).rejects.toThrow(DocumentMalformed)
          await expect(read).rejects.toHaveProperty('code', 'DOCUMENT_MALFORMED')
          await expect(read).rejects.toThrow(/^The document 0{15}1 of tokens is malformed$/)
          await expect(list({ limit: 5 })).rejects.toThrow(DocumentMalformed)
          const updated = update(tokenOf(1).id, () => ({ put: tokenOf(1), value: null }))
          await expect(updated).rejects.toThrow(DocumentMalformed)
        },
      )
    })

    describe('a list', () => {
      const entries = () => tested.documents(sweepEntryKind)
      const add = (...all: readonly SweepEntry[]) =>
        Promise.all(all.map((entry) => entries().put([entry.sweepId, entry.instanceId], entry, 0)))
      const ids = async (limit: number, after?: string | null, statuses?: readonly SweepEntryStatus[]) => {
        const { items, next } = await entries().list({
          group: night,
          limit,
          ...(after && { after }),
          statuses,
        })
        return { items: items.map(({ document }) => document.instanceId), next }
      }
      const numbered = (count: number) =>
        Array.from({ length: count }, (_, index) => `sql-${String(index).padStart(4, '0')}`)

      it('goes by the ids in a group, page by page', async () => {
        const inOrder = ['B', 'a', 'a-1', 'a.1', 'a1', 'a_', 'b']
        await add(...inOrder.toReversed().map((id) => entryOf(id)), entryOf('c', 'starting', otherNight))
        const first = await ids(3)
        expect(first.items).toEqual(['B', 'a', 'a-1'])
        const second = await ids(3, first.next)
        expect(second.items).toEqual(['a.1', 'a1', 'a_'])
        expect(await ids(3, second.next)).toEqual({ items: ['b'], next: null })
        expect(await ids(7)).toEqual({ items: inOrder, next: null })
        expect(await ids(3, 'b')).toEqual({ items: [], next: null })
      })

      it('ends before an id, whichever way it goes', async () => {
        const starts = tested.documents(dueStartKind)
        const ascending = ['1440.a', '1440.b', '1441.a', '1442.a']
        for (const [index, id] of ascending.entries())
          await starts.put(id, { minute: index, instanceId: 'a' }, 0)
        const startsOf = async (selection: { after?: string; before: string; limit: number }) => {
          const { items, next } = await starts.list(selection)
          return { items: items.map(({ document }) => document.minute), next }
        }
        expect(await startsOf({ before: '1442', limit: 9 })).toEqual({ items: [0, 1, 2], next: null })
        expect(await startsOf({ after: '1440~', before: '1442', limit: 9 })).toEqual({
          items: [2],
          next: null,
        })
        expect(await startsOf({ before: '1441.a', limit: 1 })).toEqual({ items: [0], next: '1440.a' })
        expect(await startsOf({ after: '1440.a', before: '1441.a', limit: 1 })).toEqual({
          items: [1],
          next: null,
        })
        expect(await startsOf({ after: '1442~', before: '9999', limit: 9 })).toEqual({
          items: [],
          next: null,
        })

        const { list, put } = tested.documents(sweepKind)
        for (const id of ['2026-11-01', '2026-11-02', '2026-11-03']) await put(id, sweepOf(id), 0)
        const newest = await list({ before: '2026-11-01', limit: 9 })
        expect(newest.items.map(({ document }) => document.id)).toEqual(['2026-11-03', '2026-11-02'])
      })

      it('of some statuses ends before an id', async () => {
        await add(...['a', 'b', 'c'].map((id) => entryOf(id, 'started')), entryOf('aa', 'passed'))
        const found = await entries().list({ group: night, limit: 9, before: 'c', statuses: ['started'] })
        expect(found.items.map(({ document }) => document.instanceId)).toEqual(['a', 'b'])
        expect(found.next).toBeNull()
      })

      it('goes backwards by ids that begin with a time', async () => {
        const { list, put } = tested.documents(sweepKind)
        const asked = ['2026-11-02T000000Z-ffffffff', '2026-11-02T000001Z-00000000']
        const inOrder = ['2026-11-01', '2026-11-02', ...asked, '2026-11-03', '2026-11-04']
        for (const id of inOrder) await put(id, sweepOf(id), 0)
        const newestFirst = inOrder.toReversed()
        const page = async (limit: number, after?: string | null) => {
          const { items, next } = await list({ limit, ...(after && { after }) })
          return { items: items.map(({ document }) => document.id), next }
        }
        const first = await page(4)
        expect(first.items).toEqual(newestFirst.slice(0, 4))
        expect(await page(4, first.next)).toEqual({ items: newestFirst.slice(4), next: null })
        expect(await page(6)).toEqual({ items: newestFirst, next: null })
        expect((await page(1, (await page(1)).next)).items).toEqual(newestFirst.slice(1, 2))
      })

      it('of some statuses is filled from as many documents as it takes', async () => {
        const all = numbered(24)
        const statusOf = (index: number) => (['passed', 'failed', 'not_run'] as const)[index % 3] ?? 'passed'
        await add(...all.map((id, index) => entryOf(id, statusOf(index))))
        const wanted = ['failed', 'not_run'] as const
        const found = all.filter((_, index) => index % 3 !== 0)
        const first = await ids(10, null, wanted)
        expect(first.items).toEqual(found.slice(0, 10))
        expect(await ids(6, first.next, wanted)).toEqual({ items: found.slice(10), next: null })
        expect(await ids(24, null, ['started'])).toEqual({ items: [], next: null })
        expect(await ids(24, null, [])).toEqual({ items: [], next: null })
        expect((await ids(1, null, ['passed'])).items).toEqual(['sql-0000'])
      })

      it('of one status goes backwards, too', async () => {
        const { list, put } = tested.documents(deliveryKind)
        const events = Array.from({ length: 40 }, (_, minute) => eventAt(minute))
        const isDead = (_: string, minute: number) => minute % 4 === 0
        await Promise.all(
          events.map((eventId, minute) =>
            put([webhookId, eventId], deliveryOf(eventId, isDead(eventId, minute) ? 'dead' : 'delivered'), 0),
          ),
        )
        const dead = events.filter(isDead).toReversed()
        const page = async (limit: number, after?: string | null) => {
          const selection = { group: webhookId, limit, ...(after && { after }), statuses: ['dead'] }
          const { items, next } = await list(selection)
          return { items: items.map(({ document }) => document.eventId), next }
        }
        const first = await page(6)
        expect(first.items).toEqual(dead.slice(0, 6))
        expect(await page(4, first.next)).toEqual({ items: dead.slice(6), next: null })
      })

      it('finds the few of a status behind very many, by what they are now', async () => {
        await add(...numbered(510).map((id) => entryOf(id, 'passed')))
        await add(entryOf('sql-9998', 'started'), entryOf('sql-9999'))
        const unended = ['starting', 'started'] as const
        expect((await ids(10, null, unended)).items).toEqual(['sql-9998', 'sql-9999'])
        await entries().put([night, 'sql-9998'], entryOf('sql-9998', 'passed'), 1)
        expect((await ids(10, null, unended)).items).toEqual(['sql-9999'])
      })

      it('may choose by the documents themselves', async () => {
        await add(...numbered(12).map((id, index) => entryOf(id, index % 3 === 0 ? 'failed' : 'passed')))
        const isWanted = ({ status }: SweepEntry) => status === 'failed'
        const page = async (limit: number, after?: string | null) => {
          const { items, next } = await entries().list({
            group: night,
            limit,
            ...(after && { after }),
            isWanted,
          })
          return { items: items.map(({ document }) => document.instanceId), next }
        }
        const first = await page(3)
        expect(first.items).toEqual(['sql-0000', 'sql-0003', 'sql-0006'])
        expect(await page(3, first.next)).toEqual({ items: ['sql-0009'], next: null })
      })

      it('of all goes on to the last one', async () => {
        const tokens = tested.documents(tokenKind)
        expect(await listAll(tokens)).toEqual([])
        const all = Array.from({ length: 600 }, (_, index) => tokenOf(index))
        await Promise.all(all.toReversed().map((token) => tokens.put(token.id, token, 0)))
        expect(await listAll(tokens)).toEqual(all)
      })

      it('is counted by status, within a group, however long it is', async () => {
        expect(await entries().count(night)).toEqual({})
        await add(...numbered(600).map((id, index) => entryOf(id, index % 3 === 0 ? 'failed' : 'passed')))
        await add(entryOf('sql-1', 'passed', otherNight))
        expect(await entries().count(night)).toEqual({ passed: 400, failed: 200 })
        expect(await entries().count(otherNight)).toEqual({ passed: 1 })
      })
    })
  })
}

import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runCommandLine } from '../../../infra/cli/commands/command-line.ts'
import { backupCommand } from '../../../infra/deploy/backup/command.ts'
import type { BackupStores } from '../../../shared/flows/backup/backup-stores.ts'
import { issueToken } from '../../../shared/flows/tokens.ts'
import { noCounts } from '../../../shared/model/backup-record.ts'
import type { CompletedPrecheck } from '../../../shared/model/precheck.ts'
import { withDatabaseIn } from '../../../shared/runtime/data-folder.ts'
import { type WebhookDelivery, eventIdsAt } from '../../../shared/webhooks/model/delivery.ts'
import { completedOf, itemResult, simpleDatabase } from '../../support/completed-prechecks.ts'
import { definitionOf } from '../../support/context.ts'
import { webhookOf } from '../../support/delivery-world.ts'
import { cloudStores, embeddedStores } from '../../support/stores.ts'
import { type TablestoreStore, startTablestoreStore } from '../../support/tablestore-store.ts'

type Stores = ReturnType<typeof embeddedStores>

let folder: string
let store: TablestoreStore
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'precheck-backup-'))
  store = await startTablestoreStore()
})
afterEach(async () => {
  await store.emulator.close()
  rmSync(folder, { recursive: true })
})

const path = (name: string): string => join(folder, name)

/** Runs a command of one machine. */
const onMachine = async (...args: readonly string[]) => {
  let output = ''
  const write = (text: string): void => void (output += text)
  const surroundings = { environment: {}, columns: null, readInput: async () => '', write, writeError: write }
  return { code: await runCommandLine(args, surroundings), output }
}

/** Runs a command of the operator of an account. */
const inCloud = async (...args: readonly string[]) => {
  let output = ''
  const environment = {
    ALIBABA_CLOUD_ACCESS_KEY_ID: 'owner-key',
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'owner-secret',
    ALIBABA_CLOUD_REGION_ID: 'cn-hangzhou',
    TABLESTORE_INSTANCE: 'precheck',
    TABLESTORE_ENDPOINT: store.emulator.endpoint,
  }
  return { code: await backupCommand(args, environment, (line) => (output += line)), output }
}

const onFolder = <Value>(name: string, work: (stores: Stores) => Promise<Value>): Promise<Value> =>
  withDatabaseIn(path(name), (database, writer) => work(embeddedStores(database, writer)), { isMade: true })

const at = '2026-11-21T02:00:00.000Z'

const precheckOf = (number: number, over: object = {}): CompletedPrecheck => {
  const startedAt = `2026-11-${10 + number}T02:00:00.000Z`
  const id = `pc_${String(number).padStart(32, 'a')}`
  return completedOf({ results: [itemResult([simpleDatabase('HR')])], over: { id, startedAt, ...over } })
}

const prechecks = [precheckOf(1), precheckOf(2), precheckOf(3, { scope: 'partial' })]
const running = precheckOf(4)
const pages = ['ITEM/run/findings/0', 'ITEM/run/names/0'].map((name) => ({
  name,
  packed: Buffer.from(`of ${name}`),
}))

const start = (stores: Stores, precheck: CompletedPrecheck) => {
  const { completedAt: _, outcome: __, comparison: ___, ...plan } = precheck
  return stores.results.create({ ...plan, state: 'running' }, null)
}

const deliveryOf = (number: number, changes: Partial<WebhookDelivery>): WebhookDelivery => ({
  webhookId: webhookOf(1).id,
  eventId: eventIdsAt(Date.parse(at)) + String(number).padStart(20, '0'),
  source: { kind: 'sample', at },
  state: 'delivered',
  attempts: [],
  attemptsBefore: 0,
  beganAt: at,
  nextAttemptAt: null,
  endedAt: at,
  ...changes,
})

const pending = deliveryOf(2, { state: 'pending', nextAttemptAt: at, endedAt: null })

/** A service with some of everything. */
const fill = async (stores: Stores): Promise<void> => {
  await issueToken(stores.tokens, { name: 'admin', scope: 'admin' }, new Date(at))
  await issueToken(stores.tokens, { name: 'ci', scope: 'run', expiresInDays: 9 }, new Date(at))
  for (const id of ['db1', 'db2']) {
    const about = {
      status: 'registered' as const,
      revision: 1,
      registeredAt: at,
      updatedAt: at,
      validatedAt: null,
    }
    await stores.instances.put(
      id,
      { id, definition: definitionOf('sqlserver', { tags: { 团队: '订单' } }), ...about },
      0,
    )
  }
  await stores.memories.put(
    'db1',
    { instanceId: 'db1', precheckId: prechecks[1]!.id, startedAt: at, series: [] },
    0,
  )
  await stores.backupRecords.put('db1', { instanceId: 'db1', since: at, ...noCounts, latest: [] }, 0)
  for (const precheck of prechecks) {
    await start(stores, precheck)
    await stores.results.complete(precheck, 1)
  }
  await stores.results.putPages(prechecks[1]!.id, pages)
  await start(stores, running)
  const webhook = webhookOf(1)
  await stores.webhooks.put(webhook.id, webhook, 0)
  for (const delivery of [deliveryOf(1, {}), pending])
    await stores.deliveries.put([delivery.webhookId, delivery.eventId], delivery, 0)
  const sweep = {
    id: '2026-11-21',
    kind: 'nightly' as const,
    state: 'running' as const,
    filter: {},
    startedAt: at,
  }
  await stores.sweeps.put(sweep.id, { ...sweep, completedAt: null, listing: null, counts: null }, 0)
  const entry = {
    sweepId: sweep.id,
    instanceId: 'db1',
    precheckId: prechecks[0]!.id,
    status: 'passed' as const,
  }
  const ended = { dueAt: at, startedAt: at, endedAt: at, notRun: null }
  await stores.sweepEntries.put([sweep.id, 'db1'], { ...entry, ...ended }, 0)
}

const linesOf = (name: string): Record<string, unknown>[] => {
  const bytes = readFileSync(path(name))
  const text = (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}

/** What it tells of an instance. */
const tells = async ({ results, backupRecords }: Pick<BackupStores, 'results' | 'backupRecords'>) => ({
  record: await backupRecords.get('db1'),
  last: await results.last('db1'),
  previous: await results.previous('db1'),
  history: (await results.history('db1', { limit: 50 })).items.filter(({ state }) => state === 'completed'),
  pages: await Promise.all(
    pages.map(async ({ name }) =>
      Buffer.from((await results.getPage(prechecks[1]!.id, name)) ?? []).toString(),
    ),
  ),
})

describe('a backup', () => {
  it('goes from one machine to the cloud and back, and is the same in the end', async () => {
    await onFolder('first', fill)
    const known = await onFolder('first', tells)
    expect(known.history).toHaveLength(3)

    expect(await onMachine('backup', path('first.ndjson.gz'), '--data', path('first'))).toMatchObject({
      code: 0,
    })
    const restored = await inCloud('restore', path('first.ndjson.gz'))
    expect(restored).toEqual({
      code: 0,
      output:
        'Restored: 2 tokens, 1 webhooks, 2 webhook deliveries, 1 sweeps, 1 sweep entries, 2 instances, 1 instance memory, 1 backup records, 3 prechecks, 2 precheck pages.',
    })
    expect(await tells(cloudStores(store.connect()))).toEqual(known)
    expect((await inCloud('backup', path('cloud.ndjson'))).code).toBe(0)
    expect((await onMachine('restore', path('cloud.ndjson'), '--data', path('second'))).code).toBe(0)
    expect(await onFolder('second', tells)).toEqual(known)
    expect((await onMachine('backup', path('second.ndjson'), '--data', path('second'))).code).toBe(0)

    const [, ...first] = linesOf('first.ndjson.gz')
    const [header, ...second] = linesOf('second.ndjson')
    expect(header).toMatchObject({ kind: 'backup', format: 1 })
    expect(second).toEqual(first)
    expect(linesOf('cloud.ndjson').slice(1)).toEqual(first)
  })

  it('holds no running precheck, and of a pending delivery what can be redelivered', async () => {
    await onFolder('first', fill)
    await onMachine('backup', path('backup'), '--data', path('first'))
    const lines = linesOf('backup')
    expect(lines.filter(({ kind }) => kind === 'prechecks').map(({ key }) => key)).toEqual(
      prechecks.map(({ id }) => id),
    )
    const deliveries = lines.filter(({ kind }) => kind === 'webhook_deliveries')
    expect(deliveries.map(({ document }) => (document as WebhookDelivery).state).toSorted()).toEqual([
      'dead',
      'delivered',
    ])
    expect(statSync(path('backup')).mode & 0o777).toBe(0o600)
  })

  it('is not there where it could not be written, and says so', async () => {
    const { code, output } = await onMachine('backup', path('none/backup'), '--data', path('first'))
    expect(code).toBe(3)
    expect(output).toContain(`There is no database ${path('first')}`)
    await onFolder('first', fill)
    const refused = await onMachine('backup', path('none/backup'), '--data', path('first'))
    expect(refused).toEqual({
      code: 3,
      output: `The backup cannot be written to ${path('none/backup')} (ENOENT).\n`,
    })
  })
})

describe('a restore', () => {
  beforeEach(async () => {
    await onFolder('first', fill)
    await onMachine('backup', path('backup'), '--data', path('first'))
  })

  it('adds nothing to data unless it is told to, and then keeps what is there', async () => {
    await onFolder('second', (stores) =>
      issueToken(stores.tokens, { name: 'own', scope: 'admin' }, new Date(at)),
    )
    expect(await onMachine('restore', path('backup'), '--data', path('second'))).toEqual({
      code: 3,
      output: 'There are data already. Give --merge to keep them and add what is missing.\n',
    })
    expect((await onMachine('restore', path('backup'), '--data', path('second'), '--merge')).code).toBe(0)
    const tokens = await onFolder('second', ({ tokens: { list } }) => list({ limit: 9 }))
    expect(tokens.items).toHaveLength(3)
  })

  it('that was cut off anywhere goes on where it ended', async () => {
    const whole = readFileSync(path('backup'), 'utf8').trimEnd().split('\n')
    const known = await onFolder('first', tells)
    for (let strike = 1; strike < 24; strike += 4) {
      const cut = await startTablestoreStore()
      const environmentOf = { ...store }
      store = cut
      let writes = 0
      cut.emulator.onRequest(({ operation }) => {
        if (!/^(Put|Update|BatchWrite)/.test(operation)) return undefined
        writes += 1
        return writes === strike
          ? { when: 'after', outcome: { status: 403, code: 'OTSAuthFailed' } }
          : undefined
      })
      const first = await inCloud('restore', path('backup'))
      cut.emulator.onRequest(() => undefined)
      const second = await inCloud('restore', path('backup'), '--merge')
      expect([first.code, second.code, strike]).toEqual([1, 0, strike])
      expect(await tells(cloudStores(cut.connect()))).toEqual(known)
      await inCloud('backup', path('again'))
      expect(linesOf('again').slice(1)).toEqual(whole.slice(1).map((line) => JSON.parse(line) as object))
      await cut.emulator.close()
      store = environmentOf
    }
  })

  it.each([
    ['cut off', (lines: readonly string[]) => lines.slice(0, -2)],
    ['with a line left out', (lines: readonly string[]) => lines.filter((_, index) => index !== 3)],
    ['of another format', (lines: readonly string[]) => lines.with(0, '{"kind":"backup","format":2}')],
    ['with a line that is none', (lines: readonly string[]) => lines.with(2, '{"kind":"tokens","key":"x"}')],
    ['that goes on', (lines: readonly string[]) => [...lines, lines[1] ?? '']],
    ['that is empty', () => ['']],
  ])('writes nothing of a file %s', async (_, change) => {
    const lines = readFileSync(path('backup'), 'utf8').trimEnd().split('\n')
    writeFileSync(
      path('bad'),
      change(lines)
        .map((line) => (line === '' ? '' : `${line}\n`))
        .join(''),
    )
    const { code, output } = await onMachine('restore', path('bad'), '--data', path('second'))
    expect([code, output]).toEqual([3, expect.stringMatching(/^(Line \d+ of the backup|The backup) /)])
    expect(await onFolder('second', ({ instances: { list } }) => list({ limit: 1 }))).toMatchObject({
      items: [],
    })
  })

  it('needs a file', async () => {
    const { code, output } = await onMachine('restore', path('no.gz'), '--data', path('second'))
    expect([code, output]).toEqual([3, `The backup ${path('no.gz')} cannot be read (ENOENT).\n`])
    writeFileSync(path('plain.gz'), 'hello')
    expect((await onMachine('restore', path('plain.gz'), '--data', path('second'))).output).toContain(
      'cannot be read',
    )
    expect(existsSync(path('no.gz'))).toBe(false)
  })
})

describe('the command for an account', () => {
  it.each([[['backup']], [['copy', 'file']], [['backup', 'a', 'b']]])(
    'explains itself for %j',
    async (args) => {
      const { code, output } = await inCloud(...args)
      expect([code, output]).toEqual([3, expect.stringContaining('npm run backup -- FILE')])
    },
  )
})

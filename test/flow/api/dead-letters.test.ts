import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DatabaseSyncInstance, DatabaseSync } from '@photostructure/sqlite'
import type * as z from 'zod'
import { DeadLetterList } from '../../../functions/api/resources/dead-letters.ts'
import { databaseFile } from '../../../shared/runtime/data-folder.ts'
import { probesGiving } from '../../support/probes.ts'
import { type TestApi, startApi } from '../../support/api.ts'

const precheckId = `pc_${'a'.repeat(32)}`
const deadline = { kind: 'deadline', precheckId }

let api: TestApi
let connection: DatabaseSyncInstance

beforeAll(async () => {
  api = await startApi(probesGiving(() => ({ answer: {} })))
  connection = new DatabaseSync(databaseFile(api.folder))
})
afterAll(async () => {
  connection.close()
  await api.close()
})

const bury = (queue: string, message: unknown): void => {
  connection
    .prepare('INSERT INTO dead_letters (queue, died_at, received, body) VALUES (?, ?, ?, ?)')
    .run(queue, '2026-11-20T02:00:00.000Z', 2000, JSON.stringify(message))
}
const list = async (query = {}): Promise<z.infer<typeof DeadLetterList>> =>
  DeadLetterList.parse((await api.call('GET', '/v1/dead-letters', { query })).json)
const messagesIn = (queue: string): unknown[] =>
  connection.prepare('SELECT bodies FROM messages WHERE queue = ?').all(queue)
const redrive = (queue: string) => api.call('POST', '/v1/dead-letters/redrive', { body: { queue } })

describe('the dead letters of the API', () => {
  it('are listed with what they are about and why, and nothing else of them', async () => {
    bury('results', deadline)
    bury('checks', { precheckId, checkItem: 'ARCHIVELOG', target: { connection: { host: 'db.internal' } } })
    const { items, more } = await list()
    expect(more).toEqual([])
    expect(items).toEqual([
      expect.objectContaining({ queue: 'checks', messages: [{ precheckId, checkItem: 'ARCHIVELOG' }] }),
      {
        queue: 'results',
        id: expect.any(String),
        at: '2026-11-20T02:00:00.000Z',
        why: {
          code: 'RECEIVED_TOO_OFTEN',
          params: { received: 2000 },
          text: 'It was delivered 2000 times without being completed.',
        },
        messages: [{ precheckId }],
      },
    ])
    expect(JSON.stringify(items)).not.toContain('db.internal')
    expect((await list({ queue: 'results', locale: 'zh' })).items[0]?.why?.text).toContain('已投递 2000 次')
    expect((await list({ queue: 'notifications' })).items).toEqual([])
  })

  it('say where there are more than are listed', async () => {
    for (let n = 0; n < 17; n += 1) bury('notifications', { webhookId: `wh_${n}` })
    const { items, more } = await list({ queue: 'notifications' })
    expect([items.length, more]).toEqual([16, ['notifications']])
  })

  it('are redriven, and worked off again', async () => {
    const { status, json } = await redrive('results')
    expect([status, json]).toEqual([202, { redriven: 1, unreadable: 0, more: false }])
    expect((await list({ queue: 'results' })).items).toEqual([])
    expect(api.lines.join('')).toContain('dead-letters.redriven')
    await expect.poll(() => messagesIn('results')).toEqual([])
  })

  it.each([
    [{ queue: 'others' }, ['queue']],
    [{}, ['queue']],
  ])('are refused for %j', async (body, fields) => {
    const { status, json } = await api.call('POST', '/v1/dead-letters/redrive', { body })
    expect([status, json.errors.map(({ field }) => field)]).toEqual([422, fields])
  })

  it.each(['run', 'read'] as const)('are nothing for the scope %s', async (scope) => {
    const token = api.tokens[scope]
    expect((await api.call('GET', '/v1/dead-letters', { token })).status).toBe(403)
    const body = { queue: 'checks' }
    expect((await api.call('POST', '/v1/dead-letters/redrive', { token, body })).status).toBe(403)
  })
})

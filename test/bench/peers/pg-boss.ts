import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import PgBoss from 'pg-boss'
import type { CheckMessage } from '../../../shared/model/queue-messages.ts'
import { messagesOf, planOf, resultOf } from '../payload.ts'
import { type PeerFactory, instanceIdOf, probe } from './peer.ts'
import { usageOf } from './usage.ts'
import { postgreSql } from '../../support/servers/postgresql.ts'

const queue = 'items'

/** Jobs that one fetch takes: large, so that one round trip serves many. */
const batchSize = 500
const fetchers = 4

interface Item {
  readonly index: number
  readonly message: CheckMessage
}

const tables = `
  CREATE TABLE prechecks (
    id int PRIMARY KEY, instance_id text NOT NULL, remaining int NOT NULL, plan text NOT NULL, results text
  );
  CREATE TABLE last_results (instance_id text PRIMARY KEY, document text NOT NULL)`

/**
 * Records results ($1: precheck, $2: result), and writes the last result of every precheck that has all. Rows are
 * locked in the order of their ids, since several fetchers may hold results of the same prechecks.
 */
const countDown = `
  WITH
    done AS (SELECT id, count(*) AS n, string_agg(result, ',') AS results
      FROM unnest($1::int[], $2::text[]) AS d (id, result) GROUP BY id),
    locked AS (SELECT id FROM prechecks WHERE id IN (SELECT id FROM done) ORDER BY id FOR UPDATE),
    counted AS (UPDATE prechecks AS p
      SET remaining = remaining - n, results = concat_ws(',', p.results, done.results)
      FROM done JOIN locked USING (id) WHERE p.id = done.id RETURNING p.*),
    last AS (INSERT INTO last_results
      SELECT instance_id, left(plan, -1) || ',"state":"completed","outcome":"passed","results":[' || results || ']}'
      FROM counted WHERE remaining = 0
      ON CONFLICT (instance_id) DO UPDATE SET document = excluded.document)
  SELECT id FROM counted WHERE remaining = 0`

/**
 * pg-boss on PostgreSQL, as fast as its own calls allow: jobs are inserted in one statement, fetched and completed in
 * batches, with a fetch as soon as something was inserted instead of polling. The fan-in counts down in a table.
 */
export const pgBoss: PeerFactory = async ({ items, probeMs, concurrency, folder }) => {
  const server = await postgreSql.start(folder)
  const connection = { host: '127.0.0.1', port: server.port, user: 'bench', database: 'postgres' }
  const boss = new PgBoss({ ...connection, max: 10 })
  boss.on('error', () => undefined)
  await boss.start()
  await boss.createQueue(queue)
  const pool = new pg.Pool({ ...connection, max: 10 })
  // The pool ends before its connections have: the server's goodbye would be thrown.
  pool.on('error', () => undefined)
  await pool.query(tables)

  const ended = new Map<number, () => void>()
  const state = { isClosing: false }

  const fetchLoop = async (): Promise<void> => {
    while (!state.isClosing) {
      const jobs = await boss.fetch<Item>(queue, { batchSize })
      if (jobs.length === 0) {
        await sleep(1)
        continue
      }
      await Promise.all(jobs.map(() => probe(probeMs)))
      const indexes = jobs.map(({ data }) => data.index)
      const results = jobs.map(({ data }) => JSON.stringify(resultOf(data.message.checkItem)))
      const [{ rows }] = await Promise.all([
        pool.query<{ id: number }>(countDown, [indexes, results]),
        boss.complete(
          queue,
          jobs.map(({ id }) => id),
        ),
      ])
      for (const { id } of rows) ended.get(id)?.()
    }
  }
  const loops = Array.from({ length: fetchers }, fetchLoop)

  return {
    run: async (index) => {
      const end = new Promise<void>((resolve) => ended.set(index, resolve))
      const instanceId = instanceIdOf(index, concurrency)
      const plan = JSON.stringify(planOf(index, instanceId))
      await pool.query('INSERT INTO prechecks VALUES ($1, $2, $3, $4)', [index, instanceId, items, plan])
      await boss.insert(
        messagesOf(index, instanceId).map((message) => ({ name: queue, data: { index, message } })),
      )
      await end
      ended.delete(index)
    },
    serverUsage: () => usageOf(server.pid),
    close: async () => {
      state.isClosing = true
      await Promise.all(loops)
      await boss.stop({ graceful: false })
      await pool.end()
      await server.stop()
    },
  }
}

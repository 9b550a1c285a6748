import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { PgBoss } from 'pg-boss'
import { type PeerFactory, probe } from './peer.ts'
import { startPostgres } from './servers.ts'

const queue = 'items'

/** Jobs that one fetch takes: large, so that one round trip serves many. */
const batchSize = 500
const fetchers = 4

interface Item {
  readonly index: number
}

/**
 * pg-boss on PostgreSQL, as fast as its own calls allow: jobs are inserted in one statement, fetched and completed in
 * batches, with a fetch as soon as something was inserted instead of polling. The fan-in counts down in a table.
 */
export const pgBoss: PeerFactory = async ({ items, probeMs, concurrency, folder }) => {
  const server = await startPostgres(folder)
  const connection = { host: '127.0.0.1', port: server.port, user: 'bench', database: 'postgres' }
  const boss = new PgBoss({ ...connection, max: 10 })
  boss.on('error', () => undefined)
  await boss.start()
  await boss.createQueue(queue)
  const pool = new pg.Pool({ ...connection, max: 10 })
  // The pool ends before its connections have: the server's goodbye would be thrown.
  pool.on('error', () => undefined)
  await pool.query('CREATE TABLE prechecks (id int PRIMARY KEY, remaining int NOT NULL)')
  await pool.query('CREATE TABLE last_results (instance_id int PRIMARY KEY, document text NOT NULL)')

  const ended = new Map<number, () => void>()
  const state = { isClosing: false }

  const countDown = async (done: ReadonlyMap<number, number>): Promise<number[]> => {
    const { rows } = await pool.query<{ id: number }>(
      `WITH done AS (SELECT unnest($1::int[]) AS id, unnest($2::int[]) AS n),
       counted AS (UPDATE prechecks p SET remaining = remaining - n FROM done WHERE p.id = done.id RETURNING p.id, remaining),
       last AS (INSERT INTO last_results SELECT DISTINCT ON (id % $3::int) id % $3::int, '{"outcome":"passed"}' FROM counted WHERE remaining = 0
         ON CONFLICT (instance_id) DO UPDATE SET document = excluded.document)
       SELECT id FROM counted WHERE remaining = 0`,
      [[...done.keys()], [...done.values()], concurrency * 4],
    )
    return rows.map(({ id }) => id)
  }

  const fetchLoop = async (): Promise<void> => {
    while (!state.isClosing) {
      const jobs = await boss.fetch<Item>(queue, { batchSize })
      if (jobs.length === 0) {
        await sleep(1)
        continue
      }
      await Promise.all(jobs.map(() => probe(probeMs)))
      const done = new Map<number, number>()
      for (const { data } of jobs) done.set(data.index, (done.get(data.index) ?? 0) + 1)
      const ids = jobs.map(({ id }) => id)
      const [complete] = await Promise.all([countDown(done), boss.complete(queue, ids)])
      for (const index of complete) ended.get(index)?.()
    }
  }
  const loops = Array.from({ length: fetchers }, fetchLoop)

  return {
    run: async (index) => {
      const end = new Promise<void>((resolve) => ended.set(index, resolve))
      await pool.query('INSERT INTO prechecks VALUES ($1, $2)', [index, items])
      await boss.insert(
        queue,
        Array.from({ length: items }, () => ({ data: { index } })),
      )
      await end
      ended.delete(index)
    },
    serverUsage: server.usage,
    close: async () => {
      state.isClosing = true
      await Promise.all(loops)
      await boss.stop({ graceful: false })
      await pool.end()
      await server.stop()
    },
  }
}

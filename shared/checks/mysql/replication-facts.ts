import * as z from 'zod'
import { orUnknown, rows } from '../framework/answer.ts'
import type { Queries } from '../framework/question.ts'

/**
 * What the server says of itself as a replica, a row for each source. MariaDB and MySQL up to 8.3 take the first of the
 * two, MySQL since 8.0.22 the second; the columns have other names there. MariaDB would take the second too, and answer
 * with the names of the first, so that it is made to refuse it. Both take REPLICATION CLIENT (MariaDB: SLAVE MONITOR).
 * Sources: "SHOW REPLICA STATUS", MariaDB reference and MySQL manual.
 */
export const replicationQueries = {
  slaves: { sql: 'SHOW /*M! ALL SLAVES *//*!50700 SLAVE */ STATUS', optional: true },
  replicas: { sql: 'SHOW REPLICA /*M! OF_MYSQL */ STATUS', optional: true },
} as const satisfies Queries

const SlaveRows = rows({
  slave_io_running: z.string(),
  slave_sql_running: z.string(),
  seconds_behind_master: orUnknown(z.number()),
}).nullable()

const ReplicaRows = rows({
  replica_io_running: z.string(),
  replica_sql_running: z.string(),
  seconds_behind_source: orUnknown(z.number()),
}).nullable()

export const ReplicationFacts = z.object({ slaves: SlaveRows, replicas: ReplicaRows })
type ReplicationFacts = z.output<typeof ReplicationFacts>

/** One source that the server follows. */
export interface Source {
  readonly words: 'slave' | 'replica'
  /** `Yes`, `No`, `Connecting` or `Preparing`. */
  readonly receiver: string
  readonly applier: string
  /** Seconds; null: not known, or stopped. */
  readonly lag: number | null
}

/** The sources that the server follows; null where it is not known whether it does. */
export const sourcesOf = ({ slaves, replicas }: ReplicationFacts): readonly Source[] | null => {
  if (slaves !== null) {
    return slaves.map((row) => ({
      words: 'slave' as const,
      receiver: row.slave_io_running,
      applier: row.slave_sql_running,
      lag: row.seconds_behind_master,
    }))
  }
  return (
    replicas?.map((row) => ({
      words: 'replica' as const,
      receiver: row.replica_io_running,
      applier: row.replica_sql_running,
      lag: row.seconds_behind_source,
    })) ?? null
  )
}

import type { DatabaseSyncInstance } from '@photostructure/sqlite'
import * as z from 'zod'
import type { Pulse } from './database-clock.ts'
import { select } from './read.ts'

const PulseRow = z
  .object({ written_at: z.int(), queue_time: z.int(), unsettled_ms: z.int(), jumped_by_ms: z.int() })
  .transform((row): Pulse => ({
    writtenAt: row.written_at,
    queueTime: row.queue_time,
    unsettledMs: row.unsettled_ms,
    jumpedByMs: row.jumped_by_ms,
  }))

/** What the process before has left; null: nothing. */
export const readPulse = (connection: DatabaseSyncInstance): Pulse | null =>
  select(connection, 'SELECT * FROM pulse', PulseRow).first() ?? null

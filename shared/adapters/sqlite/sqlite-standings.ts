import { setImmediate as untilOthersHadTheirTurn } from 'node:timers/promises'
import * as z from 'zod'
import type { CompletedPrecheck, RunningPrecheck } from '../../model/precheck.ts'
import { type InstanceStanding, Standing, standingOf } from '../../model/standing.ts'
import { readStored } from '../../ports/documents.ts'
import type { Results, StoredPrecheck } from '../../ports/results.ts'
import type { Database } from './database.ts'
import { select } from './read.ts'

const StandingRow = z.object({ id: z.string(), last_id: z.string(), standing: z.string() })

/** How the instances stand, from the embedded database. `running`: the prechecks that run, by their ids. */
export const sqliteStandings = (
  { connection }: Pick<Database, 'connection'>,
  running: ReadonlyMap<string, StoredPrecheck<RunningPrecheck>>,
  findCompleted: (precheckId: string) => { readonly precheck: CompletedPrecheck } | null,
): Results['standings'] => {
  const latest = select(
    connection,
    'SELECT instance_id AS id, last_id, standing FROM latest WHERE instance_id > ? ORDER BY instance_id LIMIT ?',
    StandingRow,
  )

  const lastOf = ({ id, last_id: lastId, standing }: z.infer<typeof StandingRow>): Standing | null => {
    if (standing !== '') return readStored(Standing, standing, `The standing of ${id}`)
    const last = findCompleted(lastId)
    return last && standingOf(last.precheck)
  }

  return async ({ limit, after = '' }) => {
    // Who reads page after page would keep requests waiting for the whole fleet.
    await untilOthersHadTheirTurn()
    const rows = latest.all(after, limit + 1)
    const shown = rows.slice(0, limit)
    const next = rows.length > limit ? (shown.at(-1)?.id ?? null) : null
    const runs = new Map([...running.values()].map(({ precheck }) => [precheck.instanceId, precheck.id]))
    const ended = shown.map((row): InstanceStanding => {
      const runningId = runs.get(row.id) ?? null
      runs.delete(row.id)
      return { instanceId: row.id, runningId, last: lastOf(row) }
    })
    // Those of which the first precheck runs.
    const others = [...runs].flatMap(([instanceId, runningId]): InstanceStanding[] =>
      instanceId > after && (next === null || instanceId < next)
        ? [{ instanceId, runningId, last: null }]
        : [],
    )
    const items = [...ended, ...others].toSorted((one, other) => (one.instanceId < other.instanceId ? -1 : 1))
    return { items, next }
  }
}

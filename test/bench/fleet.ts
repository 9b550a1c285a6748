import { DatabaseSync } from '@photostructure/sqlite'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import * as z from 'zod'
import { send } from '../../infra/cli/service/client.ts'
import { openDatabase } from '../../shared/adapters/sqlite/database.ts'
import { groupCommit } from '../../shared/adapters/sqlite/group-commit.ts'
import { sqliteInstances } from '../../shared/adapters/sqlite/sqlite-instances.ts'
import { type HostProcess, startHostProcess } from '../support/processes.ts'
import { fleetHost } from './bundles.ts'
import { InstanceDefinition } from '../../shared/model/instance.ts'
import { definition } from './payload.ts'

/** How a fleet is swept. */
export interface FleetPlan {
  readonly instances: number
  /** Kills the host when this share of the fleet has ended (0 to 1), and starts it again; left out: never. */
  readonly killAt?: number
  readonly environment?: Readonly<Record<string, string>>
}

/** What a sweep came to, counted from the database file itself. */
export interface SweptFleet {
  readonly instances: number
  /** Instances whose precheck has ended, with all of its items determined. */
  readonly ended: number
  readonly startedTwice: number
  readonly lost: number
  /** Instances that had ended when the process was killed. */
  readonly endedAtKill: number | null
  readonly seconds: number
  readonly perSecond: number
  /** Of the last process, MB; checks included. */
  readonly peakRssMb: number
}

const Sweep = z.looseObject({ id: z.string() })
const Progress = z.looseObject({ state: z.enum(['running', 'completed']) })

const bytesPerKb = 1024

/** How often the progress is looked at, ms. */
const lookMs = 100

const register = async (folder: string, count: number): Promise<void> => {
  const database = openDatabase(join(folder, 'precheck.db'))
  const writer = groupCommit(database)
  const instances = sqliteInstances(database, writer)
  const now = new Date().toISOString()
  const common = {
    status: 'online',
    revision: 1,
    registeredAt: now,
    updatedAt: now,
    validatedAt: now,
  } as const
  await Promise.all(
    Array.from({ length: count }, (_, index) => {
      const id = `fleet-${index}`
      // Each on a host of its own, since a host has few at a time.
      const connection = { ...definition.connection, host: `${id}.example` }
      return instances.put(
        id,
        { id, definition: InstanceDefinition.parse({ ...definition, connection }), ...common },
        0,
      )
    }),
  )
  writer.close()
  database.close()
}

const numberOf = (folder: string, sql: string): number => {
  const connection = new DatabaseSync(join(folder, 'precheck.db'), { readOnly: true })
  try {
    const row = connection.prepare(sql).get() as { readonly n: number } | undefined
    return Number(row?.n)
  } finally {
    connection.close()
  }
}

const countEnded = (folder: string): number =>
  numberOf(
    folder,
    "SELECT count(*) AS n FROM sweep_entries WHERE document ->> '$.status' NOT IN ('starting', 'started')",
  )

const requestSweep = async ({ url, token }: HostProcess): Promise<string> => {
  const { id } = await send({ url, token }, { method: 'POST', path: '/v1/sweeps', body: {} }, Sweep)
  return id
}

const isCompleted = async ({ url, token }: HostProcess, sweepId: string): Promise<boolean> => {
  const path = `/v1/sweeps/${sweepId}?limit=1`
  return (await send({ url, token }, { method: 'GET', path }, Progress)).state === 'completed'
}

const countWhatIsThere = (folder: string, instances: number) => {
  const ended = numberOf(
    folder,
    "SELECT count(*) AS n FROM sweep_entries WHERE document ->> '$.status' = 'passed'",
  )
  const prechecks = numberOf(folder, 'SELECT count(*) AS n FROM prechecks')
  const checked = numberOf(folder, "SELECT count(DISTINCT document ->> '$.instanceId') AS n FROM prechecks")
  return { ended, startedTwice: prechecks - checked, lost: instances - checked }
}

/** Registers a fleet of simulated Oracle instances with five check items each, sweeps it on one machine, and counts what is there then. */
export const sweepFleet = async ({ instances, killAt, environment = {} }: FleetPlan): Promise<SweptFleet> => {
  const folder = mkdtempSync(join(tmpdir(), 'precheck-fleet-'))
  const start = (): Promise<HostProcess> =>
    startHostProcess(
      folder,
      { PRECHECK_SECRET_BENCH: 'none', BENCH_PROBE_MS: '0', PRECHECK_LOG_LEVEL: 'info', ...environment },
      fleetHost,
    )
  try {
    await register(folder, instances)
    let host = await start()
    const from = performance.now()
    const sweepId = await requestSweep(host)
    let endedAtKill: number | null = null
    while (!(await isCompleted(host, sweepId))) {
      const ended = killAt === undefined || endedAtKill !== null ? 0 : countEnded(folder)
      if (killAt !== undefined && endedAtKill === null && ended >= instances * killAt) {
        await host.kill('SIGKILL')
        endedAtKill = countEnded(folder)
        host = await start()
      }
      await sleep(lookMs)
    }
    const seconds = (performance.now() - from) / 1000
    await host.kill('SIGTERM')
    const peakRssKb = Number(/"peakRssKb":(\d+)/.exec(host.output())?.[1])
    return {
      instances,
      ...countWhatIsThere(folder, instances),
      endedAtKill,
      seconds,
      perSecond: instances / seconds,
      peakRssMb: peakRssKb / bytesPerKb,
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

import { DatabaseSync } from '@photostructure/sqlite'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import * as z from 'zod'
import { type Access, send } from '../../infra/cli/service/client.ts'
import { answersOf } from '../emulators/sqlserver/catalogue-answers.ts'
import { database, systemDatabases } from '../support/facts/sqlserver.ts'
import type { SqlServerScenario } from '../emulators/sqlserver/scenario.ts'
import { startSqlServer } from '../emulators/sqlserver/server.ts'
import { type HostProcess, startHostProcess } from '../support/processes.ts'

/** What a crash left, counted from the database file itself. */
export interface CrashReport {
  readonly started: number
  /** Prechecks that were still running when the process was killed. */
  readonly runningAtKill: number
  readonly ended: number
  readonly endedTwice: number
  readonly lost: number
  /** Prechecks by outcome. */
  readonly outcomes: Readonly<Record<string, number>>
  /** From the restart to the last end, ms. */
  readonly recoveryMs: number
}

const healthy = answersOf({ databases: [...systemDatabases, database(5, 'Orders')] })
const hanging: SqlServerScenario = { login: () => 'hang', answer: healthy }
const answering: SqlServerScenario = { answer: healthy }

const Anything = z.looseObject({})
const Started = z.looseObject({ id: z.string() })

const definitionFor = (port: number) => ({
  engine: 'sqlserver',
  region: 'cn-hangzhou',
  connection: {
    host: '127.0.0.1',
    port,
    credential: { username: 'precheck', password: 'env:PRECHECK_SECRET_DB' },
    tls: { mode: 'off' },
  },
  // Nothing listens there: the connectivity items end at once, as failed.
  endpoints: { oss: 'https://127.0.0.1:1/', service: ['https://127.0.0.1:1/'] },
})

const rowsOf = (folder: string, sql: string): Record<string, unknown>[] => {
  const connection = new DatabaseSync(join(folder, 'precheck.db'), { readOnly: true })
  try {
    return connection.prepare(sql).all() as Record<string, unknown>[]
  } finally {
    connection.close()
  }
}

const countRunning = (folder: string): number =>
  Number(rowsOf(folder, 'SELECT count(*) AS n FROM running_prechecks')[0]?.['n'])

const startAll = async (access: Access, port: number, count: number): Promise<Map<string, string>> => {
  const ids = new Map<string, string>()
  for (let index = 0; index < count; index += 1) {
    const instanceId = `crash-${index}`
    const path = `/v1/instances/${instanceId}`
    await send(access, { method: 'PUT', path, body: definitionFor(port) }, Anything)
    const { id } = await send(access, { method: 'POST', path: `${path}/prechecks` }, Started)
    ids.set(instanceId, id)
  }
  return ids
}

const report = (folder: string, ids: ReadonlyMap<string, string>) => {
  const ended = rowsOf(
    folder,
    "SELECT document ->> '$.instanceId' AS instance_id, document ->> '$.outcome' AS outcome FROM prechecks",
  )
  const lasts = new Map(
    rowsOf(folder, 'SELECT instance_id, last_id FROM latest').map((row) => [
      row['instance_id'],
      row['last_id'],
    ]),
  )
  const outcomes: Record<string, number> = {}
  for (const { outcome } of ended) outcomes[String(outcome)] = (outcomes[String(outcome)] ?? 0) + 1
  return {
    started: ids.size,
    ended: ended.length,
    endedTwice: ended.length - new Set(ended.map((row) => row['instance_id'])).size,
    lost: [...ids].filter(([instanceId, id]) => lasts.get(instanceId) !== id).length,
    outcomes,
  }
}

const untilNoneRuns = async (folder: string, limitMs: number): Promise<void> => {
  const until = Date.now() + limitMs
  while (countRunning(folder) > 0 && Date.now() < until) await sleep(50)
}

/**
 * Starts prechecks of a database that hangs, kills the host in the middle of them, waits `downMs`, fixes the database
 * and starts the host again on the same file.
 */
export const crash = async (
  folder: string,
  {
    count,
    deadlineSeconds,
    downMs,
  }: { readonly count: number; readonly deadlineSeconds: number; readonly downMs: number },
): Promise<CrashReport> => {
  const environment = {
    PRECHECK_DEADLINE_SECONDS: String(deadlineSeconds),
    // Nothing ends by its own limit before the kill, however long the start of all takes.
    PRECHECK_ITEM_SECONDS: '280',
    PRECHECK_CONCURRENCY: '1000',
    PRECHECK_SECRET_DB: 'x',
  }
  const sqlServer = await startSqlServer(hanging)
  let host: HostProcess = await startHostProcess(folder, environment)
  const ids = await startAll({ url: host.url, token: host.token }, sqlServer.port, count)
  await host.kill('SIGKILL')
  const runningAtKill = countRunning(folder)

  await sleep(downMs)
  sqlServer.setScenario(answering)
  const from = performance.now()
  host = await startHostProcess(folder, environment)
  await untilNoneRuns(folder, deadlineSeconds * 1000 + 10_000)
  const recoveryMs = Math.round(performance.now() - from)
  await host.kill('SIGTERM')
  await sqlServer.close()
  return { ...report(folder, ids), runningAtKill, recoveryMs }
}

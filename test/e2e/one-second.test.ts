import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PrecheckView } from '../../functions/api/views/precheck-view.ts'
import { send } from '../../infra/cli/service/client.ts'
import { follow } from '../../infra/cli/commands/follow.ts'
import { destinationQuery } from '../../shared/checks/oracle/facts.ts'
import { databaseQueries } from '../../shared/checks/sqlserver/databases.ts'
import { Instance } from '../../shared/model/instance.ts'
import { type HttpsEndpoint, startHttpsEndpoint } from '../emulators/https-endpoint.ts'
import { answersOf as oracleAnswers } from '../emulators/oracle/catalogue-answers.ts'
import { type OracleStandIn, startOracle } from '../emulators/oracle/server.ts'
import { answersOf as sqlServerAnswers } from '../emulators/sqlserver/catalogue-answers.ts'
import { type SqlServerStandIn, startSqlServer } from '../emulators/sqlserver/server.ts'
import { makeCertificates } from '../support/certificates.ts'
import { type HostProcess, startHostProcess } from '../support/processes.ts'
import { credential, password } from '../support/run-check.ts'

const slowMs = 1000
/** What the service may add, ms. */
const overheadMs = 100
const attempts = 5

/** Answers as `answer` does, but one statement after `slowMs`. */
const slowIn =
  <Answer extends object>(answer: (sql: string) => Answer | undefined, slow: string) =>
  (sql: string) => {
    const given = answer(sql)
    return given && sql === slow ? { ...given, delayMs: slowMs } : given
  }

const ofSqlServer = sqlServerAnswers({})
const ofOracle = oracleAnswers({})
const login = () => ({ password })

let folder: string
let endpoint: HttpsEndpoint
let sqlServer: SqlServerStandIn
let oracle: OracleStandIn
let host: HostProcess

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'precheck-second-'))
  const certificates = await makeCertificates()
  endpoint = await startHttpsEndpoint(certificates)
  sqlServer = await startSqlServer({ answer: ofSqlServer })
  oracle = await startOracle({ login, answer: ofOracle })
  const authority = join(folder, 'authority.pem')
  writeFileSync(authority, certificates.ca)
  host = await startHostProcess(folder, { PRECHECK_SECRET_DB: password, NODE_EXTRA_CA_CERTS: authority })
  const connections = {
    sqlserver: { host: '127.0.0.1', port: sqlServer.port, credential, tls: { mode: 'off' } },
    oracle: { host: '127.0.0.1', port: oracle.port, serviceName: 'orcl', credential },
  }
  for (const [engine, connection] of Object.entries(connections)) {
    const endpoints = { oss: endpoint.url, service: [endpoint.url] }
    const body = { engine, region: 'cn-hangzhou', connection, endpoints }
    await send(host, { method: 'PUT', path: `/v1/instances/${engine}`, body }, Instance)
  }
})
afterAll(async () => {
  await host.kill('SIGTERM')
  await Promise.all([endpoint.close(), sqlServer.close(), oracle.close()])
  rmSync(folder, { recursive: true })
})

/** Runs a precheck to its end, and gives the time from its start to its end by its own record, ms. */
const precheck = async (instanceId: string): Promise<number> => {
  const path = `/v1/instances/${instanceId}/prechecks`
  const { id } = await send(host, { method: 'POST', path, body: {} }, PrecheckView)
  const { outcome, startedAt, completedAt } = await follow(host, id, () => undefined)
  expect(outcome).toBe('passed')
  return Date.parse(completedAt ?? '') - Date.parse(startedAt)
}

const engines = [
  {
    engine: 'sqlserver',
    answerAtOnce: () => sqlServer.setScenario({ answer: ofSqlServer }),
    answerSlowly: () => sqlServer.setScenario({ answer: slowIn(ofSqlServer, databaseQueries.databases.sql) }),
  },
  {
    engine: 'oracle',
    answerAtOnce: () => oracle.setScenario({ login, answer: ofOracle }),
    answerSlowly: () => oracle.setScenario({ login, answer: slowIn(ofOracle, destinationQuery.sql) }),
  },
]

describe('a precheck whose slowest probe waits 1 s for its answer', () => {
  it.each(engines)('ends within 1.1 s of its start on $engine', async (engine) => {
    // Loads the driver.
    await precheck(engine.engine)
    let limitMs = overheadMs
    let addedMs = Number.POSITIVE_INFINITY
    // What else runs on the machine only ever adds: the first one within the limit is quick enough.
    for (let attempt = 0; attempt < attempts && addedMs >= limitMs; attempt += 1) {
      engine.answerAtOnce()
      // Where even one that waits for nothing takes long, the machine is busy: then as much as three of these.
      limitMs = Math.max(overheadMs, 3 * (await precheck(engine.engine)))
      engine.answerSlowly()
      addedMs = (await precheck(engine.engine)) - slowMs
      expect(addedMs).toBeGreaterThanOrEqual(0)
    }
    expect(addedMs).toBeLessThan(limitMs)
  })
})

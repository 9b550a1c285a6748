import { createHook } from 'node:async_hooks'
import dns from 'node:dns'
import { createServer } from 'node:http'
import { once } from 'node:events'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { httpsProbe } from '../../../shared/adapters/https/https-probe.ts'
import { mysqlProbe } from '../../../shared/adapters/mysql/mysql-probe.ts'
import { oracleProbe } from '../../../shared/adapters/oracle/oracle-probe.ts'
import { findInstancePort } from '../../../shared/adapters/sqlserver/browser.ts'
import { addressesOf } from '../../../shared/adapters/names/name-lookup.ts'
import { sqlServerProbe } from '../../../shared/adapters/sqlserver/sqlserver-probe.ts'
import { webhookSender } from '../../../shared/adapters/webhook/webhook-sender.ts'
import { MySqlConnection } from '../../../shared/model/connections/mysql.ts'
import { OracleConnection } from '../../../shared/model/connections/oracle.ts'
import { SqlServerConnection } from '../../../shared/model/connections/sqlserver.ts'
import { startHttpsEndpoint } from '../../emulators/https-endpoint.ts'
import * as mysql from '../../emulators/mysql/scenario.ts'
import { startMySql } from '../../emulators/mysql/server.ts'
import * as oracle from '../../emulators/oracle/scenario.ts'
import { startOracle } from '../../emulators/oracle/server.ts'
import * as sqlserver from '../../emulators/sqlserver/scenario.ts'
import { startSqlServer } from '../../emulators/sqlserver/server.ts'
import { makeCertificates } from '../../support/certificates.ts'
import { askOnce } from '../../support/probes.ts'

/** How often the resolver of the system was asked, which holds a thread that files need. */
let asked = 0
const counting = createHook({
  init: (_, type) => {
    if (type === 'GETADDRINFOREQWRAP') asked += 1
  },
})
beforeAll(() => counting.enable())
afterAll(() => counting.disable())

const loopback = ['127.0.0.0/8', '::1/128']
const attempt = { password: 'p', limitMs: 20_000 }
const credential = { username: 'precheck', password: 'env:PRECHECK_SECRET_DB' }

/** Connects to `localhost` and tells what came of it. */
const callers: Readonly<Record<string, () => Promise<unknown>>> = {
  'the SQL Server probe': async () => {
    const server = await startSqlServer({ answer: () => sqlserver.table([{ n: 1 }]) })
    const given = { host: 'localhost', port: server.port, tls: { mode: 'off' }, credential }
    const connection = SqlServerConnection.parse(given)
    const outcome = await askOnce(
      sqlServerProbe(loopback),
      { engine: 'sqlserver', connection },
      attempt,
      'select 1',
    )
    await server.close()
    return 'rows' in outcome || outcome
  },
  'the Oracle probe': async () => {
    const answer = () => oracle.table([{ n: 1 }])
    const server = await startOracle({ answer, login: () => ({ password: 'p' }) })
    const given = { host: 'localhost', port: server.port, serviceName: 'ORCL', credential }
    const connection = OracleConnection.parse({ ...given, privilege: 'normal', tls: { mode: 'off' } })
    const outcome = await askOnce(
      oracleProbe(loopback),
      { engine: 'oracle', connection },
      attempt,
      'select 1',
    )
    await server.close()
    return 'rows' in outcome || outcome
  },
  'the MySQL probe': async () => {
    const server = await startMySql({ answer: () => mysql.table([{ n: 1 }]) })
    const given = { host: 'localhost', port: server.port, tls: { mode: 'off' }, credential }
    const connection = MySqlConnection.parse(given)
    const outcome = await askOnce(mysqlProbe(loopback), { engine: 'mysql', connection }, attempt, 'select 1')
    await server.close()
    return 'rows' in outcome || outcome
  },
  'SQL Server Browser': async () => {
    const port = await findInstancePort('localhost', addressesOf, 'X', AbortSignal.timeout(50), 9)
    return port === null
  },
  'the https probe': async () => {
    const certificates = await makeCertificates()
    const endpoint = await startHttpsEndpoint(certificates)
    const url = endpoint.url.replace('127.0.0.1', 'localhost')
    const outcome = await httpsProbe({ urls: [url], ca: certificates.ca, limitMs: 20_000 })
    await endpoint.close()
    return JSON.stringify(outcome).includes('"status":403')
  },
  'the webhook sender': async () => {
    const server = createServer((_, response) => response.writeHead(204).end())
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : 0
    const send = webhookSender({ allowHttp: true, allowedNetworks: loopback })
    const answer = await send({ url: `http://localhost:${port}/`, headers: {}, body: '', limitMs: 20_000 })
    server.close()
    return 'status' in answer || answer
  },
}

it.each(Object.entries(callers))('%s never asks the resolver of the system', async (_, call) => {
  asked = 0
  expect(await call()).toBe(true)
  expect(asked).toBe(0)
})

it('which would be noticed', async () => {
  asked = 0
  await dns.promises.lookup('localhost')
  expect(asked).toBe(1)
})

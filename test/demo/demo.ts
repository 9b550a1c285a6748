import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type * as z from 'zod'
import { send } from '../../infra/cli/client.ts'
import { run } from '../../infra/cli/commands.ts'
import { paintFor } from '../../infra/cli/paint.ts'
import { startHost } from '../../infra/host/host.ts'
import { Instance, type InstanceDefinition } from '../../shared/model/instance.ts'
import { readSettings } from '../../shared/runtime/environment.ts'
import { jsonLog } from '../../shared/runtime/log.ts'
import { startHttpsEndpoint } from '../emulators/https-endpoint.ts'
import { startOracle } from '../emulators/oracle/server.ts'
import { startSqlServer } from '../emulators/sqlserver/server.ts'
import { makeCertificates } from '../support/certificates.ts'
import { demoPassword, oracleScene, sqlServerScene } from './scenes.ts'

/**
 * The whole service in one process, with stand-ins for what it looks at: a SQL Server, an Oracle and an HTTPS endpoint on
 * loopback. Everything else is the real thing: host, queue, functions, drivers, REST API.
 */

const write = (text: string): void => void process.stdout.write(text)
const paint = paintFor(process.stdout.isTTY, process.env)

const certificates = await makeCertificates()
const endpoint = await startHttpsEndpoint(certificates)
const sqlServer = await startSqlServer(sqlServerScene(certificates))
const oracle = await startOracle(oracleScene)

const dataFolder = mkdtempSync(join(tmpdir(), 'precheck-demo-'))
const environment = {
  PRECHECK_PORT: '9000',
  ...process.env,
  PRECHECK_DATA: dataFolder,
  DEMO_PASSWORD: demoPassword,
}
const log = jsonLog('error', (line) => void process.stderr.write(line))
const program = new URL('../../dist/host/run-check.mjs', import.meta.url)
const host = await startHost(readSettings(environment), environment, log, program)
const access = { url: host.url, token: readFileSync(host.tokenFile, 'utf8').trim() }

const shared = {
  region: 'cn-hangzhou',
  endpoints: { oss: endpoint.url, service: [endpoint.url], ca: certificates.ca },
}
const credential = { username: 'precheck', password: 'env:DEMO_PASSWORD' }
const definitions: Record<string, z.input<typeof InstanceDefinition>> = {
  'demo-sqlserver': {
    engine: 'sqlserver',
    connection: { host: 'localhost', port: sqlServer.port, credential, tls: { ca: certificates.ca } },
    description: 'One SIMPLE, one OFFLINE, one Always On secondary among healthy databases',
    ...shared,
  },
  'demo-oracle': {
    engine: 'oracle',
    connection: { host: '127.0.0.1', port: oracle.port, serviceName: 'orclcdb', credential },
    description: 'A container database in NOARCHIVELOG mode',
    ...shared,
  },
}

for (const [id, body] of Object.entries(definitions)) {
  const instance = await send(access, { method: 'PUT', path: `/v1/instances/${id}`, body }, Instance)
  write(`\nRegistered ${paint.strong(id)}: ${instance.definition.description ?? ''}\n`)
  await run(access, { instanceId: id }, { output: 'text', paint, write })
}

write(`${paint.strong('The service goes on at')} ${host.url}. Try next, in another terminal:

  export PRECHECK_URL=${host.url} PRECHECK_TOKEN="$(cat ${host.tokenFile})"
  npx precheck last demo-sqlserver
  curl -s -H "Authorization: Bearer $PRECHECK_TOKEN" "$PRECHECK_URL/v1/instances/demo-sqlserver/readiness?operation=log"
  curl -s -H "Authorization: Bearer $PRECHECK_TOKEN" "$PRECHECK_URL/openapi.json"

Ctrl-C ends it.
`)

const stop = async (): Promise<void> => {
  await host.stop()
  await Promise.all([endpoint.close(), sqlServer.close(), oracle.close()])
}
process.once('SIGINT', () => void stop())
process.once('SIGTERM', () => void stop())

import { readFileSync } from 'node:fs'
import { send } from '../../infra/cli/service/client.ts'
import { runCommandLine } from '../../infra/cli/commands/command-line.ts'
import { paintFor } from '../../infra/cli/reports/paint.ts'
import { explainStart } from '../../infra/host/start-fault.ts'
import { Instance } from '../../shared/model/instance.ts'
import { startStandIns } from '../support/stand-ins.ts'
import { demoFleet } from './fleet.ts'
import { startDemoReceiver } from './receiver.ts'
import { startInEmulatedCloud, startOnThisMachine } from './services.ts'

/**
 * The whole service in one process, with stand-ins for what it looks at and calls: a SQL Server, an Oracle, a MySQL, an
 * HTTPS endpoint and a receiver of webhooks on loopback. Everything else is the real thing: host, queue, functions,
 * drivers, REST API. With `--cloud-emulated` the bundles of the functions run as they do on Alibaba Cloud, with the
 * real SDKs, on stand-ins of its services.
 */

const write = (text: string): void => void process.stdout.write(text)
const paint = paintFor(process.stdout.isTTY, process.env)

const standIns = await startStandIns()
const growing = await startStandIns()
const pastOf = (passwordReference: string) => demoFleet(standIns, growing, passwordReference).past
const isCloud = process.argv.includes('--cloud-emulated')
const startService = async () => {
  try {
    return isCloud ? await startInEmulatedCloud() : await startOnThisMachine(pastOf)
  } catch (fault) {
    const explanation = explainStart(fault)
    if (explanation === null) throw fault
    process.stderr.write(`${explanation}\n`)
    return process.exit(1)
  }
}
if (!isCloud)
  write(
    'Eighteen nights of a small fleet, in less than a minute: the schedule, prechecks and sweeps of the service\n',
  )
const service = await startService()
const access = { url: service.url, token: readFileSync(service.tokenFile, 'utf8').trim() }

const { shown } = demoFleet(standIns, growing, service.passwordReference)
standIns.fix()

/** What a user types after `precheck`. */
const precheck = (...args: readonly string[]) =>
  runCommandLine(args, {
    environment: { ...process.env, PRECHECK_URL: access.url, PRECHECK_TOKEN: access.token },
    isTerminal: process.stdout.isTTY,
    write,
    writeError: write,
  })
const receiver = await startDemoReceiver(access)

for (const [id, body] of Object.entries(shown)) {
  const instance = await send(access, { method: 'PUT', path: `/v1/instances/${id}`, body }, Instance)
  write(`\nRegistered ${paint.strong(id)}: ${instance.definition.description ?? ''}\n`)
  await precheck('run', id)
}

write(`\n${paint.strong('The whole fleet once more, as every night:')}\n`)
await precheck('sweep')

write(`\n${paint.strong('Meanwhile a webhook was told')} (the sweep found nothing new in these instances)\n`)
// Three prechecks, and the sweep.
for (const line of await receiver.told(4)) write(`${line}\n`)

write(`\n${paint.strong('The console:')} ${service.url}/console/ (sign in with the token in ${service.tokenFile})
${paint.strong('The service goes on at')} ${service.url}. Try next, in another terminal:

  export PRECHECK_URL=${service.url} PRECHECK_TOKEN="$(cat ${service.tokenFile})"
  npx precheck last demo-sqlserver
  npx precheck sweep --engine oracle
  curl -s -H "Authorization: Bearer $PRECHECK_TOKEN" "$PRECHECK_URL/v1/instances/demo-sqlserver/readiness?operation=log"
  curl -s -H "Authorization: Bearer $PRECHECK_TOKEN" "$PRECHECK_URL/openapi.json"

Ctrl-C ends it.
`)

const stop = async (): Promise<void> => {
  await service.stop()
  await Promise.all([standIns.close(), growing.close(), receiver.close()])
}
process.once('SIGINT', () => void stop())
process.once('SIGTERM', () => void stop())

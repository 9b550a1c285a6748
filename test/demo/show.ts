import { readFileSync } from 'node:fs'
import { send } from '../../infra/cli/service/client.ts'
import { runCommandLine } from '../../infra/cli/commands/command-line.ts'
import { paintFor } from '../../infra/cli/reports/paint.ts'
import { explainStart } from '../../infra/host/start-fault.ts'
import { Instance } from '../../shared/model/instance.ts'
import { startStandIns } from '../support/stand-ins.ts'
import { demoFleet } from './fleet.ts'
import type { FleetPast } from './past.ts'
import { startDemoReceiver } from './receiver.ts'
import type { DemoService } from './services.ts'

/** Starts the service that is shown, with the past of a fleet where it can have one. */
type StartDemoService = (pastOf: (passwordReference: string) => FleetPast) => Promise<DemoService>

const write = (text: string): void => void process.stdout.write(text)
const paint = paintFor(process.stdout.isTTY, process.env)

const startOrExit = async (start: () => Promise<DemoService>): Promise<DemoService> => {
  try {
    return await start()
  } catch (fault) {
    const explanation = explainStart(fault)
    if (explanation === null) throw fault
    process.stderr.write(`${explanation}\n`)
    return process.exit(1)
  }
}

const signals = ['SIGINT', 'SIGTERM'] as const

/** As shells have it: 128 and the number of SIGINT. */
const interrupted = 130

const next = ({ url, tokenFile }: DemoService): string => `
${paint.strong('The console:')} ${url}/console/ (sign in with the token in ${tokenFile})
${paint.strong('The service goes on at')} ${url}. Try next, in another terminal:

  export PRECHECK_URL=${url} PRECHECK_TOKEN="$(cat ${tokenFile})"
  npx precheck last demo-sqlserver
  npx precheck sweep --engine oracle
  curl -s -H "Authorization: Bearer $PRECHECK_TOKEN" "$PRECHECK_URL/v1/instances/demo-sqlserver/readiness?operation=log"
  curl -s -H "Authorization: Bearer $PRECHECK_TOKEN" "$PRECHECK_URL/openapi.json"

Ctrl-C ends it. What it has stored goes with it, unless it is started with --keep.
`

/**
 * The whole service in one process, with stand-ins for what it looks at and calls: a SQL Server, an Oracle, a MySQL, an
 * HTTPS endpoint and a receiver of webhooks on loopback. Everything else is the real thing: host, queue, functions,
 * drivers, REST API.
 */
export const showDemo = async (start: StartDemoService): Promise<void> => {
  // What the demo has stored goes also where it is ended before it is shown. One listener stays until it is called: a
  // signal that comes while listeners change places is lost.
  let end: () => unknown = () => process.exit(interrupted)
  for (const signal of signals) process.once(signal, () => void end())
  const standIns = await startStandIns()
  const growing = await startStandIns()
  const fleetFor = (passwordReference: string) => demoFleet(standIns, growing, passwordReference)
  const service = await startOrExit(() => start((passwordReference) => fleetFor(passwordReference).past))
  const access = { url: service.url, token: readFileSync(service.tokenFile, 'utf8').trim() }
  const receiver = await startDemoReceiver(access)

  /** What a user types after `precheck`. */
  const precheck = (...args: readonly string[]) =>
    runCommandLine(args, {
      environment: { ...process.env, PRECHECK_URL: access.url, PRECHECK_TOKEN: access.token },
      columns: process.stdout.isTTY ? process.stdout.columns : null,
      readInput: async () => '',
      write,
      writeError: write,
    })

  standIns.fix()
  for (const [id, body] of Object.entries(fleetFor(service.passwordReference).shown)) {
    const instance = await send(access, { method: 'PUT', path: `/v1/instances/${id}`, body }, Instance)
    write(`\nRegistered ${paint.strong(id)}: ${instance.definition.description ?? ''}\n`)
    await precheck('run', id)
  }

  write(`\n${paint.strong('The whole fleet once more, as every night:')}\n`)
  await precheck('sweep')

  write(
    `\n${paint.strong('Meanwhile a webhook was told')} (the sweep found nothing new in these instances)\n`,
  )
  // Three prechecks, and the sweep.
  for (const line of await receiver.told(4)) write(`${line}\n`)

  end = async () => {
    await service.stop()
    await Promise.all([standIns.close(), growing.close(), receiver.close()])
  }
  write(next(service))
}

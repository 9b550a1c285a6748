import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { clock } from '../../infra/host/clock.ts'
import { startHost } from '../../infra/host/host.ts'
import { readSettings } from '../../shared/runtime/environment.ts'
import { jsonLog } from '../../shared/runtime/log.ts'
import { type FleetPast, liveThrough } from './past.ts'
import { demoPassword } from './scenes.ts'

/** The service that the demo shows. */
export interface DemoService {
  readonly url: string
  /** File that holds a token of scope `admin`. */
  readonly tokenFile: string
  /** Where the service finds the password of the stand-ins. */
  readonly passwordReference: string
  readonly stop: () => Promise<void>
}

const newFolder = (): string => mkdtempSync(join(tmpdir(), 'precheck-demo-'))

const port = process.env['PRECHECK_PORT'] ?? '9000'

const log = jsonLog('error', (text) => void process.stderr.write(text))

/** The timer fires every minute on Alibaba Cloud, ms; nobody waits that long for a demo. */
const timerMs = 1000

const passwordReference = 'env:PRECHECK_SECRET_DEMO'

/** The single-machine host, on a database file in a temporary folder, which has a past. */
export const startOnThisMachine = async (
  pastOf: (passwordReference: string) => FleetPast,
): Promise<DemoService> => {
  const environment = {
    ...process.env,
    PRECHECK_PORT: port,
    PRECHECK_DATA: newFolder(),
    PRECHECK_SECRET_DEMO: demoPassword,
    // The receiver of the demo is on loopback.
    PRECHECK_WEBHOOK_HTTP: 'true',
    PRECHECK_WEBHOOK_NETWORKS: '127.0.0.0/8',
  }
  await liveThrough({ ...pastOf(passwordReference), environment, log })
  const program = new URL('../../dist/host/run-check.mjs', import.meta.url)
  const host = await startHost(
    readSettings({ ...environment, PRECHECK_LOG_LEVEL: 'error' }),
    environment,
    log,
    program,
  )
  return { ...host, passwordReference }
}

/** The functions as they are deployed, on stand-ins of Function Compute and of the services that they use. */
export const startInEmulatedCloud = async (): Promise<DemoService> => {
  // The SDKs take half a second to load, for which the other way need not wait.
  const { startCloud } = await import('../support/cloud-service.ts')
  const service = await startCloud({ password: demoPassword, port: Number(port) })
  const tokenFile = join(newFolder(), 'admin-token')
  writeFileSync(tokenFile, `${service.token}\n`, { mode: 0o600 })
  const timer = clock(
    async () => {
      await service.tick()
      return { isBusy: false }
    },
    timerMs,
    log,
  )
  const stop = async (): Promise<void> => {
    await timer.stop()
    await service.close()
  }
  return { ...service, tokenFile, stop }
}

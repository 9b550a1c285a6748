import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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

/** A folder of its own for what the demo keeps, its token too; it goes with the demo, unless `--keep` is given. */
export const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'precheck-demo-'))
  const isKept = process.argv.includes('--keep')
  if (!isKept) process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Port of the service. */
export const port = process.env['PRECHECK_PORT'] ?? '9000'

/** Tells of faults alone: the demo has the terminal. */
export const log = jsonLog('error', (text) => void process.stderr.write(text))

const passwordReference = 'env:PRECHECK_SECRET_DEMO'

/** The single-machine host, on a database file in a temporary folder, which has a past; with these settings beside its own. */
export const startOnThisMachine = async (
  pastOf: (passwordReference: string) => FleetPast,
  settings: Readonly<Record<string, string>> = {},
): Promise<DemoService> => {
  const environment = {
    ...process.env,
    ...settings,
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

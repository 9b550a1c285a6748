import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startHost } from '../../infra/host/host.ts'
import { readSettings } from '../../shared/runtime/environment.ts'
import { jsonLog } from '../../shared/runtime/log.ts'
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

const writeError = (text: string): void => void process.stderr.write(text)

/** The single-machine host, on a database file in a temporary folder. */
export const startOnThisMachine = async (): Promise<DemoService> => {
  const environment = {
    ...process.env,
    PRECHECK_PORT: port,
    PRECHECK_DATA: newFolder(),
    DEMO_PASSWORD: demoPassword,
  }
  const program = new URL('../../dist/host/run-check.mjs', import.meta.url)
  const host = await startHost(readSettings(environment), environment, jsonLog('error', writeError), program)
  return { ...host, passwordReference: 'env:DEMO_PASSWORD' }
}

/** The functions as they are deployed, on stand-ins of Function Compute and of the services that they use. */
export const startInEmulatedCloud = async (): Promise<DemoService> => {
  // The SDKs take half a second to load, for which the other way need not wait.
  const { startCloud } = await import('../support/cloud-service.ts')
  const service = await startCloud({ password: demoPassword, port: Number(port) })
  const tokenFile = join(newFolder(), 'admin-token')
  writeFileSync(tokenFile, `${service.token}\n`, { mode: 0o600 })
  return { ...service, tokenFile, stop: service.close }
}

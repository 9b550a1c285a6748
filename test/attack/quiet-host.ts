import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { demoPassword } from '../demo/scenes.ts'
import { type HostProcess, startHostProcess } from '../support/processes.ts'

/** What the service resolves to the password of the stand-ins. */
export const passwordReference = 'env:PRECHECK_SECRET_DB'

/** Nobody but this machine is contacted, whatever is registered: what a registration leaves open is set to loopback. */
const loopbackOnly = {
  PRECHECK_SECRET_DB: demoPassword,
  PRECHECK_DATABASE_NETWORKS: '127.0.0.0/8,::1/128',
  PRECHECK_OSS_ENDPOINT: 'https://127.0.0.1:1/',
  PRECHECK_SERVICE_ENDPOINTS: 'https://127.0.0.1:1/',
  PRECHECK_WEBHOOK_HTTP: 'true',
  PRECHECK_WEBHOOK_NETWORKS: '127.0.0.0/8',
}

/** Characters of what a host has written that are shown where an attack came through. */
const lastWords = 4000

/** A host, and what ends it. */
export interface QuietHost {
  readonly host: HostProcess
  readonly stop: () => Promise<void>
}

/** Starts the built host in a process of its own, with a data folder for it alone. */
export const startQuietHost = async (environment: NodeJS.ProcessEnv = {}): Promise<QuietHost> => {
  const folder = mkdtempSync(join(tmpdir(), 'precheck-attack-'))
  const host = await startHostProcess(folder, { ...loopbackOnly, ...environment })
  return {
    host,
    stop: async () => {
      await host.kill('SIGKILL')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Runs a host as long as `work` takes. */
export const withHost = async <Value>(
  work: (host: HostProcess) => Promise<Value>,
  environment: NodeJS.ProcessEnv = {},
): Promise<Value> => {
  const { host, stop } = await startQuietHost(environment)
  try {
    return await work(host)
  } catch (cause) {
    throw new Error(`The host said last: ${host.output().slice(-lastWords)}`, { cause })
  } finally {
    await stop()
  }
}

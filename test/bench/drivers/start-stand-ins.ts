import { fork } from 'node:child_process'
import { once } from 'node:events'
import { standInsProgram } from '../bundles.ts'
import { serversVariable } from './targets.ts'

/** The servers of the benchmark, in a process of their own. */
export interface StandIns {
  /** What a measured process needs to find them. */
  readonly environment: Readonly<Record<string, string>>
  /** Logins that the databases have seen so far. */
  readonly countLogins: () => Promise<number>
  readonly stop: () => void
}

/** Starts the servers and waits until they listen. */
export const startStandIns = async (): Promise<StandIns> => {
  const child = fork(standInsProgram)
  const [servers]: unknown[] = await once(child, 'message')
  return {
    environment: { [serversVariable]: JSON.stringify(servers) },
    countLogins: async () => {
      child.send('count')
      const [logins]: unknown[] = await once(child, 'message')
      return Number(logins)
    },
    stop: () => child.disconnect(),
  }
}

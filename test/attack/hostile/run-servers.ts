import { startHostileServers } from './servers.ts'

/** The hostile servers in a process of their own, so that what they send costs nobody but who reads it. */
process.stdout.write(`${JSON.stringify(await startHostileServers())}\n`)

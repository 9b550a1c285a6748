import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Amount, measure } from './measure.ts'
import { itemsOfPrecheck } from './payload.ts'
import type { PeerFactory } from './peers/peer.ts'
import { NotInstalled } from '../support/servers/server.ts'

/** Measures one system in this process alone, and prints its figures as JSON: `run-peer.ts <peer> <prechecks> <probeMs>`. */

/** Each is loaded by itself: what the others load would be marked at every garbage collection. */
type Peers = Readonly<Record<string, () => Promise<PeerFactory>>>

/** No-op probes: 200 prechecks under way. */
const flows: Peers = {
  ours: async () => (await import('./ours.ts')).oursWithoutServers,
  bullmqFlows: async () => (await import('./peers/bullmq-flows.ts')).bullmqFlows,
  pgBoss: async () => (await import('./peers/pg-boss.ts')).pgBoss,
  sqliteFloor: async () => (await import('./peers/floors.ts')).sqliteFloor,
  promiseAll: async () => (await import('./peers/floors.ts')).promiseAll,
}

/** Real drivers: 40 prechecks under way, enough to keep them busy. */
const drivers: Peers = {
  oursSqlServer: async () => (await import('./ours.ts')).oursAgainst('sqlserver'),
  oursOracle: async () => (await import('./ours.ts')).oursAgainst('oracle'),
  oursMySql: async () => (await import('./ours.ts')).oursAgainst('mysql'),
  bareSqlServer: async () => (await import('./drivers/bare-drivers.ts')).bareSqlServer,
  bareOracle: async () => (await import('./drivers/bare-drivers.ts')).bareOracle,
  bareMySql: async () => (await import('./drivers/bare-drivers.ts')).bareMySql,
}

const [name = '', count = '0', probeMs = '0'] = process.argv.slice(2)
const load = flows[name] ?? drivers[name]
if (!load) throw new Error(`no peer is called ${name}`)
const prechecks = Number(count)
const { concurrency, ...amount }: Amount & { readonly concurrency: number } =
  name in flows
    ? { concurrency: 200, warmUp: Math.round(prechecks / 5), prechecks, oneByOne: 300 }
    : { concurrency: 40, warmUp: Math.round(prechecks / 2), prechecks, oneByOne: 60 }

const folder = mkdtempSync(join(tmpdir(), 'precheck-bench-'))
try {
  const figures = await measure(
    await load(),
    { items: itemsOfPrecheck, probeMs: Number(probeMs), concurrency, folder },
    amount,
  )
  process.stdout.write(`${JSON.stringify(figures)}\n`)
} catch (fault) {
  if (!(fault instanceof NotInstalled)) throw fault
  process.stdout.write(`${JSON.stringify({ missing: fault.message })}\n`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
process.exit(0)

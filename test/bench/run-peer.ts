import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bareOracle, bareSqlServer } from './drivers/bare-drivers.ts'
import { type Amount, measure } from './measure.ts'
import { oursAgainst, oursWithoutServers } from './ours.ts'
import { bullmqFlows } from './peers/bullmq-flows.ts'
import { promiseAll, sqliteFloor } from './peers/floors.ts'
import type { PeerFactory } from './peers/peer.ts'
import { pgBoss } from './peers/pg-boss.ts'
import { NotInstalled } from '../support/servers/server.ts'

/** Measures one system in this process alone, and prints its figures as JSON: `run-peer.ts <peer> <prechecks> <probeMs>`. */

/** No-op probes: 200 prechecks under way. */
const flows: Readonly<Record<string, PeerFactory>> = {
  ours: oursWithoutServers,
  bullmqFlows,
  pgBoss,
  sqliteFloor,
  promiseAll,
}

/** Real drivers: 40 prechecks under way, enough to keep them busy. */
const drivers: Readonly<Record<string, PeerFactory>> = {
  oursSqlServer: oursAgainst('sqlserver'),
  oursOracle: oursAgainst('oracle'),
  bareSqlServer,
  bareOracle,
}

const [name = '', count = '0', probeMs = '0'] = process.argv.slice(2)
const factory = flows[name] ?? drivers[name]
if (!factory) throw new Error(`no peer is called ${name}`)
const prechecks = Number(count)
const { concurrency, ...amount }: Amount & { readonly concurrency: number } =
  name in flows
    ? { concurrency: 200, warmUp: Math.round(prechecks / 5), prechecks, oneByOne: 300 }
    : { concurrency: 40, warmUp: Math.round(prechecks / 2), prechecks, oneByOne: 60 }

const folder = mkdtempSync(join(tmpdir(), 'precheck-bench-'))
try {
  const figures = await measure(factory, { items: 5, probeMs: Number(probeMs), concurrency, folder }, amount)
  process.stdout.write(`${JSON.stringify(figures)}\n`)
} catch (fault) {
  if (!(fault instanceof NotInstalled)) throw fault
  process.stdout.write(`${JSON.stringify({ missing: fault.message })}\n`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
process.exit(0)

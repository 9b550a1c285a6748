import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { measure } from './measure.ts'
import { ours } from './ours.ts'
import { bullmqFlows } from './peers/bullmq-flows.ts'
import { promiseAll, sqliteFloor } from './peers/floors.ts'
import type { PeerFactory } from './peers/peer.ts'
import { pgBoss } from './peers/pg-boss.ts'
import { NotInstalled } from './peers/servers.ts'

/** Measures one system in this process alone, and prints its figures as JSON: `run-peer.ts <peer> <prechecks> <probeMs>`. */
const peers: Readonly<Record<string, PeerFactory>> = { ours, bullmqFlows, pgBoss, sqliteFloor, promiseAll }

const [name = '', prechecks = '0', probeMs = '0'] = process.argv.slice(2)
const factory = peers[name]
if (!factory) throw new Error(`no peer is called ${name}`)

const folder = mkdtempSync(join(tmpdir(), 'precheck-bench-'))
const concurrency = 200
try {
  const workload = { items: 5, probeMs: Number(probeMs), concurrency, folder }
  const count = Number(prechecks)
  const figures = await measure(factory, workload, {
    warmUp: Math.round(count / 5),
    prechecks: count,
    oneByOne: 300,
  })
  process.stdout.write(`${JSON.stringify(figures)}\n`)
} catch (fault) {
  if (!(fault instanceof NotInstalled)) throw fault
  process.stdout.write(`${JSON.stringify({ missing: fault.message })}\n`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
process.exit(0)

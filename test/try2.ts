import { mkdtempSync } from 'node:fs'
import { measure } from './bench/measure.ts'
import { bullmqFlows } from './bench/peers/bullmq-flows.ts'
import { pgBoss } from './bench/peers/pg-boss.ts'
import { promiseAll, sqliteFloor } from './bench/peers/floors.ts'
const f = { bullmqFlows, pgBoss, promiseAll, sqliteFloor }[process.argv[2]!]!
console.log(
  process.argv[2],
  await measure(
    f,
    { items: 5, probeMs: 0, concurrency: 100, folder: mkdtempSync('/tmp/bench-') },
    { warmUp: 200, prechecks: Number(process.argv[3]), oneByOne: 100 },
  ),
)
process.exit(0)

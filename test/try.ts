import { mkdtempSync } from 'node:fs'
import { measure } from './bench/measure.ts'
import { ours } from './bench/ours.ts'
console.log(
  await measure(
    ours,
    { items: 5, probeMs: 0, concurrency: Number(process.argv[2] ?? 200), folder: mkdtempSync('/tmp/bench-') },
    { warmUp: 1000, prechecks: 10000, oneByOne: 300 },
  ),
)
process.exit(0)

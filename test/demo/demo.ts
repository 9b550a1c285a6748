#!/usr/bin/env node
import { startOnThisMachine } from './services.ts'
import { showDemo } from './show.ts'

/** The demo on the single-machine host, on a database file of its own: `npm run demo`, and `precheck-demo` of the package. */
process.stdout.write(
  'Eighteen nights of a small fleet, in less than a minute: the schedule, prechecks and sweeps of the service\n',
)
await showDemo(startOnThisMachine)

import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crash } from './crash.ts'

/** Prints what kill -9 in the middle of 200 running prechecks leaves: `npm run crash`. */
const folder = mkdtempSync(join(tmpdir(), 'precheck-crash-'))
const report = await crash(folder, { count: 200, deadlineSeconds: 60, downMs: 0 })
process.stdout.write(`${JSON.stringify(report, null, 2)}\n`)

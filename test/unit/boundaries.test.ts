import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** A rule that matches nothing passes in silence: each layer is shown an import that it must refuse. */
const forbidden = [
  ['shared/model/x.ts', "import { catalogue } from '../checks/catalogue.ts'\nexport const x = catalogue"],
  ['shared/model/y.ts', "export { readFile } from 'node:fs/promises'"],
  ['shared/model/z.ts', 'export const x = () => fetch("https://example.com")'],
  ['shared/checks/x.ts', "import type { Probes } from '../ports/probe.ts'\nexport type X = Probes"],
  ['shared/checks/oracle/x.ts', "export const load = () => import('oracledb')"],
  [
    'shared/webhooks/events/x.ts',
    "import type { Queue } from '../../ports/queue.ts'\nexport type X = Queue<string>",
  ],
  ['shared/webhooks/model/x.ts', "export { eventFor } from '../events/events.ts'"],
  ['shared/webhooks/formats/x.ts', "export { deliverWebhook } from '../delivery/deliver-webhook.ts'"],
  [
    'shared/webhooks/delivery/x.ts',
    "export { startPrecheck } from '../../flows/prechecks/start-precheck.ts'",
  ],
  ['shared/ports/z.ts', "export { Webhook } from '../webhooks/model/webhook.ts'"],
  ['shared/ports/x.ts', "export { startPrecheck } from '../flows/start-precheck.ts'"],
  ['shared/ports/y.ts', "export { Connection } from 'tedious'"],
  ['shared/flows/x.ts', "export { openDatabase } from '../adapters/sqlite/database.ts'"],
  ['shared/flows/sweeps/x.ts', "export { openDatabase } from '../../adapters/sqlite/database.ts'"],
  ['shared/flows/y.ts', "export { localRuntime } from '../runtime/local.ts'"],
  ['shared/adapters/https/x.ts', "export { startPrecheck } from '../../flows/start-precheck.ts'"],
  ['shared/adapters/sqlserver/x.ts', "export { lookup } from 'node:dns/promises'"],
  ['infra/cli/x.ts', "export { lookup } from 'node:dns'"],
  ['shared/runtime/x.ts', "export { createHandler } from '../../functions/api/handler.ts'"],
  ['functions/api/x.ts', "export { openDatabase } from '../../shared/adapters/sqlite/database.ts'"],
  ['infra/host/y.ts', "export { openDatabase } from '../../shared/adapters/sqlite/database.ts'"],
  ['infra/host/x.ts', "export { startOracle } from '../../test/emulators/oracle/server.ts'"],
] as const

let folder: string
let output: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'precheck-boundaries-'))
  for (const file of ['oxlint.config.mjs', 'infra/build/drivers.mjs'])
    cpSync(join(root, file), join(folder, file))
  cpSync(join(root, 'tsconfig.json'), join(folder, 'tsconfig.json'))
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  for (const [path, source] of forbidden) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), `${source}\n`)
  }
  try {
    output = execFileSync(
      join(root, 'node_modules/.bin/oxlint'),
      ['-c', 'oxlint.config.mjs', '--format', 'json'],
      {
        cwd: folder,
        encoding: 'utf8',
      },
    )
  } catch (fault) {
    output = (fault as { stdout: string }).stdout
  }
})
afterAll(() => rmSync(folder, { recursive: true }))

it.each(forbidden)('the linter refuses %s', (path) => {
  const { diagnostics } = JSON.parse(output) as { diagnostics: { filename: string; code: string }[] }
  const codes = diagnostics.filter(({ filename }) => filename.endsWith(path)).map(({ code }) => code)
  expect(codes.some((code) => /no-restricted-(imports|globals)/.test(code))).toBe(true)
})

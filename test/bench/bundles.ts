import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('../../', import.meta.url))
const folder = `${root}dist/bench/`

/** Programs as production runs them, bundled, with no transpiler in the process; paths from the root of the project for the host. */
export const peerProgram = `${folder}run-peer.mjs`
export const fleetHost = 'dist/bench/fleet-host.mjs'

export const standInsProgram = `${folder}stand-ins.mjs`

const sources = {
  'run-peer': 'test/bench/run-peer.ts',
  'fleet-host': 'test/bench/fleet-host.ts',
  'noop-checks': 'test/bench/noop-checks.ts',
  'run-check': 'infra/host/run-check.ts',
  'blocking-checks': 'test/support/blocking-checks.ts',
  'stand-ins': 'test/bench/drivers/stand-ins.ts',
}

/** Makes the programs of the benchmarks. */
export const makeBundles = async (...programs: readonly (keyof typeof sources)[]): Promise<void> => {
  mkdirSync(folder, { recursive: true })
  await build({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(
      [...programs, 'noop-checks' as const].map((each) => [each, sources[each]]),
    ),
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    packages: 'external',
    logLevel: 'warning',
  })
}

import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const here = fileURLToPath(new URL('./', import.meta.url))
const folder = fileURLToPath(new URL('../../dist/bench/', import.meta.url))

/** Programs as production runs them, bundled, with no transpiler in the process; paths from the root of the project for the host. */
export const peerProgram = `${folder}run-peer.mjs`
export const fleetHost = 'dist/bench/fleet-host.mjs'

/** Makes the programs of the benchmarks. */
export const makeBundles = async (...programs: readonly string[]): Promise<void> => {
  mkdirSync(folder, { recursive: true })
  await build({
    entryPoints: [...programs, 'noop-checks'].map((program) => `${here}${program}.ts`),
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    packages: 'external',
    logLevel: 'warning',
  })
}

import { rm } from 'node:fs/promises'
import { build } from 'esbuild'

/**
 * One file for every function and program. What tedious needs of Azure is left out: it is loaded at its start and used for
 * Azure logins alone.
 */
const shared = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  minify: true,
  sourcemap: 'linked',
  logLevel: 'warning',
  metafile: true,
  alias: {
    '@azure/identity': './infra/build/azure-absent.mjs',
    '@azure/keyvault-keys': './infra/build/azure-absent.mjs',
  },
}

/** CommonJS inside the bundles asks for `require`. */
const requireBanner = {
  js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
}

/** Functions, as they are deployed: everything inside, drivers in chunks of their own that are loaded when first used. */
export const functions = ['api', 'run-check', 'collect']

const programs = {
  'host/index': 'infra/host/main.ts',
  'host/run-check': 'infra/host/run-check.ts',
  'precheck/index': 'infra/cli/main.ts',
}

// The tests build without it: another run may be using what is there.
if (process.argv.includes('--clean')) await rm('dist', { recursive: true, force: true })
for (const name of functions) {
  await build({
    ...shared,
    entryPoints: { index: `functions/${name}/handler.ts` },
    outdir: `dist/functions/${name}`,
    format: 'esm',
    splitting: true,
    outExtension: { '.js': '.mjs' },
    banner: requireBanner,
  })
}
await build({
  ...shared,
  entryPoints: programs,
  outdir: 'dist',
  format: 'esm',
  splitting: true,
  outExtension: { '.js': '.mjs' },
  banner: requireBanner,
  // Native code and drivers are taken from node_modules as they are.
  external: ['@photostructure/sqlite', 'oracledb', 'tedious'],
})

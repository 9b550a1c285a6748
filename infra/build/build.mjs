import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
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

/** Our own modules define and do nothing else: what a function does not use of them leaves its bundle, with all that it imports. */
const withoutSideEffects = {
  name: 'without-side-effects',
  setup: ({ onResolve }) => {
    onResolve({ filter: /^\.{1,2}\/.*\.ts$/ }, ({ path, resolveDir }) => ({
      path: join(resolveDir, path),
      sideEffects: false,
    }))
  },
}

/**
 * Functions, as they are deployed: everything inside, drivers in chunks of their own that are loaded when first used. Chunks
 * need ECMAScript modules, and save more of a cold start than CommonJS does.
 */
const functions = {
  api: 'functions/api/handler.ts',
  'run-check': 'functions/run-check/index.ts',
  collect: 'functions/collect/handler.ts',
}

const programs = {
  'host/index': 'infra/host/main.ts',
  'host/run-check': 'infra/host/run-check.ts',
  'precheck/index': 'infra/cli/main.ts',
}

// The tests build without it: another run may be using what is there.
if (process.argv.includes('--clean')) await rm('dist', { recursive: true, force: true })
for (const [name, entry] of Object.entries(functions)) {
  const { metafile } = await build({
    ...shared,
    // Maps would be three quarters of what is deployed, and the runtime does not read them.
    sourcemap: false,
    plugins: [withoutSideEffects],
    entryPoints: { index: entry },
    outdir: `dist/functions/${name}`,
    format: 'esm',
    splitting: true,
    outExtension: { '.js': '.mjs' },
    banner: requireBanner,
  })
  // What is in each bundle, for the tests; beside the folder that is deployed.
  await writeFile(`dist/functions/${name}.meta.json`, JSON.stringify(metafile))
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

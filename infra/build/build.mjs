import { existsSync } from 'node:fs'
import { copyFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, join } from 'node:path'
import { build } from 'esbuild'
import { buildConsole, copyConsole } from './build-console.mjs'
import { databaseDrivers } from './drivers.mjs'
import { sbomWriter } from './sbom.mjs'

const require = createRequire(import.meta.url)

/** One file for every function and program. */
const shared = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  minify: true,
  sourcemap: 'linked',
  logLevel: 'warning',
  metafile: true,
  // What `debug` uses if it happens to be there.
  external: ['supports-color'],
  alias: {
    '@protobufjs/inquire': './infra/build/inquire.cjs',
  },
}

/** CommonJS inside the bundles asks for `require`. */
const requireBanner = {
  js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
}

/**
 * Our own modules define and do nothing else: what a function does not use of them leaves its bundle, with all that it
 * imports.
 */
const withoutSideEffects = {
  name: 'without-side-effects',
  setup: ({ onResolve }) => {
    onResolve({ filter: /^\.{1,2}\/.*\.ts$/ }, ({ path, resolveDir }) => ({
      path: join(resolveDir, path),
      sideEffects: false,
    }))
  },
}

/** SDKs, drivers and a parser, all of which have CommonJS, and the file of each in the folder of a function. */
const packages = [
  'tablestore',
  '@alicloud/mns',
  '@alicloud/openapi-core',
  'nodemailer',
  'yaml',
  ...databaseDrivers,
]
const fileOf = (name) => `${basename(name)}.cjs`

/**
 * They stay CommonJS, in files of their own that are required where they are used: `tablestore` needs the sloppy mode,
 * since it assigns to variables that it has not declared, and `require` loads faster than `import` (a cold start of
 * `collect`: 110 ms instead of 200 ms).
 */
const inFilesOfTheirOwn = {
  name: 'in-files-of-their-own',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^[@\w]/ }, ({ path }) =>
      packages.includes(path) ? { path, namespace: 'package', sideEffects: false } : undefined,
    )
    onResolve({ filter: /^\.\//, namespace: 'package' }, ({ path }) => ({ path, external: true }))
    onLoad({ filter: /./, namespace: 'package' }, ({ path }) => ({
      contents: `module.exports = require('./${fileOf(path)}')`,
    }))
  },
}

/** Files that left bytes in a bundle; what was shaken off leaves none. */
const filesIn = ({ outputs }) =>
  Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
  )

const functions = ['api', 'run-check', 'collect', 'schedule', 'notify']

/** Maps would be three quarters of what is deployed, and the runtime does not read them. */
const deployed = { ...shared, sourcemap: false }

/** Where to begin. The main file of `@alicloud/mns` knows another one, for a Node.js without `async`. */
const entryOf = (name) => require.resolve(name === '@alicloud/mns' ? '@alicloud/mns/lib/client.js' : name)

/** A package as a file of its own. */
const buildPackage = (name) =>
  build({
    ...deployed,
    entryPoints: [entryOf(name)],
    outfile: `dist/packages/${fileOf(name)}`,
    format: 'cjs',
  })

/**
 * A function as it is deployed, in a folder of its own: its code, and the packages that it uses. Resolves with what is
 * in it.
 */
const buildFunction = async (name, builtPackages) => {
  const outdir = `dist/functions/${name}`
  const { metafile } = await build({
    ...deployed,
    plugins: [withoutSideEffects, inFilesOfTheirOwn],
    entryPoints: { index: `functions/${name}/index.ts` },
    outdir,
    format: 'esm',
    outExtension: { '.js': '.mjs' },
    banner: requireBanner,
  })
  const required = Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path))
  const used = packages.filter((each) => required.includes(`./${fileOf(each)}`))
  await Promise.all(
    used.map((each) => copyFile(`dist/packages/${fileOf(each)}`, `${outdir}/${fileOf(each)}`)),
  )
  const metafiles = [metafile, ...used.map((each) => builtPackages[each].metafile)]
  return {
    inputs: Object.assign({}, ...metafiles.map(({ inputs }) => inputs)),
    outputs: Object.assign({}, ...metafiles.map(({ outputs }) => outputs)),
  }
}

const programs = {
  'host/index': 'infra/host/main.ts',
  'host/run-check': 'infra/host/run-check.ts',
  'precheck/index': 'infra/cli/main.ts',
  'demo/index': 'test/demo/demo.ts',
}

// With `--unless-built` what is there is left as it is: the programs of package.json build what an installation without
// its scripts has not.
if (process.argv.includes('--unless-built') && existsSync('dist/host/index.mjs')) process.exit()
// The tests build without it: another run may be using what is there.
if (process.argv.includes('--clean')) await rm('dist', { recursive: true, force: true })
const writeSbom = await sbomWriter()
await writeSbom('dist/console.cdx.json', filesIn(await buildConsole()))
const builtPackages = Object.fromEntries(
  await Promise.all(packages.map(async (name) => [name, await buildPackage(name)])),
)
for (const name of functions) {
  const contents = await buildFunction(name, builtPackages)
  // For the tests and for audits; beside the folder that is deployed.
  await writeFile(`dist/functions/${name}.meta.json`, JSON.stringify(contents))
  await writeSbom(`dist/functions/${name}.cdx.json`, filesIn(contents))
}
await copyConsole('dist/functions/api')
// Native code and drivers are taken from node_modules as they are.
const installed = ['@photostructure/sqlite', ...databaseDrivers]
const { metafile } = await build({
  ...shared,
  entryPoints: programs,
  outdir: 'dist',
  format: 'esm',
  splitting: true,
  outExtension: { '.js': '.mjs' },
  banner: requireBanner,
  external: [...shared.external, ...installed],
})
await writeSbom('dist/one-machine.cdx.json', filesIn(metafile), installed)

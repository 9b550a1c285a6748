import { cp, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { databaseDrivers } from './drivers.mjs'

/**
 * Makes of what is built the folder `dist/package`, which `npm pack` packs and npm installs: the programs of one
 * machine with the console, what installs them as a service, and a manifest that asks for nothing but what is not
 * bundled.
 */
const folder = 'dist/package'

/** Programs by their commands. */
const bin = {
  precheck: 'dist/precheck/index.mjs',
  'precheck-service': 'dist/host/index.mjs',
  'precheck-demo': 'dist/demo/index.mjs',
}

/** Of `dist`: the programs, the code that they share, and what says of what they are made. */
const isPacked = (name) =>
  ['precheck', 'host', 'demo', 'console'].includes(name) ||
  /\.mjs(\.map)?$/.test(name) ||
  ['one-machine.cdx.json', 'console.cdx.json'].includes(name)

const { version, description, license, engines, dependencies } = JSON.parse(
  await readFile('package.json', 'utf8'),
)
const manifest = {
  name: '@backup-precheck/precheck',
  version,
  description,
  license,
  type: 'module',
  bin,
  engines,
  dependencies: Object.fromEntries(
    ['@photostructure/sqlite', ...databaseDrivers].map((name) => [name, dependencies[name]]),
  ),
}

await rm(folder, { recursive: true, force: true })
await mkdir(`${folder}/dist`, { recursive: true })
const built = (await readdir('dist')).filter(isPacked)
await Promise.all([
  ...built.map((name) => cp(`dist/${name}`, `${folder}/dist/${name}`, { recursive: true })),
  ...['infra/install', 'README.md', 'CHANGELOG.md', 'LICENSE'].map((path) =>
    cp(path, `${folder}/${path}`, { recursive: true }),
  ),
])
await writeFile(`${folder}/package.json`, `${JSON.stringify(manifest, null, 2)}\n`)

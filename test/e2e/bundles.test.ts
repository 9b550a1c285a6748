import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

/** What the build tells of a bundle. */
interface Contents {
  readonly inputs: Readonly<Record<string, { readonly bytes: number }>>
  readonly outputs: Readonly<
    Record<
      string,
      { readonly bytes: number; readonly inputs: Readonly<Record<string, { bytesInOutput: number }>> }
    >
  >
}

const kiB = 1024

/**
 * What each function may hold, and how large it may get: `start` is loaded by a cold start, the rest when it is first
 * used. The budgets are a tenth above what there is.
 */
const bundles = [
  {
    name: 'api',
    start: ['tablestore.cjs'],
    lazy: ['mns.cjs', 'openapi-core.cjs', 'yaml.cjs'],
    indexKiB: 1165,
    allKiB: 2600,
  },
  {
    name: 'run-check',
    start: [],
    lazy: ['mns.cjs', 'openapi-core.cjs', 'mysql2.cjs', 'oracledb.cjs', 'tedious.cjs'],
    indexKiB: 898,
    allKiB: 4080,
  },
  { name: 'collect', start: ['tablestore.cjs'], lazy: ['mns.cjs'], indexKiB: 268, allKiB: 1270 },
  { name: 'schedule', start: ['tablestore.cjs'], lazy: ['mns.cjs'], indexKiB: 893, allKiB: 1895 },
  {
    name: 'notify',
    start: ['tablestore.cjs'],
    lazy: ['mns.cjs', 'openapi-core.cjs', 'nodemailer.cjs'],
    indexKiB: 900,
    allKiB: 2540,
  },
] as const

const place = { PRECHECK_ACCOUNT_ID: '1', PRECHECK_REGION: 'cn-hangzhou' }
const tables = { PRECHECK_TABLESTORE_ENDPOINT: 'https://a.example', PRECHECK_TABLESTORE_INSTANCE: 'precheck' }

const contentsOf = (name: string): Contents =>
  JSON.parse(readFileSync(`dist/functions/${name}.meta.json`, 'utf8')) as Contents

/** Sources that left bytes in the bundle; what was shaken off leaves none. */
const sourcesIn = ({ outputs }: Contents): string[] =>
  Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
  )

const filesIn = (name: string): string[] =>
  readdirSync(`dist/functions/${name}`, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name)
    .sort()

/** Of the console: it is loaded over networks, and read by a function when somebody asks for it. */
const consoleBudget = { scriptBytes: 45_000, allKiB: 170 }

let folder: string
beforeAll(() => {
  // Out of reach of `node_modules`, as it is where functions are deployed.
  folder = mkdtempSync(join(tmpdir(), 'precheck-bundles-'))
  cpSync('dist/functions', folder, { recursive: true })
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Names of the packages in a software bill of materials. */
const packagesIn = (sbom: string): string[] =>
  (JSON.parse(readFileSync(sbom, 'utf8')) as { components: { name: string }[] }).components.map(
    ({ name }) => name,
  )

/** What the package of a source calls itself; none for our own sources. */
const packageOf = (path: string): string[] => {
  const packageFolder = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0]
  if (packageFolder === undefined) return []
  return [(JSON.parse(readFileSync(`${packageFolder}/package.json`, 'utf8')) as { name: string }).name]
}

/** Files that Node.js has loaded once the handler is there. */
const loadedAtStart = (name: string, environment: Readonly<Record<string, string>>): string[] => {
  const program = `
    const { handler } = await import(${JSON.stringify(join(folder, name, 'index.mjs'))})
    const { default: { _cache } } = await import('node:module')
    console.log(JSON.stringify([typeof handler, ...Object.keys(_cache)]))`
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', program], { env: environment })
  return (JSON.parse(output.toString()) as string[]).map((path) => path.replace(`${folder}/${name}/`, ''))
}

describe.each(bundles)('the bundle of $name', ({ name, start, lazy, indexKiB, allKiB }) => {
  it('is made of its code and the packages that it uses', () => {
    expect(filesIn(name)).toEqual(['index.mjs', ...start, ...lazy].sort())
  })

  it('loads at its start what every invocation needs, and nothing else', () => {
    const environment = name === 'run-check' ? place : { ...place, ...tables }
    expect(loadedAtStart(name, environment).sort()).toEqual(['function', ...start].sort())
  })

  it('has a bill of materials that names its packages', () => {
    const bundled = sourcesIn(contentsOf(name)).flatMap(packageOf)
    expect(new Set(packagesIn(`dist/functions/${name}.cdx.json`))).toEqual(new Set(bundled))
  })

  it('is within its budget', () => {
    const sizes = filesIn(name).map((file) => statSync(join('dist/functions', name, file)).size)
    const index = statSync(join('dist/functions', name, 'index.mjs')).size
    expect(index).toBeLessThan(indexKiB * kiB)
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(allKiB * kiB)
  })

  it('holds nothing of the console', () => {
    const { inputs } = contentsOf(name)
    expect(Object.keys(inputs).filter((path) => path.startsWith('infra/console/'))).toEqual([])
  })

  it('holds nothing of the embedded ports', () => {
    const sources = sourcesIn(contentsOf(name))
    expect(sources).toContain(`functions/${name}/index.ts`)
    expect(sources.filter((path) => /sqlite|runtime\/(local|environment)\.ts$/.test(path))).toEqual([])
  })
})

it('api has the console beside it, small, and no other function has', () => {
  const hasFolder = bundles.filter(({ name }) => existsSync(`dist/functions/${name}/console`))
  expect(hasFolder.map(({ name }) => name)).toEqual(['api'])
  const all = readdirSync('dist/functions/api/console', { recursive: true, encoding: 'utf8' }).filter(
    (path) => path.includes('.'),
  )
  const named =
    /^(index\.html|icon\.svg|assets\/((console|style)-[A-Z0-9]{8}\.(js|css)|(en|zh)-[A-Z0-9]{8}\.json))$/
  expect(all.filter((path) => !named.test(path))).toEqual([])
  expect(all).toHaveLength(6)
  const bytesOf = (path: string) => readFileSync(join('dist/functions/api/console', path))
  const script = bytesOf(all.find((path) => path.endsWith('.js'))!)
  expect(gzipSync(script).length).toBeLessThan(consoleBudget.scriptBytes)
  const bytes = all.reduce((sum, path) => sum + bytesOf(path).length, 0)
  expect(bytes).toBeLessThan(consoleBudget.allKiB * kiB)
  expect(packagesIn('dist/console.cdx.json').toSorted()).toEqual([
    '@preact/signals',
    '@preact/signals-core',
    'preact',
  ])
})

it.each(['api', 'collect', 'schedule', 'notify'])(
  '%s holds what the SDK of Tablestore asks for behind the back of bundlers',
  (name) => {
    expect(sourcesIn(contentsOf(name))).toContain('node_modules/long/src/long.js')
  },
)

it('run-check holds nothing of the tables, and collect nothing of the checks', () => {
  expect(sourcesIn(contentsOf('run-check')).filter((path) => path.includes('tablestore'))).toEqual([])
  const checks = /^shared\/checks\/(catalogue|oracle|sqlserver|problems)/
  expect(sourcesIn(contentsOf('collect')).filter((path) => checks.test(path))).toEqual([])
})

it('one machine has no SDK of the cloud, and a bill of materials of what is bundled and installed', () => {
  const packages = packagesIn('dist/one-machine.cdx.json')
  expect(packages).toEqual(
    expect.arrayContaining(['zod', 'tedious', '@js-joda/core', '@photostructure/sqlite']),
  )
  expect(packages.filter((name) => /^@alicloud|^tablestore|^@azure/.test(name))).toEqual([])
})

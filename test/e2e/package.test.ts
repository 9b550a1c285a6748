import { execFileSync, spawn } from 'node:child_process'
import { readdirSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { type HostProcess, startHostProcess } from '../support/processes.ts'

const Packed = z.tuple([z.object({ filename: z.string(), files: z.array(z.object({ path: z.string() })) })])

const Manifest = z.object({
  version: z.string(),
  dependencies: z.record(z.string(), z.string()),
})
const manifestIn = (path: string) => Manifest.parse(JSON.parse(readFileSync(path, 'utf8')))

let folder: string
let files: string[]

/** Where the package lies, once it is installed. */
const inPackage = (path: string): string => join(folder, 'node_modules/@backup-precheck/precheck', path)

/** What npm would do with a registry: unpack it, and put what it depends on beside it. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'precheck-package-'))
  execFileSync(process.execPath, ['infra/build/package.mjs'])
  const options = ['--json', '--pack-destination', folder]
  const said = execFileSync('npm', ['pack', './dist/package', ...options]).toString()
  const [packed] = Packed.parse(JSON.parse(said))
  files = packed.files.map(({ path }) => path)
  mkdirSync(inPackage(''), { recursive: true })
  execFileSync('tar', ['-xzf', join(folder, packed.filename), '--strip-components=1', '-C', inPackage('')])
  for (const each of Object.keys(manifestIn(inPackage('package.json')).dependencies)) {
    const link = join(folder, 'node_modules', each)
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(resolve('node_modules', each), link)
  }
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const precheck = (...args: string[]): string =>
  execFileSync(process.execPath, [inPackage('dist/precheck/index.mjs'), ...args], {
    cwd: folder,
    env: { PRECHECK_URL: host.url, PATH: process.env['PATH'] },
  }).toString()

let host: HostProcess
beforeAll(async () => {
  host = await startHostProcess(join(folder, 'data'), {}, inPackage('dist/host/index.mjs'))
})
afterAll(() => host.kill('SIGTERM'))

describe('the package', () => {
  it('holds the programs, the console and what it takes to install them, and no sources', () => {
    const needed = [
      /^dist\/(host|precheck|demo|console)\//,
      /^dist\/[\w-]+\.mjs(\.map)?$/,
      /^dist\/(console|one-machine)\.cdx\.json$/,
      /^infra\/install\//,
    ]
    const rest = files.filter((path) => !needed.some((pattern) => pattern.test(path)))
    expect(rest.sort()).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json'])
  })

  it('asks for what is not bundled alone, in the versions of the tests', () => {
    const { dependencies } = manifestIn(inPackage('package.json'))
    const ours = manifestIn('package.json').dependencies
    const names = ['@photostructure/sqlite', 'mysql2', 'oracledb', 'tedious']
    expect(dependencies).toEqual(Object.fromEntries(names.map((name) => [name, ours[name]])))
  })

  it('has a command line that runs where there is nothing else', () => {
    expect(precheck('--version')).toBe(`${manifestIn('package.json').version}\n`)
  })

  it('has a service that is well and keeps its data', () => {
    expect(precheck('doctor')).toMatch(/✔ service[^]*✔ version[^]*✔ clock[^]*✔ token[^]*[✔!] data folder/)
  })

  it('has the console', async () => {
    const page = await fetch(`${host.url}/console/`)
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('<html')])
  })

  it('has the demo, which comes to its end', async () => {
    const environment = { PRECHECK_PORT: '0', TMPDIR: folder, PATH: process.env['PATH'] }
    const demo = spawn(process.execPath, [inPackage('dist/demo/index.mjs')], {
      cwd: folder,
      env: environment,
    })
    let said = ''
    for await (const chunk of demo.stdout.setEncoding('utf8')) {
      said += chunk
      if (said.includes('Ctrl-C ends it.')) demo.kill('SIGINT')
    }
    expect(said).toMatch(
      /Registered demo-sqlserver[^]*FAILED[^]*Outcome: FAILED[^]*precheck\.failed.*signature verified[^]*\/console\//,
    )
    // Its data, and the token in them, go with it.
    expect(readdirSync(folder).filter((name) => name.startsWith('precheck-demo-'))).toEqual([])
  })
})

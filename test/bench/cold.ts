import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readTemplate } from '../emulators/fc/template.ts'

/**
 * What the bundle of every function weighs, how long a cold start of it takes, and what is loaded only when it is used.
 * Which functions there are is what the build leaves behind.
 */

const rounds = 9
const kiB = 1024
const start = 'index.mjs'

/** Settings of every function, as `s.yaml` says them; nothing is asked of the addresses in them. */
const templates = readTemplate({
  account: '1234567890',
  region: 'cn-hangzhou',
  tablestoreInstance: 'precheck',
  deadlineSeconds: '60',
  itemSeconds: '20',
})

/** What `run-check` loads at its first use of a kind. */
const firstUses = [
  { use: 'Oracle', file: 'oracledb.cjs' },
  { use: 'SQL Server', file: 'tedious.cjs' },
  { use: 'HTTPS', file: 'node:https' },
  { use: 'result to the queue', file: 'mns.cjs' },
  { use: 'secret of KMS', file: 'openapi-core.cjs' },
]

const median = (numbers: readonly number[]): number =>
  numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? 0

const print = (text: string): void => void process.stdout.write(`${text}\n`)

const line = (first: string, ...cells: readonly string[]): string =>
  `${first.padEnd(12)}${cells.map((cell) => cell.padStart(12)).join('')}`

/** A program, and the environment that it runs in. */
interface Program {
  readonly code: string
  readonly env: Readonly<Record<string, string>>
}

/** Runs a program in a Node.js of its own and gives what it printed. */
const run = ({ code, env }: Program): string => {
  const args = ['--input-type=module', '-e', code]
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { env, encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  return stdout
}

/** Time of each program from the start of its process to its end, ms: medians of rounds in which they take turns, so that a busy moment hits all. */
const timesOf = (programs: readonly Program[]): number[] => {
  const times = programs.map((): number[] => [])
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, program] of programs.entries()) {
      const from = performance.now()
      run(program)
      times[index]?.push(performance.now() - from)
    }
  }
  return times.map(median)
}

const url = (...path: readonly string[]): string => JSON.stringify(join(...path))

const empty: Program = { code: 'process.exit(0)', env: {} }

/** The handler of a function gets ready; what still may hold the process open is not waited for. */
const starting = (folder: string, name: string): Program => ({
  code: `const { handler } = await import(${url(folder, name, start)}); process.exit(typeof handler === 'function' ? 0 : 1)`,
  env: templates[name]?.environment ?? {},
})

const requiring = `import { createRequire } from 'node:module'; const require = createRequire(${url(tmpdir(), 'x')});`

const loading = (folder: string, file: string): Program => {
  const target = file.startsWith('node:') ? JSON.stringify(file) : url(folder, file)
  return { code: `${requiring} require(${target}); process.exit(0)`, env: {} }
}

/** Files of its own folder that a function has loaded once its handler is ready. */
const loadedAtStart = (folder: string, name: string): string[] => {
  const code = `await import(${url(folder, name, start)}); ${requiring}
    console.log(JSON.stringify(Object.keys(require.cache))); process.exit(0)`
  const loaded = new Set(JSON.parse(run({ ...starting(folder, name), code })) as string[])
  return readdirSync(join(folder, name)).filter((file) => loaded.has(join(folder, name, file)))
}

const sizeOf = (...path: readonly string[]): number => statSync(join(...path)).size / kiB

const weighed = (folder: string, name: string, file: string): string =>
  `${file} ${sizeOf(folder, name, file).toFixed(0)} KiB`

const printFunctions = (folder: string): void => {
  const names = readdirSync(folder, { withFileTypes: true }).flatMap((each) =>
    each.isDirectory() ? [each.name] : [],
  )
  const [floor = 0, ...times] = timesOf([empty, ...names.map((name) => starting(folder, name))])
  print(`An empty process takes ${floor.toFixed(0)} ms; a cold start is above that. Medians of ${rounds}.\n`)
  print(line('function', 'cold ms', 'index KiB', 'all KiB'))
  for (const [index, name] of names.entries()) {
    const files = readdirSync(join(folder, name))
    const all = files.reduce((sum, file) => sum + sizeOf(folder, name, file), 0)
    const cells = [(times[index] ?? 0) - floor, sizeOf(folder, name, start), all]
    print(line(name, ...cells.map((each) => each.toFixed(0))))
    const atStart = [start, ...loadedAtStart(folder, name)]
    const lazy = files.filter((file) => !atStart.includes(file) && !file.endsWith('.json'))
    print(`  at its start: ${atStart.map((file) => weighed(folder, name, file)).join(', ')}`)
    print(`  when used:    ${lazy.map((file) => weighed(folder, name, file)).join(', ')}`)
  }
}

const printFirstUses = (folder: string): void => {
  const [floor = 0, ...times] = timesOf([
    { code: `${requiring} process.exit(0)`, env: {} },
    ...firstUses.map(({ file }) => loading(join(folder, 'run-check'), file)),
  ])
  print('\nThe first use in an instance of run-check, ms to load:')
  for (const [index, { use, file }] of firstUses.entries()) {
    print(`  ${use.padEnd(22)}${file.padEnd(20)}${((times[index] ?? 0) - floor).toFixed(0).padStart(6)}`)
  }
}

execFileSync(process.execPath, ['infra/build/build.mjs'], { stdio: 'inherit' })
// Deployed is a copy, out of reach of `node_modules`.
const folder = mkdtempSync(join(tmpdir(), 'precheck-cold-'))
try {
  cpSync('dist/functions', folder, { recursive: true })
  printFunctions(folder)
  printFirstUses(folder)
} finally {
  rmSync(folder, { recursive: true })
}

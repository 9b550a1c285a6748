import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { readTemplate } from '../emulators/fc/template.ts'
import { fetchedNodes } from '../support/nodes.ts'

/**
 * What the bundle of every function weighs, how long a cold start of it takes, and what is loaded only when it is used.
 * A built-in runtime has started once the handler is there, a custom one once its server listens, on this Node.js and
 * on those of the layers that are there. Which functions there are is what the build leaves behind.
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

/** Does something, and gives the time that the processor took for it, ms. */
type Step = () => Promise<number> | number

/** Medians of rounds in which the steps take turns, so that a busy moment hits all. */
const timesOf = async (steps: readonly Step[]): Promise<number[]> => {
  const times = steps.map((): number[] => [])
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, step] of steps.entries()) {
      times[index]?.push(await step())
    }
  }
  return times.map(median)
}

const toItsEnd =
  (program: Program): Step =>
  () =>
    Number(run(program).trim())

/** Time of the processor that all threads of a process have had, ms. */
const processorMsOf = (pid: number): number => {
  const threads = readdirSync(`/proc/${pid}/task`)
  const nanoseconds = threads.map(
    (id) => readFileSync(`/proc/${pid}/task/${id}/schedstat`, 'utf8').split(' ')[0],
  )
  return nanoseconds.reduce((sum, each) => sum + Number(each), 0) / 1_000_000
}

const port = 14_990
const listens = (): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.on('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })

/** Starts a program as a custom runtime does, until it listens. */
const untilItListens =
  (node: string, cwd: string, file: string, environment: Readonly<Record<string, string>>): Step =>
  async () => {
    const env = { ...environment, FC_CUSTOM_LISTEN_PORT: String(port) }
    const child = spawn(node, [file], { cwd, env, stdio: 'ignore' })
    while (!(await listens())) await sleep(1)
    const processorMs = processorMsOf(child.pid ?? 0)
    const exited = once(child, 'exit')
    child.kill('SIGKILL')
    await exited
    return processorMs
  }

const url = (...path: readonly string[]): string => JSON.stringify(join(...path))

const emptyServer = `import { createServer } from 'node:http'
createServer().listen(process.env.FC_CUSTOM_LISTEN_PORT)`

/** Tells what the process took until here. */
const end =
  'const { user, system } = process.cpuUsage(); console.log((user + system) / 1000); process.exit(0)'

const empty: Program = { code: end, env: {} }

/** The handler of a function gets ready; what still may hold the process open is not waited for. */
const starting = (folder: string, name: string): Program => ({
  code: `const { handler } = await import(${url(folder, name, start)}); if (typeof handler !== 'function') process.exit(1); ${end}`,
  env: templates[name]?.environment ?? {},
})

const requiring = `import { createRequire } from 'node:module'; const require = createRequire(${url(tmpdir(), 'x')});`

const loading = (folder: string, file: string): Program => {
  const target = file.startsWith('node:') ? JSON.stringify(file) : url(folder, file)
  return { code: `${requiring} require(${target}); ${end}`, env: {} }
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

const namesIn = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((each) => (each.isDirectory() ? [each.name] : []))

const printCustomStarts = async (folder: string): Promise<void> => {
  const nodes = [{ version: process.version, program: process.execPath }, ...fetchedNodes]
  writeFileSync(join(folder, 'empty.mjs'), emptyServer)
  print('\nIn a custom runtime, until the server listens, above that of a server that does nothing:')
  for (const { version, program } of nodes) {
    const names = namesIn(folder)
    const [floor = 0, ...times] = await timesOf([
      untilItListens(program, folder, 'empty.mjs', {}),
      ...names.map((name) =>
        untilItListens(program, join(folder, name), start, templates[name]?.environment ?? {}),
      ),
    ])
    const cells = names.map((name, index) => `${name} ${((times[index] ?? 0) - floor).toFixed(0)}`)
    print(`  ${version.padEnd(10)}the server alone ${floor.toFixed(0)}; ${cells.join(', ')}`)
  }
}

const printFunctions = async (folder: string): Promise<void> => {
  const names = namesIn(folder)
  const [floor = 0, ...times] = await timesOf(
    [empty, ...names.map((name) => starting(folder, name))].map(toItsEnd),
  )
  print(
    `Time of the processor, ms, medians of ${rounds}. An empty process takes ${floor.toFixed(0)}; a cold start is above that.\n`,
  )
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

const printFirstUses = async (folder: string): Promise<void> => {
  const [floor = 0, ...times] = await timesOf(
    [
      { code: `${requiring} ${end}`, env: {} },
      ...firstUses.map(({ file }) => loading(join(folder, 'run-check'), file)),
    ].map(toItsEnd),
  )
  print('\nThe first use in an instance of run-check:')
  for (const [index, { use, file }] of firstUses.entries()) {
    print(`  ${use.padEnd(22)}${file.padEnd(20)}${((times[index] ?? 0) - floor).toFixed(0).padStart(6)}`)
  }
}

execFileSync(process.execPath, ['infra/build/build.mjs'], { stdio: 'inherit' })
// Deployed is a copy, out of reach of `node_modules`.
const folder = mkdtempSync(join(tmpdir(), 'precheck-cold-'))
try {
  cpSync('dist/functions', folder, { recursive: true })
  await printFunctions(folder)
  await printCustomStarts(folder)
  await printFirstUses(folder)
} finally {
  rmSync(folder, { recursive: true })
}

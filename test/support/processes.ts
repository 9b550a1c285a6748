import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join, resolve as absolute } from 'node:path'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))

const transpiling = ['--import', 'tsx']

/** Starts a built program, or a source that is run as it is. */
const start = (
  program: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
  wrapper: readonly string[] = [],
): ChildProcess => {
  const own = [...(program.endsWith('.ts') ? transpiling : []), absolute(root, program), ...args]
  const [command = '', ...all] = [...wrapper, process.execPath, ...own]
  return spawn(command, all, {
    cwd: root,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...environment },
  })
}

/** A host in a process of its own. */
export interface HostProcess {
  readonly url: string
  readonly token: string
  /** Its data folder, as this process sees it. */
  readonly folder: string
  readonly pid: number
  /** What it has written until now. */
  readonly output: () => string
  /** Ends it with a signal and waits until it is gone. */
  readonly kill: (signal: NodeJS.Signals) => Promise<number | null>
}

/**
 * Starts the host on a free port with its data in `folder`, and waits until it listens. `wrapper`: a command that
 * becomes the host, maybe in a file system of its own.
 */
export const startHostProcess = async (
  folder: string,
  environment: NodeJS.ProcessEnv = {},
  program = 'dist/host/index.mjs',
  wrapper: readonly string[] = [],
): Promise<HostProcess> => {
  const child = start(
    program,
    [],
    {
      PRECHECK_DATA: folder,
      PRECHECK_PORT: '0',
      // No night of the real clock may come into a test.
      PRECHECK_SCHEDULE_ENABLED: 'false',
      ...environment,
    },
    wrapper,
  )
  let output = ''
  const url = await new Promise<string>((resolve, reject) => {
    const look = (): void => {
      const found = /"event":"host.started","url":"([^"]+)"/.exec(output)?.[1]
      if (found === undefined) return
      child.stdout?.off('data', look)
      resolve(found)
    }
    child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString())).on('data', look)
    child.stderr?.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
    child.once('exit', (code) => reject(new Error(`the host ended with ${code}: ${output}`)))
  })
  const seen = wrapper.length > 0 ? join('/proc', String(child.pid), 'root', folder) : folder
  return {
    url,
    pid: child.pid ?? 0,
    output: () => output,
    folder: seen,
    token: readFileSync(join(seen, 'admin-token'), 'utf8').trim(),
    kill: async (signal) => {
      const gone = new Promise<number | null>((resolve) => child.once('exit', resolve))
      child.kill(signal)
      return gone
    },
  }
}

/** A program that runs until it is stopped. */
export interface RunningProgram {
  /** The first line that it wrote: it is ready. */
  readonly firstLine: string
  readonly stop: () => Promise<void>
}

/** Starts a program of the project, and waits until it is ready. */
export const startProgram = async (
  program: string,
  environment: NodeJS.ProcessEnv,
): Promise<RunningProgram> => {
  const child = start(program, [], environment)
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  child.stderr?.pipe(process.stderr)
  let output = ''
  while (!output.includes('\n')) {
    const [chunk]: Buffer[] = await once(child.stdout as Readable, 'data')
    output += chunk?.toString() ?? ''
  }
  return {
    firstLine: output.slice(0, output.indexOf('\n')),
    stop: async () => {
      child.kill('SIGKILL')
      await gone
    },
  }
}

/** What a finished program left behind. */
export interface Finished {
  readonly code: number | null
  readonly output: string
}

/** Runs a program of the project to its end. */
export const runProgram = async (
  program: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<Finished> => {
  const child = start(program, args, environment)
  let output = ''
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve))
  return { code, output }
}

/** Runs a program, and kills it as soon as its output is of a form. */
export const killDuring = async (
  program: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
  sign: RegExp,
): Promise<void> => {
  const child = start(program, args, environment)
  let output = ''
  child.stdout?.on('data', (chunk: Buffer) => {
    output += chunk.toString()
    if (sign.test(output)) child.kill('SIGKILL')
  })
  const [, signal]: unknown[] = await once(child, 'exit')
  if (signal !== 'SIGKILL') throw new Error(`It ended before it was killed:\n${output}`)
}

import { type ChildProcess, type SpawnOptions, execFileSync, spawn } from 'node:child_process'
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync } from 'node:fs'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** A server that nobody here wrote, started on a free port of loopback. */
export interface Server {
  readonly port: number
  readonly pid: number
  readonly stop: () => Promise<void>
  /** Fulfilled once it has ended, whoever ended it. */
  readonly ended: Promise<unknown>
}

/** A server that the system may have. */
export interface ServerProgram {
  /** The Debian package that it is in. */
  readonly debianPackage: string
  readonly isInstalled: boolean
  /** Starts it with its data in `folder`, which is there already; throws `NotInstalled`. */
  readonly start: (folder: string) => Promise<Server>
}

/** A server that this machine does not have. */
export class NotInstalled extends Error {}

/** A port that was free a moment ago. */
export const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null

const untilItAnswers = async (server: ChildProcess, port: number): Promise<void> => {
  for (let attempt = 0; attempt < 200 && !hasEnded(server); attempt += 1) {
    if (await answers(port)) return
    await sleep(50)
  }
  throw new Error(`nothing answers at port ${port}: ${server.spawnargs.join(' ')}`)
}

const idOf = (flag: '-u' | '-g'): number => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }))

/** Some servers refuse to run as root, or want more of the system then: they run as nobody. */
const unprivileged = (): { readonly uid?: number; readonly gid?: number } =>
  process.getuid?.() === 0 ? { uid: idOf('-u'), gid: idOf('-g') } : {}

/** A folder in `folder` for the data of a server, and how a program is run that may write there. */
export const dataFolder = (folder: string, name: string): { data: string; options: SpawnOptions } => {
  const data = mkdtempSync(join(folder, `${name}-`))
  const user = unprivileged()
  if (user.uid !== undefined && user.gid !== undefined) {
    chmodSync(folder, 0o755)
    chownSync(data, user.uid, user.gid)
  }
  return { data, options: { ...user, cwd: data, stdio: 'ignore' } }
}

/** Starts a server and waits until it answers. `signal`: what it takes as an order to end at once. */
export const startServer = async (
  program: string,
  settings: readonly string[],
  port: number,
  options: SpawnOptions,
  signal: NodeJS.Signals = 'SIGTERM',
): Promise<Server> => {
  const server = spawn(program, settings, options)
  const end = (): void => void server.kill(signal)
  // No server outlives a process that failed.
  process.once('exit', end)
  const ended = once(server, 'exit')
  await untilItAnswers(server, port)
  return {
    port,
    ended,
    pid: server.pid ?? 0,
    stop: async () => {
      process.off('exit', end)
      if (hasEnded(server)) return
      end()
      await ended
    },
  }
}

/** A server whose program is at `path`, or nowhere. */
export const serverProgram = (
  debianPackage: string,
  path: string | null,
  start: (path: string, folder: string) => Promise<Server>,
): ServerProgram => ({
  debianPackage,
  isInstalled: path !== null && existsSync(path),
  start: async (folder) => {
    if (path === null || !existsSync(path)) throw new NotInstalled(`apt-get install ${debianPackage}`)
    return start(path, folder)
  },
})

/** The newest of the folders that carry a version as their name; null if there is none. */
export const newestIn = (root: string): string | null => {
  const versions = existsSync(root)
    ? readdirSync(root)
        .map(Number)
        .sort((one, other) => other - one)
    : []
  return versions[0] === undefined ? null : join(root, String(versions[0]))
}

import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs'
import { createServer, connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ServerUsage } from './peer.ts'

/** A database server of a peer, started for one measurement on a free port of loopback. */
export interface DatabaseServer {
  readonly port: number
  usage(): ServerUsage
  stop(): Promise<void>
}

/** A server that this machine does not have. */
export class NotInstalled extends Error {}

const freePort = (): Promise<number> =>
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

const untilItAnswers = async (port: number): Promise<void> => {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    if (await answers(port)) return
    await sleep(50)
  }
  throw new Error(`nothing answers at port ${port}`)
}

/** Ticks of `/proc/<pid>/stat` in a second, and bytes of a page (Linux on x86-64). */
const msPerTick = 10
const pagesPerMb = 256

const childrenOf = (pid: number): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((candidate) => parentOf(candidate) === pid)

const statOf = (pid: number): string[] => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  } catch {
    return []
  }
}

const parentOf = (pid: number): number => Number(statOf(pid)[1] ?? 0)

/** CPU time and memory of a process and its children; memory that children share is counted once, with the parent. */
const usageOf = (pid: number): ServerUsage => {
  const own = [pid, ...childrenOf(pid)].map(statOf)
  const ticks = own.reduce((sum, stat) => sum + Number(stat[11] ?? 0) + Number(stat[12] ?? 0), 0)
  // Of children that have ended already.
  const ended = Number(own[0]?.[13] ?? 0) + Number(own[0]?.[14] ?? 0)
  const pages = own.reduce((largest, stat) => Math.max(largest, Number(stat[21] ?? 0)), 0)
  return { cpuMs: (ticks + ended) * msPerTick, rssMb: pages / pagesPerMb }
}

const serverOf = async (process: ChildProcess, port: number): Promise<DatabaseServer> => {
  await untilItAnswers(port)
  const pid = process.pid ?? 0
  return {
    port,
    usage: () => usageOf(pid),
    stop: async () => {
      process.kill('SIGINT')
      await new Promise((resolve) => process.once('exit', resolve))
    },
  }
}

/** Redis with its log flushed every second, as BullMQ is run in production. */
export const startRedis = async (folder: string): Promise<DatabaseServer> => {
  if (!existsSync('/usr/bin/redis-server')) throw new NotInstalled('apt-get install redis-server')
  const port = await freePort()
  const settings = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '']
  const durability = ['--appendonly', 'yes', '--appendfsync', 'everysec']
  return serverOf(spawn('/usr/bin/redis-server', [...settings, ...durability], { stdio: 'ignore' }), port)
}

const postgresFolder = (): string => {
  const root = '/usr/lib/postgresql'
  const [version] = existsSync(root) ? readdirSync(root).sort().reverse() : []
  if (version === undefined) throw new NotInstalled('apt-get install postgresql')
  return join(root, version, 'bin')
}

/** PostgreSQL as its defaults are, every commit on disk (`synchronous_commit` on). It refuses to run as root. */
export const startPostgres = async (folder: string): Promise<DatabaseServer> => {
  const bin = postgresFolder()
  const port = await freePort()
  const data = join(folder, 'postgres')
  mkdirSync(data)
  const isRoot = process.getuid?.() === 0
  if (isRoot) {
    chmodSync(folder, 0o755)
    execFileSync('chown', ['postgres', data])
  }
  const user = isRoot ? ['runuser', '-u', 'postgres', '--'] : []
  const run = (program: string, args: readonly string[]): [string, string[]] => {
    const [command = '', ...rest] = [...user, join(bin, program), ...args]
    return [command, rest]
  }
  execFileSync(...run('initdb', ['-D', data, '-A', 'trust', '-U', 'bench']), { stdio: 'ignore' })
  const settings = ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', data]
  return serverOf(spawn(...run('postgres', settings), { stdio: 'ignore' }), port)
}

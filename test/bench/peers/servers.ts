import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync } from 'node:fs'
import { once } from 'node:events'
import { createServer, connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ServerUsage } from './peer.ts'
import { usageOf } from './usage.ts'

/** A database server of a peer, started for one measurement on a free port of loopback. */
export interface DatabaseServer {
  readonly port: number
  readonly usage: () => ServerUsage
  readonly stop: () => Promise<void>
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

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null

/** Both servers take SIGINT as an order to close their connections, write what is to be written, and end. */
const serverOf = async (server: ChildProcess, port: number): Promise<DatabaseServer> => {
  const end = (): void => void server.kill('SIGINT')
  // No server outlives a measurement that failed.
  process.once('exit', end)
  await untilItAnswers(port)
  return {
    port,
    usage: () => usageOf(server.pid ?? 0),
    stop: async () => {
      process.off('exit', end)
      if (hasEnded(server)) return
      const ended = once(server, 'exit')
      end()
      await ended
    },
  }
}

/** Redis with its log flushed every second, as the production guide of BullMQ has it (docs.bullmq.io, Going to production). */
export const startRedis = async (folder: string): Promise<DatabaseServer> => {
  if (!existsSync('/usr/bin/redis-server')) throw new NotInstalled('apt-get install redis-server')
  const port = await freePort()
  const settings = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '']
  const durability = ['--appendonly', 'yes', '--appendfsync', 'everysec']
  return serverOf(spawn('/usr/bin/redis-server', [...settings, ...durability], { stdio: 'ignore' }), port)
}

const postgresPrograms = (): string => {
  const root = '/usr/lib/postgresql'
  const [version] = existsSync(root) ? readdirSync(root).sort().reverse() : []
  if (version === undefined) throw new NotInstalled('apt-get install postgresql')
  return join(root, version, 'bin')
}

const idOf = (flag: '-u' | '-g', user: string): number =>
  Number(execFileSync('id', [flag, user], { encoding: 'utf8' }))

/** PostgreSQL refuses to run as root: then it runs as the user that its package made. */
const postgresUser = (): { readonly uid?: number; readonly gid?: number } =>
  process.getuid?.() === 0 ? { uid: idOf('-u', 'postgres'), gid: idOf('-g', 'postgres') } : {}

/** PostgreSQL as its defaults are: every commit on disk (`fsync` and `synchronous_commit` on). */
export const startPostgres = async (folder: string): Promise<DatabaseServer> => {
  const programs = postgresPrograms()
  const port = await freePort()
  const data = join(folder, 'postgres')
  mkdirSync(data)
  const user = postgresUser()
  if (user.uid !== undefined && user.gid !== undefined) {
    chmodSync(folder, 0o755)
    chownSync(data, user.uid, user.gid)
  }
  const options = { ...user, cwd: data, stdio: 'ignore' } as const
  execFileSync(join(programs, 'initdb'), ['-D', data, '-A', 'trust', '-U', 'bench'], options)
  const settings = ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', data]
  return serverOf(spawn(join(programs, 'postgres'), settings, options), port)
}

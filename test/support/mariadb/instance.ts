import { type SpawnOptions, execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Connection, createConnection } from 'mysql2/promise'
import { dataFolder, freePort, startServer } from '../servers/server.ts'

/** Programs of the packages mariadb-server, mariadb-client and mariadb-backup of Debian. */
export const programs = {
  server: '/usr/sbin/mariadbd',
  client: '/usr/bin/mariadb',
  dump: '/usr/bin/mariadb-dump',
  binlog: '/usr/bin/mariadb-binlog',
  backup: '/usr/bin/mariadb-backup',
} as const

/** What makes the tables of a server, as mariadb-install-db does: without help and the schema `sys`, in half the time. */
const scripts = ['system_tables', 'performance_tables', 'system_tables_data'].map(
  (name) => `/usr/share/mysql/mysql_${name}.sql`,
)

/** Whether this machine has all of them; the packages that have them are in the titles of what is skipped. */
export const hasMariaDb = [...Object.values(programs), ...scripts].every((path) => existsSync(path))
export const mariaDbPackages = 'mariadb-server mariadb-client mariadb-backup'

/** What keeps a server small and its start quick. */
const small = [
  '--innodb-buffer-pool-size=16M',
  '--innodb-log-file-size=4M',
  '--innodb-log-buffer-size=2M',
  '--key-buffer-size=1M',
  '--aria-pagecache-buffer-size=1M',
  '--skip-name-resolve',
  '--bind-address=127.0.0.1',
]

/** What a server that is ready for every backup has beside the defaults of MariaDB. */
export const ready = [
  '--log-bin=binlog',
  '--binlog-format=ROW',
  '--sync-binlog=1',
  '--expire-logs-days=7',
  '--plugin-load-add=metadata_lock_info',
]

/** A MariaDB of the test: `root` has no password and comes by the socket alone. */
export interface MariaDb {
  readonly port: number
  readonly socket: string
  /** Where its data is. */
  readonly data: string
  readonly pid: () => number
  /** Runs statements as root with the client that an administrator has, and gives what it prints (tabs, no headings). */
  readonly run: (sql: string) => string
  /** A session of its own, which ends with the server. */
  readonly session: (user?: string, password?: string) => Promise<Connection>
  /** Ends every session that was opened with `session`. */
  readonly endSessions: () => void
  /** Ends it in order, without its data: it can be started again with other settings. */
  readonly restart: (settings?: readonly string[]) => Promise<void>
  /** Ends it in order, has something done to its files, and starts it again. */
  readonly stopFor: (change: () => void) => Promise<void>
  readonly pause: () => void
  readonly resume: () => void
  readonly kill: () => Promise<void>
}

/** A folder with servers, all of which end with it. */
export interface MariaDbs {
  readonly folder: string
  /** Settings go after those that every server has. */
  readonly start: (settings?: readonly string[]) => Promise<MariaDb>
  /** A server on data that is there already, which a backup was restored into. */
  readonly startOn: (data: string, settings?: readonly string[]) => Promise<MariaDb>
  /** An empty folder of the user that the servers run as, and how programs are run as that user. */
  readonly place: (name: string) => { readonly data: string; readonly options: SpawnOptions }
  /** Gives a folder with all that is in it to the user that the servers run as. */
  readonly own: (folder: string, options: SpawnOptions) => void
  readonly end: () => Promise<void>
}

const settingsOn = (data: string, port: number): string[] => [
  '--no-defaults',
  `--datadir=${data}`,
  `--socket=${join(data, 'socket')}`,
  `--pid-file=${join(data, 'pid')}`,
  `--log-error=${join(data, 'error.log')}`,
  // A server that starts removes the temporary tables that it finds, whosever they are.
  `--tmpdir=${data}`,
  `--port=${port}`,
  ...small,
]

const start = async (
  place: { readonly data: string; readonly options: SpawnOptions },
  initial: readonly string[],
): Promise<MariaDb> => {
  const { data, options } = place
  const port = await freePort()
  const socket = join(data, 'socket')
  const sessions: Connection[] = []
  const launch = (settings: readonly string[]) =>
    startServer(programs.server, [...settingsOn(data, port), ...settings], port, options, 'SIGKILL')
  let server = await launch(initial)
  const run = (sql: string): string =>
    execFileSync(programs.client, ['--no-defaults', '-uroot', `-S${socket}`, '-BN'], {
      input: sql,
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'pipe'],
      timeout: 30_000,
    })
  const endSessions = (): void => {
    for (const each of sessions.splice(0)) each.destroy()
  }
  const shutDown = async (): Promise<void> => {
    endSessions()
    run('SHUTDOWN')
    await server.ended
  }
  const kill = async (): Promise<void> => {
    endSessions()
    await server.stop()
  }
  return {
    port,
    socket,
    data,
    pid: () => server.pid,
    run,
    session: async (user = 'root', password = '') => {
      const connection = await createConnection({ socketPath: socket, user, password })
      connection.on('error', () => undefined)
      sessions.push(connection)
      return connection
    },
    endSessions,
    restart: async (settings = initial) => {
      await shutDown()
      server = await launch(settings)
    },
    stopFor: async (change) => {
      await shutDown()
      change()
      server = await launch(initial)
    },
    pause: () => void process.kill(server.pid, 'SIGSTOP'),
    resume: () => {
      // One that has ended needs none.
      if (existsSync(`/proc/${server.pid}`)) process.kill(server.pid, 'SIGCONT')
    },
    kill,
  }
}

/** Makes the tables of a server in an empty folder. */
const makeTables = ({ data, options }: ReturnType<MariaDbs['place']>): void => {
  const head = ['SET NAMES utf8mb4;', 'CREATE DATABASE mysql;', 'USE mysql;', 'SET @auth_root_socket = NULL;']
  execFileSync(programs.server, ['--no-defaults', `--datadir=${data}`, '--bootstrap', ...small], {
    ...options,
    input: [...head, ...scripts.map((path) => readFileSync(path, 'utf8'))].join('\n'),
    stdio: ['pipe', 'ignore', 'pipe'],
  })
}

/** Makes a folder for servers. Every one starts from a copy of one empty data directory. */
export const mariaDbs = (): MariaDbs => {
  const folder = mkdtempSync(join(tmpdir(), 'precheck-mariadb-'))
  const servers: MariaDb[] = []
  const place = (name: string) => dataFolder(folder, name)
  const template = place('template')
  makeTables(template)
  const startIn = async (where: ReturnType<typeof place>, settings: readonly string[]) => {
    const server = await start(where, settings)
    servers.push(server)
    return server
  }
  const own = (path: string, { uid, gid }: SpawnOptions): void => {
    if (uid !== undefined) execFileSync('chown', ['-R', `${uid}:${gid}`, path])
  }
  return {
    folder,
    place,
    own,
    start: async (settings = []) => {
      const where = place('data')
      cpSync(template.data, where.data, { recursive: true, preserveTimestamps: true })
      own(where.data, where.options)
      return startIn(where, settings)
    },
    startOn: async (data, settings = []) => startIn({ ...place('restored'), data }, settings),
    end: async () => {
      await Promise.all(servers.map((server) => server.kill()))
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

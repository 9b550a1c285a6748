import { spawn } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type MariaDb, type MariaDbs, programs } from './instance.ts'

/** The account that the tools log in with. */
export interface Account {
  readonly user: string
  readonly password: string
}

/** How a tool ended. A tool that waits for a lock of somebody else is ended, as an operator would. */
export interface Ended {
  readonly ok: boolean
  readonly said: string
}

interface Run {
  readonly program: string
  readonly args: readonly string[]
  readonly input?: string
  readonly output?: string
  /** Whether it waits for what may never come; asked again and again while it runs. */
  readonly isStuck?: () => boolean
}

const limitMs = 60_000

const run = async (dbs: MariaDbs, { program, args, input, output, isStuck }: Run): Promise<Ended> => {
  const { options } = dbs.place('run')
  const from = openSync(input ?? '/dev/null', 'r')
  const to = openSync(output ?? '/dev/null', 'w')
  const child = spawn(program, ['--no-defaults', ...args], { ...options, stdio: [from, to, 'pipe'] })
  let said = ''
  child.stderr?.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-20_000)))
  const ended: { code?: number | null } = {}
  child.once('close', (status) => {
    ended.code = status
    for (const each of [from, to]) closeSync(each)
  })
  const endsAt = Date.now() + limitMs
  let stuck = 0
  while (ended.code === undefined) {
    await sleep(50)
    stuck = isStuck?.() ? stuck + 1 : 0
    if (stuck > 20 || Date.now() > endsAt) {
      child.kill('SIGKILL')
      return { ok: false, said: 'hangs' }
    }
  }
  return { ok: ended.code === 0, said }
}

const loginOf = ({ socket }: MariaDb, { user, password }: Account): string[] => [
  `--user=${user}`,
  `--password=${password}`,
  `--socket=${socket}`,
]

/** Sessions of the account that wait for a lock of any kind. */
const waiting =
  (server: MariaDb, { user }: Account) =>
  (): boolean => {
    try {
      const found = server.run(
        `SELECT COUNT(*) FROM information_schema.processlist WHERE user = '${user}' AND state LIKE 'Waiting for%'`,
      )
      return Number(found) > 0
    } catch {
      return false
    }
  }

/** `mariadb-dump --single-transaction` of everything into a file. */
export const dump = (dbs: MariaDbs, server: MariaDb, account: Account, output: string): Promise<Ended> =>
  run(dbs, {
    program: programs.dump,
    args: [
      ...loginOf(server, account),
      '--single-transaction',
      '--all-databases',
      '--routines',
      '--events',
      '--triggers',
    ],
    output,
    isStuck: waiting(server, account),
  })

/** Runs a file of statements in a server. */
export const load = (dbs: MariaDbs, server: MariaDb, input: string): Promise<Ended> =>
  run(dbs, { program: programs.client, args: [`--socket=${server.socket}`, '--user=root'], input })

/** A physical backup into an empty folder; on a base, what has changed since. */
export const physical = (
  dbs: MariaDbs,
  server: MariaDb,
  account: Account,
  target: string,
  base?: string,
): Promise<Ended> =>
  run(dbs, {
    program: programs.backup,
    args: [
      '--backup',
      ...loginOf(server, account),
      `--datadir=${server.data}`,
      `--target-dir=${target}`,
      ...(base === undefined ? [] : [`--incremental-basedir=${base}`]),
    ],
    isStuck: waiting(server, account),
  })

/** Makes a physical backup, with what came after it, a data directory that a server starts on. */
export const prepare = async (dbs: MariaDbs, base: string, increment?: string): Promise<Ended> => {
  const first = await run(dbs, { program: programs.backup, args: ['--prepare', `--target-dir=${base}`] })
  if (!first.ok || increment === undefined) return first
  return run(dbs, {
    program: programs.backup,
    args: ['--prepare', `--target-dir=${base}`, `--incremental-dir=${increment}`],
  })
}

/** The binary log file and the position in it up to which a physical backup has everything. */
export const positionOf = (backup: string): { readonly file: string; readonly position: number } => {
  const info = ['mariadb_backup_binlog_info', 'xtrabackup_binlog_info']
    .map((name) => join(backup, name))
    .find((path) => existsSync(path))
  const [file = '', position = ''] = info ? readFileSync(info, 'utf8').split(/\s+/) : []
  return { file, position: Number(position) }
}

/** Copies the binary logs from a file on, as they are. */
export const copyLogs = (
  dbs: MariaDbs,
  server: MariaDb,
  account: Account,
  from: string,
  target: string,
): Promise<Ended> =>
  run(dbs, {
    program: programs.binlog,
    args: [
      ...loginOf(server, account),
      '--read-from-remote-server',
      '--raw',
      '--to-last-log',
      `--result-file=${target}/`,
      from,
    ],
    isStuck: waiting(server, account),
  })

/** Replays copied binary logs from a position in the first of them. */
export const replay = async (
  dbs: MariaDbs,
  server: MariaDb,
  copied: string,
  position: number,
): Promise<Ended> => {
  const files = readdirSync(copied).sort()
  const { data } = dbs.place('replay')
  const script = join(data, 'statements.sql')
  const read = await run(dbs, {
    program: programs.binlog,
    args: [`--start-position=${position}`, ...files.map((file) => join(copied, file))],
    output: script,
  })
  return read.ok ? load(dbs, server, script) : read
}

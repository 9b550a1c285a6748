import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Server, dataFolder, freePort, serverProgram, startServer } from './server.ts'

const debianPackage = 'mariadb-server-core'
const program = '/usr/sbin/mariadbd'

/** What every server here is started with: its files in one folder, a port of loopback, and little memory. */
const settingsFor = (data: string, port: number): string[] => [
  '--no-defaults',
  `--datadir=${data}`,
  `--socket=${join(data, 'socket')}`,
  `--pid-file=${join(data, 'pid')}`,
  `--port=${port}`,
  '--bind-address=127.0.0.1',
  '--innodb-buffer-pool-size=8M',
  '--aria-pagecache-buffer-size=1M',
  '--key-buffer-size=1M',
]

/** MariaDB without tables of its own, and so without grants: it greets, and refuses what it cannot read, as any other. */
export const mariaDb = serverProgram(debianPackage, program, async (path, folder) => {
  const port = await freePort()
  const { data, options } = dataFolder(folder, 'mariadb')
  return startServer(path, [...settingsFor(data, port), '--skip-grant-tables'], port, options)
})

/** Whether there is a MariaDB with grants; the scripts that make its tables come with the same package. */
export const hasMariaDb = existsSync(program) && existsSync('/usr/share/mysql/mysql_system_tables.sql')

/** A server of MariaDB with grants, and where its files are. */
export interface MariaDbServer extends Server {
  readonly data: string
}

const scripts = ['mysql_system_tables.sql', 'mysql_performance_tables.sql', 'mysql_system_tables_data.sql']

/** Each statement on one line, as `--bootstrap` reads them. */
const makeTables = (data: string, statements: readonly string[], options: object): void => {
  const made = scripts
    .map((name) => `/usr/share/mysql/${name}`)
    .filter(existsSync)
    .map((path) => readFileSync(path, 'utf8'))
  const input = ['CREATE DATABASE mysql;', 'USE mysql;', ...made, ...statements, ''].join('\n')
  execFileSync(
    program,
    ['--no-defaults', `--datadir=${data}`, '--bootstrap', '--innodb-buffer-pool-size=8M'],
    {
      ...options,
      input,
      stdio: ['pipe', 'ignore', 'pipe'],
    },
  )
}

/**
 * Starts MariaDB with these accounts and other statements run before anybody may log in, and with these settings (as on
 * its command line). There is no other account than those that the statements create.
 */
export const startMariaDb = async (
  folder: string,
  {
    statements,
    settings = [],
  }: { readonly statements: readonly string[]; readonly settings?: readonly string[] },
): Promise<MariaDbServer> => {
  const port = await freePort()
  const { data, options } = dataFolder(folder, 'mariadb')
  makeTables(data, [], options)
  const init = join(data, 'init.sql')
  writeFileSync(init, `${statements.join('\n')}\n`)
  const own = [...settingsFor(data, port), `--init-file=${init}`, ...settings]
  const server = await startServer(program, own, port, options)
  return { ...server, data }
}

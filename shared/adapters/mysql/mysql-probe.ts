import { once } from 'node:events'
import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Connection, ConnectionOptions } from 'mysql2'
import type { Problem } from '../../checks/problems/problem.ts'
import type { DatabaseNetworks } from '../../model/connections/address.ts'
import type { DatabaseProbe, DatabaseSession, StatementOutcome } from '../../ports/probe.ts'
import { obeyMs } from '../cancel-after.ts'
import { loginProblem } from '../login-problem.ts'
import { AddressRefused } from '../route.ts'
import { guardPackets, guardTls } from './driver-guard.ts'
import { isOfStatement, problemOf } from './errors.ts'
import { type Link, type Target, startLink } from './link.ts'
import { withoutPassword } from './password-keeper.ts'
import { runStatement } from './statement.ts'
import { dial } from './transport.ts'

/** How long the server has to say good-bye, ms. */
const goodbyeMs = 500

/** Limits of statements are told in steps of this, ms, so that few of them need another one. */
const stepMs = 500

/**
 * A precheck waits for no lock for longer than 2 s (each of the two products would wait for a day and more), and has
 * the server stop what takes too long: MySQL reads the first comment, for SELECT alone, and MariaDB the second one
 * ("Comments", MySQL reference manual; "Comment Syntax", MariaDB documentation).
 */
const settingsFor = (stopMs: number): string =>
  `SET SESSION lock_wait_timeout = 2, innodb_lock_wait_timeout = 2` +
  ` /*!50708 , max_execution_time = ${stopMs} */ /*M!100101 , max_statement_time = ${stopMs / 1000} */`

/** When the server is to stop a statement, ms, so early that it can obey within the limit. */
const stopAfter = (limitMs: number): number => {
  const stopMs = Math.max(1, Math.floor(limitMs - obeyMs(limitMs)))
  return stopMs < stepMs ? stopMs : stopMs - (stopMs % stepMs)
}

const optionsFor = ({ connection, password }: Target, link: Link, stream: Socket): ConnectionOptions => {
  const { credential, tls } = connection
  const isProven = tls.mode === 'required' && !tls.trustServerCertificate
  return {
    stream,
    user: credential.username,
    password,
    ...(tls.mode === 'required' && { ssl: {} }),
    ...(isProven ? { enableCleartextPlugin: true } : { authPlugins: withoutPassword(password, link.refuse) }),
    flags: ['-LOCAL_FILES'],
    infileStreamFactory: () => {
      link.refuse({ code: 'MYSQL_FILE_WITHHELD' })
      throw new Error('no file is sent')
    },
    // The driver would compile code from the names of columns that the server sends.
    disableEval: true,
    dateStrings: true,
    // The link has a limit of its own.
    connectTimeout: 0,
    connectAttributes: { program_name: 'backup-precheck' },
  }
}

/** The driver and the socket that it speaks through; with TLS, that which carries it. */
interface Line {
  readonly connection: Connection
  readonly socket: Socket
}

const connectDriver = async (target: Target, link: Link): Promise<Line> => {
  // Loaded when first used: functions for other engines need not pay for it.
  const { createConnection } = (await import('mysql2')).default
  const socket = await dial(link)
  const connection = createConnection(optionsFor(target, link, socket))
  // A connection that breaks emits an error; nobody listening would end the process.
  connection.on('error', (fault) => link.end(problemOf(fault, link.where())))
  guardPackets(connection, link)
  guardTls(connection, socket, target.connection, (fault) => link.end(problemOf(fault, link.where())))
  return { connection, socket }
}

const statementOn = async (connection: Connection, link: Link, sql: string): Promise<StatementOutcome> => {
  try {
    return { rows: await runStatement(connection, link, sql) }
  } catch (fault) {
    const problem = problemOf(fault, link.where())
    return isOfStatement(problem) ? { refused: problem } : { problem }
  }
}

type Opened = Line | { readonly problem: Problem }

const open = async (target: Target, link: Link): Promise<Opened> => {
  try {
    const line = await connectDriver(target, link)
    await once(line.connection, 'connect', { signal: link.over })
    link.enter('asking')
    const settings = await statementOn(line.connection, link, settingsFor(stopAfter(target.limitMs)))
    return 'problem' in settings ? settings : line
  } catch (fault) {
    if (fault instanceof AddressRefused) return { problem: fault.problem }
    return { problem: link.lost ?? problemOf(fault, link.where()) }
  }
}

/** Keeps the error log of the server clean; a server that does not close the connection is left. */
const sayGoodbye = async ({ connection, socket }: Line): Promise<void> => {
  // One that is reset meanwhile is closed too.
  const closed = new Promise((resolve) => void socket.once('close', resolve))
  connection.end()
  await Promise.race([closed, sleep(goodbyeMs, undefined, { ref: false })])
}

const sessionOn = (line: Line, link: Link, toldMs: number): DatabaseSession => {
  const { connection } = line
  let told = toldMs
  const ask = async (sql: string, stopMs: number): Promise<StatementOutcome> => {
    if (told !== stopMs) {
      const settings = await statementOn(connection, link, settingsFor(stopMs))
      if ('problem' in settings) return settings
      told = stopMs
    }
    return statementOn(connection, link, sql)
  }
  return {
    ask: async (sql, limitMs) => {
      if (link.lost) return { problem: link.lost }
      link.meter.startStatement()
      link.endAfter(limitMs)
      try {
        return await Promise.race([ask(sql, stopAfter(limitMs)), link.ended])
      } finally {
        link.endAfter(null)
      }
    },
    close: async () => {
      if (!link.lost) await sayGoodbye(line)
      link.close()
    },
  }
}

/** Logs in to a server of MySQL or MariaDB. The hard limits take the socket away, since the driver waits for a silent server. */
export const mysqlProbe =
  (networks: DatabaseNetworks, onBytes?: () => void): DatabaseProbe<'mysql'> =>
  async ({ engine, connection }, attempt) => {
    const target = { engine, connection, ...attempt }
    const link = startLink(target, networks, onBytes)
    const opened = await Promise.race([open(target, link), link.ended])
    link.endAfter(null)
    if ('connection' in opened) return { session: sessionOn(opened, link, stopAfter(target.limitMs)) }
    link.close()
    return loginProblem(opened.problem, link.meter)
  }

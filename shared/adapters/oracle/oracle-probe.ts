import { setTimeout as sleep } from 'node:timers/promises'
import type { Connection, ConnectionAttributes } from 'oracledb'
import type { Problem } from '../../checks/problems/problem.ts'
import type { DatabaseNetworks } from '../../model/connections/address.ts'
import type { OracleConnection } from '../../model/connections/oracle.ts'
import type {
  DatabaseAddress,
  DatabaseProbe,
  DatabaseSession,
  LoginAttempt,
  StatementOutcome,
} from '../../ports/probe.ts'
import { answerLimits, answerMeter, codeOfLimit } from '../answer-meter.ts'
import { obeyMs } from '../cancel-after.ts'
import { type Stage, type Where, isOfStatement, problemOf, problemOfLimit } from './errors.ts'
import { msSince } from '../elapsed.ts'
import { loginProblem } from '../login-problem.ts'
import { AddressRefused, routeOf } from '../route.ts'
import { meterDecoding } from './metered-decoding.ts'
import { toRow } from './row.ts'
import { type OwnSockets, collectingSockets, endSockets } from './sockets.ts'
import { type Travel, travelOf } from './travel.ts'
import { walletOf } from './wallet.ts'

type Target = DatabaseAddress<'oracle'> & LoginAttempt

/** How long the server has to say good-bye, ms. */
const goodbyeMs = 500

/**
 * Rows of an answer at a time, the first of them with the answer to the statement itself. By itself the driver takes
 * two with that, and asks again for the rest of almost every answer.
 */
const rowsAtOnce = 100

/** Program that the server shows for the session, in `v$session`. */
const program = 'backup-precheck'

/** The way to one server, from the first packet to the last answer. */
interface Link extends OwnSockets, Travel {
  readonly startedAt: number
  /** Present from the login on. */
  connection: Connection | null
  /** Resolves with why the link was ended from this side: the driver waits for a silent server forever. */
  readonly ended: Promise<{ readonly problem: Problem }>
  readonly end: (problem: Problem) => void
}

const startLink = ({ connection }: Target, networks: DatabaseNetworks, onBytes?: () => void): Link => {
  const { host, port } = connection
  let tell: (problem: Problem) => void = () => undefined
  const ended = new Promise<{ readonly problem: Problem }>((resolve) => {
    tell = (problem) => resolve({ problem })
  })
  const link: Link = {
    ...travelOf(connection, routeOf(connection, networks), (problem) => link.end(problem)),
    opened: new Set(),
    connectedAt: null,
    startedAt: performance.now(),
    movedTo: null,
    isOver: false,
    onStranger: ({ code, ...params }) => link.end({ code, params: { host, port, ...params } }),
    connection: null,
    meter: answerMeter(
      (limit) => link.end({ code: codeOfLimit[limit], params: { host, port, limit: answerLimits[limit] } }),
      onBytes,
    ),
    ended,
    end: (problem) => {
      tell(problem)
      endSockets(link)
    },
  }
  return link
}

const stageOf = ({ connectedAt, connection }: Link): Stage => {
  if (connection) return 'asking'
  return connectedAt === null ? 'connecting' : 'logging-in'
}

/** `since`: when what is under way began. */
const whereOf = (
  { connection, password }: Target,
  link: Link,
  since = link.connectedAt ?? link.startedAt,
): Where => {
  const { host, port, serviceName, sid = '', credential, privilege } = connection
  return {
    stage: stageOf(link),
    ...(link.movedTo ?? { host, port }),
    service: serviceName ?? sid,
    user: credential.username,
    password,
    privilege,
    afterMs: msSince(since),
  }
}

/** The schema of a registration allows no parentheses in any of these, so that nothing can be injected. */
const descriptorOf = ({ host, port, serviceName, sid, tls }: OracleConnection, limitMs: number): string => {
  const protocol = tls.mode === 'required' ? 'TCPS' : 'TCP'
  const wanted = sid === undefined ? `(SERVICE_NAME=${serviceName ?? ''})` : `(SID=${sid})`
  const subject = tls.certificateDn === undefined ? '' : `(SSL_SERVER_CERT_DN="${tls.certificateDn}")`
  return [
    `(DESCRIPTION=(CONNECT_TIMEOUT=${Math.ceil(limitMs / 1000)})`,
    `(ADDRESS=(PROTOCOL=${protocol})(HOST=${host})(PORT=${port}))(CONNECT_DATA=${wanted})`,
    `(SECURITY=(SSL_SERVER_DN_MATCH=ON)${subject}))`,
  ].join('')
}

const attributesOf = (
  { connection, password, limitMs }: Target,
  privileges: Readonly<Record<'sysbackup' | 'sysdba', number>>,
): ConnectionAttributes => {
  const { credential, privilege, tls } = connection
  return {
    user: credential.username,
    password,
    program,
    connectString: descriptorOf(connection, limitMs),
    ...(privilege !== 'normal' && { privilege: privileges[privilege] }),
    ...(tls.mode === 'required' && tls.ca !== undefined && { walletContent: walletOf(tls.ca) }),
  }
}

/** Loaded when first used: functions for other engines need not pay for it. */
const loadDriver = async () => (await import('oracledb')).default

const problemOfOpening = (fault: unknown, target: Target, link: Link): Problem => {
  if (fault instanceof AddressRefused) return fault.problem
  return link.refusal() ?? problemOf(fault, whereOf(target, link))
}

const open = async (
  target: Target,
  link: Link,
): Promise<{ readonly connection: Connection } | { readonly problem: Problem }> => {
  try {
    await link.prepare()
    const driver = await loadDriver()
    const attributes = attributesOf(target, { sysbackup: driver.SYSBACKUP, sysdba: driver.SYSDBA })
    const connection = await collectingSockets(link, () => driver.getConnection(attributes))
    meterDecoding(connection, link.meter)
    link.connection = connection
    return { connection }
  } catch (fault) {
    return { problem: problemOfOpening(fault, target, link) }
  }
}

/** Timers count whole milliseconds: they may be this much early on a finer clock. */
const timerErrorMs = 1

/**
 * Asks one statement. After `stopMs` the driver tells the server to stop, and the session goes on if it obeys: whatever
 * ends the call from then on, garbage and a closed connection too, ends a statement that has timed out.
 */
const statementOn = async (
  connection: Connection,
  sql: string,
  stopMs: number,
  where: () => Where,
): Promise<StatementOutcome> => {
  const toldToStopAt = performance.now() + stopMs - timerErrorMs
  try {
    const { OUT_FORMAT_OBJECT } = await loadDriver()
    connection.callTimeout = stopMs
    const { rows } = await connection.execute<object>(sql, [], {
      outFormat: OUT_FORMAT_OBJECT,
      prefetchRows: rowsAtOnce,
      fetchArraySize: rowsAtOnce,
    })
    return { rows: (rows ?? []).map(toRow) }
  } catch (fault) {
    const problem = problemOf(fault, where())
    if (isOfStatement(problem)) return { refused: problem }
    return { problem: performance.now() < toldToStopAt ? problem : problemOfLimit(where()) }
  }
}

/** Keeps the server's alert log clean; a server that does not answer it is left. */
const sayGoodbye = async (connection: Connection): Promise<void> => {
  await Promise.race([connection.close().catch(() => undefined), sleep(goodbyeMs, undefined, { ref: false })])
}

const sessionOn = (connection: Connection, target: Target, link: Link): DatabaseSession => {
  let lost: Problem | null = null
  return {
    ask: async (sql, limitMs) => {
      if (lost) return { problem: lost }
      const since = performance.now()
      const where = () => whereOf(target, link, since)
      link.meter.startStatement()
      const stopMs = Math.max(1, Math.floor(limitMs - obeyMs(limitMs)))
      const timer = setTimeout(() => link.end(problemOfLimit(where())), limitMs)
      const outcome = await Promise.race([statementOn(connection, sql, stopMs, where), link.ended])
      clearTimeout(timer)
      if ('problem' in outcome && (link.isOver || !connection.isHealthy())) lost = outcome.problem
      return outcome
    },
    close: async () => {
      if (!link.isOver) await sayGoodbye(connection)
      endSockets(link)
    },
  }
}

/** Logs in to an Oracle instance. The hard limits take the sockets away. */
export const oracleProbe =
  (networks: DatabaseNetworks, onBytes?: () => void): DatabaseProbe<'oracle'> =>
  async ({ engine, connection }, attempt) => {
    const target = { engine, connection, ...attempt }
    const link = startLink(target, networks, onBytes)
    const timer = setTimeout(() => link.end(problemOfLimit(whereOf(target, link))), target.limitMs)
    const opened = await Promise.race([open(target, link), link.ended])
    clearTimeout(timer)
    if ('connection' in opened) return { session: sessionOn(opened.connection, target, link) }
    endSockets(link)
    return loginProblem(opened.problem, link.meter)
  }

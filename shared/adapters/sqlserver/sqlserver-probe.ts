import type { Connection, ConnectionConfiguration } from 'tedious'
import type { Problem } from '../../checks/problems/problem.ts'
import { type DatabaseNetworks, Host, Port } from '../../model/connections/address.ts'
import type {
  DatabaseAddress,
  DatabaseProbe,
  DatabaseSession,
  LoginAttempt,
  StatementOutcome,
} from '../../ports/probe.ts'
import { cancelAfter } from '../cancel-after.ts'
import { loginProblem } from '../login-problem.ts'
import { AddressRefused } from '../route.ts'
import { shownText } from '../server-text.ts'
import { findInstancePort } from './browser.ts'
import { type Address, isOfStatement, problemOf, problemOfSilence } from './errors.ts'
import { type Link, startLink } from './link.ts'
import { runStatement } from './statement.ts'
import { dial } from './transport.ts'

type Target = DatabaseAddress<'sqlserver'> & LoginAttempt

/**
 * A precheck neither waits for others nor makes them wait ("SET LOCK_TIMEOUT", "SET DEADLOCK_PRIORITY" and "SET
 * TRANSACTION ISOLATION LEVEL", Transact-SQL reference): it gives up on a lock after a second (error 1222), locks no
 * row that it reads, and is the one that gives way in a deadlock (error 1205). The catalog may be read uncommitted,
 * since it is looked at for one moment anyway, and one ALTER DATABASE that waits would hide every other database.
 */
const sessionSettings =
  'SET LOCK_TIMEOUT 1000; SET DEADLOCK_PRIORITY LOW; SET TRANSACTION ISOLATION LEVEL READ UNCOMMITTED;'

/** 1 on Babelfish, which lacks most of what is asked; NULL on SQL Server ("Identifying your version of Babelfish", Amazon Aurora). */
const askForBabelfish = "SELECT CAST(SERVERPROPERTY('babelfish') AS varchar(8)) AS babelfish"

/** What the driver reads out of an answer, as far as it is counted. */
interface Token {
  readonly handlerName: string
  /** Of the head of an answer, and of a row. */
  readonly columns?: readonly unknown[]
}

/** Counts a token; false if the server has sent more than it may. */
const count = ({ meter }: Link, { handlerName, columns = [] }: Token): boolean => {
  meter.startPart()
  if (handlerName === 'onRow') return meter.row(columns.length)
  return meter.columns(columns.length) && meter.message()
}

/** Where a server sends a session on to: `SERVER` or `SERVER\INSTANCE`, and a port. */
interface Destination {
  readonly server: string
  readonly port: number
}

/** Notes that the session goes on elsewhere; the driver dials again then, and only there it shows what is allowed. */
const move = (link: Link, { server, port }: Destination): boolean => {
  const { address, isMoved } = link
  const host = Host.safeParse(server.split('\\')[0])
  if (!host.success || !Port.safeParse(port).success) link.refuse({ code: 'REDIRECT_UNREADABLE' })
  else if (isMoved) link.refuse({ code: 'REDIRECT_REPEATED', address: `${host.data}:${port}` })
  else {
    link.isMoved = true
    link.address = { ...address, host: host.data, port }
    return true
  }
  return false
}

/**
 * Malformed tokens make the parser of the driver emit an error that nobody hears, which would end the process. A parser
 * that is destroyed reads no further token of what it holds.
 */
const hearParser = (connection: Connection, link: Link): void => {
  const create = connection.createTokenStreamParser.bind(connection)
  connection.createTokenStreamParser = (message, handler) => {
    const follow = handler.onRoutingChange.bind(handler)
    handler.onRoutingChange = (token) => {
      if (move(link, token.newValue)) follow(token)
    }
    const tokens = create(message, handler)
    tokens.parser.once('error', () => link.refuse({ code: 'NOT_A_DATABASE' }))
    tokens.parser.on('data', (token: Token) => {
      if (count(link, token)) return
      // The driver would take its end for that of the answer, whose request is gone by then.
      tokens.parser.removeAllListeners('end')
      tokens.parser.destroy()
    })
    return tokens
  }
}

const configurationOf = (
  { connection: { tls, credential }, password, limitMs }: Target,
  link: Link,
): ConnectionConfiguration => ({
  server: link.address.host,
  authentication: { type: 'default', options: { userName: credential.username, password } },
  options: {
    connector: () => dial(link, tls.mode),
    encrypt: { required: true, strict: 'strict', off: false }[tls.mode],
    trustServerCertificate: tls.trustServerCertificate,
    serverName: tls.serverName ?? link.address.host,
    ...(tls.ca !== undefined && { cryptoCredentialsDetails: { ca: tls.ca } }),
    connectTimeout: limitMs,
    // Statements have limits of their own, and the link ends where the server does not obey.
    requestTimeout: 0,
    // A second login that fails could lock the account, and what is transient the next precheck finds healed.
    maxRetriesOnTransientErrors: 0,
    appName: 'backup-precheck',
    database: 'master',
  },
})

/** The innermost cause that has a code: the driver wraps what the system said, several addresses wrap it once more. */
const codeOf = (fault: unknown): string => {
  // The last address is the one that was given all the time there was.
  if (fault instanceof AggregateError) return codeOf(fault.errors.at(-1))
  if (!(fault instanceof Error)) return ''
  const inner = codeOf(fault.cause)
  if (inner !== '') return inner
  return 'code' in fault && typeof fault.code === 'string' ? fault.code : ''
}

/** The driver wraps what the transport says. */
const refusalIn = (fault: unknown): AddressRefused | null => {
  if (fault instanceof AddressRefused) return fault
  return fault instanceof Error ? refusalIn(fault.cause) : null
}

const explain = (link: Link, fault: unknown): Problem => {
  const refused = refusalIn(fault)
  if (refused) return refused.problem
  const code = codeOf(fault)
  const [stage, where] = [link.stage(), link.where()]
  return code === 'ETIMEOUT'
    ? problemOfSilence(stage, where)
    : problemOf({ stage, messages: link.messages, code }, where)
}

const openConnection = async (target: Target, link: Link): Promise<Connection> => {
  // Loaded when first used: the driver costs 0.4 s and 33 MB, which functions for other engines need not pay.
  const { Connection: TediousConnection } = await import('tedious')
  const connection = new TediousConnection(configurationOf(target, link))
  // A connection that breaks emits an error; nobody listening would end the process.
  connection.on('error', () => undefined)
  hearParser(connection, link)
  connection.on('errorMessage', ({ number, message }: { number: number; message: string }) =>
    link.messages.push({ number, text: shownText(message, target.password) }),
  )
  await new Promise<void>((resolve, reject) => {
    const onConnect = (fault?: Error): void => (fault ? reject(fault) : resolve())
    connection.connect(onConnect)
  })
  link.enter('asking')
  return connection
}

/** Sets the session, and asks in the same breath who the server is; null: a SQL Server. */
const setUp = async (connection: Connection, { host, port }: Address): Promise<Problem | null> => {
  const [row] = await runStatement(connection, `${sessionSettings} ${askForBabelfish}`)
  if ((row?.['babelfish'] ?? null) === null) return null
  connection.close()
  return { code: 'SQLSERVER_IS_BABELFISH', params: { host, port } }
}

type Opened = { readonly connection: Connection } | { readonly problem: Problem }

const open = async (target: Target, link: Link): Promise<Opened> => {
  const { instanceName } = target.connection
  try {
    if (instanceName !== undefined) {
      const port = await findInstancePort(link.address.host, link.route.addressesOf, instanceName, link.over)
      if (port === null) return { problem: problemOfSilence('locating', link.where()) }
      link.address = { ...link.address, port }
      link.enter('connecting')
    }
    const connection = await openConnection(target, link)
    const problem = await setUp(connection, link.address)
    return problem ? { problem } : { connection }
  } catch (fault) {
    return { problem: explain(link, fault) }
  }
}

const statementOn = async (connection: Connection, link: Link, sql: string): Promise<StatementOutcome> => {
  link.messages.length = 0
  try {
    return { rows: await runStatement(connection, sql) }
  } catch (fault) {
    // A statement that was cancelled in time.
    if (codeOf(fault) === 'ECANCEL') return { problem: problemOfSilence('asking', link.where()) }
    const problem = explain(link, fault)
    return isOfStatement(problem) ? { refused: problem } : { problem }
  }
}

const sessionOn = (connection: Connection, link: Link): DatabaseSession => {
  connection.once('end', () => {
    link.lost ??= { code: 'CONNECTION_LOST', params: { ...link.where() } }
  })
  return {
    ask: async (sql, limitMs) => {
      if (link.lost) return { problem: link.lost }
      link.endAfter(limitMs)
      link.meter.startStatement()
      const cancelling = cancelAfter(limitMs, () => void connection.cancel())
      try {
        return await Promise.race([statementOn(connection, link, sql), link.ended])
      } finally {
        clearTimeout(cancelling)
        link.endAfter(null)
      }
    },
    close: async () => {
      connection.close()
      link.close()
    },
  }
}

/** Logs in to a SQL Server instance. The hard limits take the socket away, since the driver may wait for a silent server. */
export const sqlServerProbe =
  (networks: DatabaseNetworks, onBytes?: () => void): DatabaseProbe<'sqlserver'> =>
  async ({ engine, connection }, attempt) => {
    const target = { engine, connection, ...attempt }
    const link = startLink(target, attempt, networks, onBytes)
    const opening = open(target, link)
    const opened = await Promise.race([opening, link.ended])
    if ('connection' in opened) {
      link.endAfter(null)
      return { session: sessionOn(opened.connection, link) }
    }
    link.close()
    // Too late to be of use; the driver still holds its timers.
    void opening.then((late) => 'connection' in late && late.connection.close())
    return loginProblem(opened.problem, link.meter)
  }

import { type Socket, connect } from 'node:net'
import type { Connection, ConnectionConfiguration } from 'tedious'
import type { ProbeOutcome } from '../../checks/judge.ts'
import type { Problem } from '../../checks/problem.ts'
import type { Queries } from '../../checks/question.ts'
import type { SqlServerConnection } from '../../model/instance.ts'
import type { Probes, SqlTarget } from '../../ports/probe.ts'
import { findInstancePort } from './browser.ts'
import { type Seen, type Stage, type Where, isRefusedStatement, problemOf, problemOfLimit } from './errors.ts'
import { type GuardCode, anyEncryption, guardPrelogin, tlsOnly } from './prelogin-guard.ts'
import { type Row, runStatement } from './statement.ts'

/** Port of a default instance. */
const defaultPort = 1433

/** What is known of a connection while it lasts. */
interface Session {
  stage: Stage
  readonly where: Where
  /** Numbers of the server's messages: the driver tells them in events alone. */
  readonly numbers: number[]
  socket: Socket | null
  /** Ends the probe from this side, without waiting for the driver to notice. */
  end: (outcome: ProbeOutcome) => void
}

const refuse = (session: Session, code: GuardCode): void => {
  const { host, port } = session.where
  session.end({ problem: { code, params: { host, port } } })
}

/** Malformed tokens make the parser of the driver emit an error that nobody hears, which would end the process. */
const hearParser = (connection: Connection, session: Session): void => {
  const create = connection.createTokenStreamParser.bind(connection)
  connection.createTokenStreamParser = (message, handler) => {
    const tokens = create(message, handler)
    tokens.parser.once('error', () => refuse(session, 'NOT_A_DATABASE'))
    return tokens
  }
}

const dial = (session: Session, tls: SqlServerConnection['tls']['mode']): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const { host, port } = session.where
    const socket = connect({ host, port, autoSelectFamily: true })
    session.socket = socket
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.off('error', reject)
      session.stage = 'logging-in'
      // In TDS 8 TLS comes first, and the driver refuses whatever is not TLS.
      if (tls !== 'strict') {
        guardPrelogin(socket, tls === 'required' ? tlsOnly : anyEncryption, (code) => refuse(session, code))
      }
      resolve(socket)
    })
  })

const configurationOf = (
  { tls, credential }: SqlServerConnection,
  password: string,
  session: Session,
): ConnectionConfiguration => ({
  server: session.where.host,
  authentication: { type: 'default', options: { userName: credential.username, password } },
  options: {
    connector: () => dial(session, tls.mode),
    encrypt: { required: true, strict: 'strict', off: false }[tls.mode],
    trustServerCertificate: tls.trustServerCertificate,
    serverName: tls.serverName ?? session.where.host,
    ...(tls.ca !== undefined && { cryptoCredentialsDetails: { ca: tls.ca } }),
    connectTimeout: session.where.limitMs,
    requestTimeout: session.where.limitMs,
    cancelTimeout: session.where.limitMs,
    appName: 'backup-precheck',
    database: 'master',
  },
})

/** The innermost cause that has a code: the driver wraps what the system said, an attempt at several addresses once more. */
const codeOf = (fault: unknown): string => {
  if (fault instanceof AggregateError) return codeOf(fault.errors[0])
  if (!(fault instanceof Error)) return ''
  const inner = codeOf(fault.cause)
  if (inner !== '') return inner
  return 'code' in fault && typeof fault.code === 'string' ? fault.code : ''
}

const numberOf = (fault: unknown): number | undefined =>
  fault instanceof Error && 'number' in fault && typeof fault.number === 'number' ? fault.number : undefined

const explain = (session: Session, fault: unknown): Problem => {
  const { stage, where, numbers } = session
  const code = codeOf(fault)
  if (code === 'ETIMEOUT') return problemOfLimit(stage, where)
  const own = numberOf(fault)
  const seen: Seen = {
    stage,
    numbers: own === undefined ? numbers : [own],
    code,
    detail: fault instanceof Error && own !== undefined ? fault.message : code,
  }
  return problemOf(seen, where)
}

const openSession = async (target: SqlTarget<SqlServerConnection>, session: Session): Promise<Connection> => {
  // Loaded when first used: the driver costs 0.4 s and 33 MB, which functions for other engines need not pay.
  const { Connection: TediousConnection } = await import('tedious')
  const connection = new TediousConnection(configurationOf(target.connection, target.password, session))
  // A connection that breaks emits an error; nobody listening would end the process.
  connection.on('error', () => undefined)
  hearParser(connection, session)
  connection.on('errorMessage', ({ number }: { number: number }) => session.numbers.push(number))
  await new Promise<void>((resolve, reject) => {
    connection.connect((fault) => (fault ? reject(fault) : resolve()))
  })
  session.stage = 'asking'
  return connection
}

const askAll = async (connection: Connection, queries: Queries): Promise<Record<string, Row[] | null>> => {
  const answer: Record<string, Row[] | null> = {}
  for (const [name, { sql, optional }] of Object.entries(queries)) {
    try {
      answer[name] = await runStatement(connection, sql)
    } catch (fault) {
      if (!optional || !isRefusedStatement(numberOf(fault))) throw fault
      answer[name] = null
    }
  }
  return answer
}

const ask = async (target: SqlTarget<SqlServerConnection>, session: Session): Promise<ProbeOutcome> => {
  let connection: Connection | undefined
  try {
    connection = await openSession(target, session)
    return { answer: await askAll(connection, target.queries) }
  } catch (fault) {
    return { problem: explain(session, fault) }
  } finally {
    connection?.close()
  }
}

const portOf = async (
  { host, port, instanceName }: SqlServerConnection,
  limitMs: number,
): Promise<number | null> =>
  instanceName === undefined ? (port ?? defaultPort) : findInstancePort(host, instanceName, limitMs)

/** Asks a SQL Server instance. The hard limit takes the socket away, since the driver may wait for a silent server. */
export const sqlServerProbe: Probes['sqlserver'] = async (target) => {
  const { connection, limitMs } = target
  const from = performance.now()
  const port = await portOf(connection, limitMs)
  const { host, instanceName = '', credential } = connection
  if (port === null)
    return { problem: { code: 'SQLSERVER_NAMED_INSTANCE_UNKNOWN', params: { host, instanceName } } }
  const where = { host, port, user: credential.username, limitMs }
  const session: Session = { stage: 'connecting', where, numbers: [], socket: null, end: () => undefined }
  let timer: NodeJS.Timeout | undefined
  const ended = new Promise<ProbeOutcome>((resolve) => {
    session.end = resolve
    const atLimit = () => resolve({ problem: problemOfLimit(session.stage, where) })
    timer = setTimeout(atLimit, Math.max(1, limitMs - (performance.now() - from)))
  })
  try {
    return await Promise.race([ask(target, session), ended])
  } finally {
    clearTimeout(timer)
    session.socket?.destroy()
  }
}

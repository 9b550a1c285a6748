import type { Connection, ConnectionConfiguration } from 'tedious'
import type { ProbeOutcome } from '../../checks/framework/judge.ts'
import type { Problem } from '../../checks/framework/problem.ts'
import type { Queries } from '../../checks/framework/question.ts'
import type { SqlServerConnection } from '../../model/instance.ts'
import type { Probes, SqlTarget } from '../../ports/probe.ts'
import { findInstancePort } from './browser.ts'
import { isRefusal, problemOf, problemOfSilence } from './errors.ts'
import { type Session, startSession } from './session.ts'
import { type Row, runStatement } from './statement.ts'
import { dial } from './transport.ts'

type Target = SqlTarget<SqlServerConnection>

/** Malformed tokens make the parser of the driver emit an error that nobody hears, which would end the process. */
const hearParser = (connection: Connection, session: Session): void => {
  const create = connection.createTokenStreamParser.bind(connection)
  connection.createTokenStreamParser = (message, handler) => {
    const tokens = create(message, handler)
    tokens.parser.once('error', () => session.refuse('NOT_A_DATABASE'))
    return tokens
  }
}

const configurationOf = (
  { connection: { tls, credential }, password, limitMs }: Target,
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
    connectTimeout: limitMs,
    requestTimeout: limitMs,
    cancelTimeout: limitMs,
    // A second login that fails could lock the account, and what is transient the next precheck sees mended.
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

const explain = ({ stage, where, messages }: Session, fault: unknown): Problem => {
  const code = codeOf(fault)
  return code === 'ETIMEOUT' ? problemOfSilence(stage, where) : problemOf({ stage, messages, code }, where)
}

/** A server's message may be shown, unless it repeats the password. */
const withoutSecret = (text: string, password: string): string => (text.includes(password) ? '' : text)

const openConnection = async (target: Target, session: Session): Promise<Connection> => {
  // Loaded when first used: the driver costs 0.4 s and 33 MB, which functions for other engines need not pay.
  const { Connection: TediousConnection } = await import('tedious')
  const connection = new TediousConnection(configurationOf(target, session))
  // A connection that breaks emits an error; nobody listening would end the process.
  connection.on('error', () => undefined)
  hearParser(connection, session)
  connection.on('errorMessage', ({ number, message }: { number: number; message: string }) =>
    session.messages.push({ number, text: withoutSecret(message, target.password) }),
  )
  await new Promise<void>((resolve, reject) => {
    connection.connect((fault) => (fault ? reject(fault) : resolve()))
  })
  session.stage = 'asking'
  return connection
}

const askAll = async (
  connection: Connection,
  queries: Queries,
  session: Session,
): Promise<Record<string, Row[] | null>> => {
  const answer: Record<string, Row[] | null> = {}
  for (const [name, { sql, optional }] of Object.entries(queries)) {
    session.messages.length = 0
    try {
      answer[name] = await runStatement(connection, sql)
    } catch (fault) {
      if (!optional || !isRefusal(session.messages)) throw fault
      answer[name] = null
    }
  }
  return answer
}

const ask = async (target: Target, session: Session): Promise<ProbeOutcome> => {
  const { instanceName } = target.connection
  let connection: Connection | undefined
  try {
    if (instanceName !== undefined) {
      const port = await findInstancePort(session.where.host, instanceName, session.over)
      if (port === null) return { problem: problemOfSilence('locating', session.where) }
      session.where = { ...session.where, port }
      session.stage = 'connecting'
    }
    connection = await openConnection(target, session)
    return { answer: await askAll(connection, target.queries, session) }
  } catch (fault) {
    return { problem: explain(session, fault) }
  } finally {
    connection?.close()
  }
}

/** Asks a SQL Server instance. The hard limit takes the socket away, since the driver may wait for a silent server. */
export const sqlServerProbe: Probes['sqlserver'] = async (target) => {
  const session = startSession(target)
  try {
    return await Promise.race([ask(target, session), session.ended])
  } finally {
    session.close()
  }
}

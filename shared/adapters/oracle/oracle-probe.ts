import { setTimeout as sleep } from 'node:timers/promises'
import type { Connection, ConnectionAttributes } from 'oracledb'
import type { ProbeOutcome } from '../../checks/judge.ts'
import type { Queries } from '../../checks/question.ts'
import type { OracleConnection } from '../../model/instance.ts'
import type { Probes, SqlTarget } from '../../ports/probe.ts'
import { type Stage, isRefusedStatement, problemOf, problemOfLimit, read } from './errors.ts'
import { type OwnSockets, collectingSockets, destroySockets } from './sockets.ts'
import { throwawayIdentity } from './throwaway-identity.ts'

/** How long the probe waits for the server to say good-bye, ms. */
const farewellMs = 500

/** A value as JSON has it; times are ISO 8601 in UTC. */
type Value = string | number | boolean | null
type Row = Record<string, Value>

interface Session extends OwnSockets {
  isLoggedIn: boolean
}

const stageOf = ({ isConnected, isLoggedIn }: Session): Stage => {
  if (isLoggedIn) return 'asking'
  return isConnected ? 'logging-in' : 'connecting'
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
  { connection, password, limitMs }: SqlTarget<OracleConnection>,
  privileges: Readonly<Record<'sysbackup' | 'sysdba', number>>,
): ConnectionAttributes => {
  const { credential, privilege, tls } = connection
  return {
    user: credential.username,
    password,
    connectString: descriptorOf(connection, limitMs),
    ...(privilege !== 'normal' && { privilege: privileges[privilege] }),
    ...(tls.mode === 'required' && tls.ca !== undefined && { walletContent: throwawayIdentity() + tls.ca }),
  }
}

const toValue = (value: unknown): Value => {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value
  return value instanceof Date ? value.toISOString() : JSON.stringify(value)
}

const toRow = (row: object): Row =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name.toLowerCase(), toValue(value)]))

const openSession = async (target: SqlTarget<OracleConnection>, session: Session): Promise<Connection> => {
  // Loaded when first used: functions for other engines need not pay for it.
  const { default: oracledb } = await import('oracledb')
  const privileges = { sysbackup: oracledb.SYSBACKUP, sysdba: oracledb.SYSDBA }
  const connection = await oracledb.getConnection(attributesOf(target, privileges))
  session.isLoggedIn = true
  connection.callTimeout = target.limitMs
  return connection
}

const askAll = async (connection: Connection, queries: Queries): Promise<Record<string, Row[] | null>> => {
  const { default: oracledb } = await import('oracledb')
  const answer: Record<string, Row[] | null> = {}
  for (const [name, { sql, optional }] of Object.entries(queries)) {
    try {
      const { rows = [] } = await connection.execute<object>(sql, [], {
        outFormat: oracledb.OUT_FORMAT_OBJECT,
      })
      answer[name] = rows.map(toRow)
    } catch (fault) {
      if (!optional || !isRefusedStatement(read('asking', fault))) throw fault
      answer[name] = null
    }
  }
  return answer
}

const ask = async (target: SqlTarget<OracleConnection>, session: Session): Promise<ProbeOutcome> => {
  let connection: Connection | undefined
  try {
    connection = await openSession(target, session)
    return { answer: await askAll(connection, target.queries) }
  } catch (fault) {
    return { problem: problemOf(read(stageOf(session), fault), fault, target.connection) }
  } finally {
    // A polite end keeps the server's alert log clean; a server that does not answer it is left.
    if (connection) await Promise.race([connection.close().catch(() => undefined), sleep(farewellMs)])
  }
}

/** Asks an Oracle instance. The hard limit takes the sockets away, since the driver waits for a silent server forever. */
export const oracleProbe: Probes['oracle'] = async (target) => {
  const { connection, limitMs } = target
  let end: (outcome: ProbeOutcome) => void = () => undefined
  const ended = new Promise<ProbeOutcome>((resolve) => {
    end = resolve
  })
  const { host, port } = connection
  const session: Session = {
    opened: new Set(),
    isConnected: false,
    isLoggedIn: false,
    onStranger: () => end({ problem: { code: 'NOT_A_DATABASE', params: { host, port } } }),
  }
  const timer = setTimeout(
    () => end({ problem: problemOfLimit(stageOf(session), connection, limitMs) }),
    limitMs,
  )
  try {
    return await Promise.race([collectingSockets(session, () => ask(target, session)), ended])
  } finally {
    clearTimeout(timer)
    destroySockets(session)
  }
}

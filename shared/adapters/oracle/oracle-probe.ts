import { setTimeout as sleep } from 'node:timers/promises'
import type { Connection, ConnectionAttributes } from 'oracledb'
import type { ProbeOutcome } from '../../checks/framework/judge.ts'
import type { OracleConnection } from '../../model/instance.ts'
import type { Probes, SqlTarget } from '../../ports/probe.ts'
import { type Stage, type Where, isRefusedStatement, problemOf, problemOfLimit } from './errors.ts'
import { type Row, toRow } from './row.ts'
import { type OwnSockets, collectingSockets, endSockets } from './sockets.ts'
import { walletOf } from './wallet.ts'

type Target = SqlTarget<OracleConnection>

/** How long the server has to stop a statement when told to, and to say good-bye, ms; on short limits a share of them. */
const graceMs = 500
const graceShare = 0.1

/** Program that the server shows for the session, in `v$session`. */
const program = 'backup-precheck'

/** What is known of a probe while it lasts. */
interface Session extends OwnSockets {
  /** Present from the login on. */
  connection: Connection | null
  /** When the probe ends whatever happens, as `performance.now()` counts. */
  readonly deadline: number
}

const stageOf = ({ isConnected, connection }: Session): Stage => {
  if (connection) return 'asking'
  return isConnected ? 'logging-in' : 'connecting'
}

const whereOf = ({ connection, limitMs }: Target, session: Session): Where => {
  const { host, port, serviceName, sid = '', credential, privilege } = connection
  return {
    stage: stageOf(session),
    ...(session.movedTo ?? { host, port }),
    service: serviceName ?? sid,
    user: credential.username,
    privilege,
    limitMs,
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

const graceOf = (limitMs: number): number => Math.min(graceMs, limitMs * graceShare)

/** The driver tells the server to stop a statement when time runs short: one that obeys is left in good order. */
const stopInTime = (connection: Connection, { deadline }: Session, limitMs: number): void => {
  connection.callTimeout = Math.max(1, Math.floor(deadline - performance.now() - graceOf(limitMs)))
}

const askAll = async (
  target: Target,
  session: Session,
): Promise<Readonly<Record<string, readonly Row[] | null>>> => {
  // Loaded when first used: functions for other engines need not pay for it.
  const { default: oracledb } = await import('oracledb')
  const privileges = { sysbackup: oracledb.SYSBACKUP, sysdba: oracledb.SYSDBA }
  const connection = await oracledb.getConnection(attributesOf(target, privileges))
  session.connection = connection
  const answer: Record<string, readonly Row[] | null> = {}
  for (const [name, { sql, optional }] of Object.entries(target.queries)) {
    stopInTime(connection, session, target.limitMs)
    try {
      const { rows } = await connection.execute<object>(sql, [], { outFormat: oracledb.OUT_FORMAT_OBJECT })
      answer[name] = (rows ?? []).map(toRow)
    } catch (fault) {
      if (!optional || !isRefusedStatement(fault)) throw fault
      answer[name] = null
    }
  }
  return answer
}

const ask = async (target: Target, session: Session): Promise<ProbeOutcome> => {
  try {
    return { answer: await askAll(target, session) }
  } catch (fault) {
    return { problem: problemOf(fault, whereOf(target, session)) }
  }
}

/** Keeps the server's alert log clean; a server that does not answer it is left. */
const sayGoodbye = async ({ connection, deadline }: Session): Promise<void> => {
  if (!connection) return
  const patience = Math.max(0, Math.min(graceMs, deadline - performance.now()))
  await Promise.race([connection.close().catch(() => undefined), sleep(patience, undefined, { ref: false })])
}

/** Asks an Oracle instance. The hard limit takes the sockets away, since the driver waits for a silent server forever. */
export const oracleProbe: Probes['oracle'] = async (target) => {
  const { host, port } = target.connection
  let end: (outcome: ProbeOutcome) => void = () => undefined
  const ended = new Promise<ProbeOutcome>((resolve) => {
    end = resolve
  })
  const session: Session = {
    opened: new Set(),
    isConnected: false,
    movedTo: null,
    isOver: false,
    onStranger: (code) => end({ problem: { code, params: { host, port } } }),
    connection: null,
    deadline: performance.now() + target.limitMs,
  }
  const timer = setTimeout(() => end({ problem: problemOfLimit(whereOf(target, session)) }), target.limitMs)
  try {
    const outcome = await Promise.race([collectingSockets(session, () => ask(target, session)), ended])
    await sayGoodbye(session)
    return outcome
  } finally {
    clearTimeout(timer)
    endSockets(session)
  }
}

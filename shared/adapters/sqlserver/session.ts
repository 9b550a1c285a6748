import type { ProbeOutcome } from '../../checks/framework/judge.ts'
import type { SqlServerConnection } from '../../model/instance.ts'
import type { SqlTarget } from '../../ports/probe.ts'
import { type ServerMessage, type Stage, type Where, problemOfSilence } from './errors.ts'
import type { GuardCode } from './prelogin-guard.ts'

/** Port of a default instance. */
const defaultPort = 1433

/** What is known of a probe while it lasts. */
export interface Session {
  stage: Stage
  where: Where
  /** What the server said in the login, then to the statement that is being asked. */
  readonly messages: ServerMessage[]
  /** Resolves when the probe is ended from this side, without waiting for the driver to notice. */
  readonly ended: Promise<ProbeOutcome>
  /** Aborted when the probe is over: no socket outlives it, none is opened after it. */
  readonly over: AbortSignal
  /** Ends the probe at once with what is wrong with the server. */
  readonly refuse: (code: GuardCode) => void
  readonly close: () => void
}

/** Starts the clock of a probe: it ends at its limit, whatever the server does. */
export const startSession = ({ connection, limitMs }: SqlTarget<SqlServerConnection>): Session => {
  const { host, port = defaultPort, instanceName, credential } = connection
  const closing = new AbortController()
  let end: (outcome: ProbeOutcome) => void = () => undefined
  const ended = new Promise<ProbeOutcome>((resolve) => {
    end = resolve
  })
  const session: Session = {
    stage: instanceName === undefined ? 'connecting' : 'locating',
    where: { host, port, instanceName: instanceName ?? '', user: credential.username, limitMs },
    messages: [],
    ended,
    over: closing.signal,
    refuse: (code) => {
      end({ problem: { code, params: { host, port: session.where.port } } })
      closing.abort()
    },
    close: () => {
      clearTimeout(timer)
      closing.abort()
    },
  }
  const timer = setTimeout(() => end({ problem: problemOfSilence(session.stage, session.where) }), limitMs)
  return session
}

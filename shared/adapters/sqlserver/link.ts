import type { Problem } from '../../checks/problems/problem.ts'
import type { DatabaseNetworks } from '../../model/connections/address.ts'
import type { DatabaseAddress, LoginAttempt } from '../../ports/probe.ts'
import { type Route, routeOf } from '../route.ts'
import { type Address, type ServerMessage, type Stage, type Where, problemOfSilence } from './errors.ts'
import { msSince } from '../elapsed.ts'
import { type AnswerMeter, answerLimits, answerMeter, codeOfLimit } from '../answer-meter.ts'
import type { Refusal } from './prelogin-guard.ts'

/** What may be wrong with where a server sends the session on to. */
type RedirectRefusal =
  | { readonly code: 'REDIRECT_UNREADABLE' }
  | { readonly code: 'REDIRECT_REPEATED'; readonly address: string }

/** Port of a default instance. */
const defaultPort = 1433

/** The way to one server, from looking it up to its last answer. */
export interface Link {
  readonly stage: () => Stage
  /** Goes on to a stage. */
  readonly enter: (stage: Stage) => void
  address: Address
  readonly where: () => Where
  /** The server has sent the session on to the address in `where`. */
  isMoved: boolean
  /** What the server said in the login, then to the statement that is being asked. */
  readonly messages: ServerMessage[]
  readonly route: Route
  /** Ends the link when the server sends more than it may. */
  readonly meter: AnswerMeter
  /** Aborted when the link is over: no socket outlives it, none is opened after it. */
  readonly over: AbortSignal
  /** Why nothing can be asked any more; null while it can. */
  lost: Problem | null
  /** Resolves with why the link was ended from this side, without waiting for the driver to notice. */
  readonly ended: Promise<{ readonly problem: Problem }>
  /** Ends the link at once with what is wrong with the server. */
  readonly refuse: (refusal: Refusal | RedirectRefusal) => void
  /** Ends the link unless this is called again within so many ms; null: until further notice. */
  readonly endAfter: (limitMs: number | null) => void
  readonly close: () => void
}

/** Begins a link: it ends when its time is over, whatever the server does. */
export const startLink = (
  { connection }: DatabaseAddress<'sqlserver'>,
  { limitMs }: Pick<LoginAttempt, 'limitMs'>,
  networks: DatabaseNetworks,
  onBytes?: () => void,
): Link => {
  const { host, port = defaultPort, instanceName, credential } = connection
  const closing = new AbortController()
  let timer: NodeJS.Timeout | undefined
  let tell: (problem: Problem) => void = () => undefined
  const ended = new Promise<{ readonly problem: Problem }>((resolve) => {
    tell = (problem) => resolve({ problem })
  })
  const end = (problem: Problem): void => {
    link.lost ??= problem
    tell(problem)
    closing.abort()
  }
  let stage: Stage = instanceName === undefined ? 'connecting' : 'locating'
  /** When what is under way began. */
  let since = performance.now()
  const link: Link = {
    stage: () => stage,
    enter: (next) => {
      stage = next
      since = performance.now()
    },
    address: { host, port, instanceName: instanceName ?? '', user: credential.username },
    where: () => ({ ...link.address, afterMs: msSince(since) }),
    isMoved: false,
    messages: [],
    meter: answerMeter((limit) => {
      const { host: name, port: number } = link.address
      end({ code: codeOfLimit[limit], params: { host: name, port: number, limit: answerLimits[limit] } })
    }, onBytes),
    lost: null,
    over: closing.signal,
    route: routeOf(connection, networks),
    ended,
    refuse: ({ code, ...params }) => end({ code, params: { host, port: link.address.port, ...params } }),
    endAfter: (ms) => {
      clearTimeout(timer)
      if (ms === null) return
      since = performance.now()
      timer = setTimeout(() => end(problemOfSilence(stage, link.where())), ms)
    },
    close: () => {
      clearTimeout(timer)
      closing.abort()
    },
  }
  link.endAfter(limitMs)
  return link
}

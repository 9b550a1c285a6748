import type { Problem } from '../../checks/problems/problem.ts'
import type { DatabaseNetworks } from '../../model/connections/address.ts'
import type { DatabaseAddress, LoginAttempt } from '../../ports/probe.ts'
import { msSince } from '../elapsed.ts'
import { type AnswerMeter, answerLimits, answerMeter, codeOfLimit } from '../answer-meter.ts'
import { type Route, routeOf } from '../route.ts'
import type { Stranger } from '../stranger.ts'
import { type Stage, type Where, problemOfLimit } from './errors.ts'

/** An instance, and the one login at it. */
export type Target = DatabaseAddress<'mysql'> & LoginAttempt

/** What a server is not gone on with for. */
export type Refusal =
  | Stranger
  | { readonly code: 'MYSQL_FILE_WITHHELD' }
  | { readonly code: 'MYSQL_PASSWORD_WITHHELD'; readonly plugin: string }

/** The way to one server, from looking it up to its last answer. */
export interface Link {
  /** Goes on to a stage. */
  readonly enter: (stage: Stage) => void
  /** Columns of the rows that are coming in; null while none are. */
  columns: number | null
  readonly where: () => Where
  readonly route: Route
  /** Ends the link when the server sends more than it may. */
  readonly meter: AnswerMeter
  /** Aborted when the link is over: no socket outlives it, none is opened after it. */
  readonly over: AbortSignal
  /** Why nothing can be asked any more; null while it can. */
  lost: Problem | null
  /** Resolves with why the link was ended, without waiting for the driver to notice. */
  readonly ended: Promise<{ readonly problem: Problem }>
  /** Ends the link at once. */
  readonly end: (problem: Problem) => void
  /** Ends the link at once with what is wrong with the server. */
  readonly refuse: (refusal: Refusal) => void
  /** Ends the link unless this is called again within its limit; null: until further notice. */
  readonly endAfter: (limitMs: number | null) => void
  readonly close: () => void
}

/** Begins a link: it ends when its time is over, whatever the server does. */
export const startLink = (
  { connection, password, limitMs }: Target,
  networks: DatabaseNetworks,
  onBytes?: () => void,
): Link => {
  const { host, port, credential, tls } = connection
  const closing = new AbortController()
  let timer: NodeJS.Timeout | undefined
  let tell: (problem: Problem) => void = () => undefined
  const ended = new Promise<{ readonly problem: Problem }>((resolve) => {
    tell = (problem) => resolve({ problem })
  })
  let stage: Stage = 'connecting'
  /** When what is under way began. */
  let since = performance.now()
  const link: Link = {
    enter: (next) => {
      stage = next
      since = performance.now()
    },
    columns: null,
    where: () => ({
      stage,
      host,
      port,
      user: credential.username,
      password,
      isPlain: tls.mode === 'off',
      afterMs: msSince(since),
    }),
    route: routeOf({ host, redirects: 'none' }, networks),
    meter: answerMeter((limit) => {
      link.end({ code: codeOfLimit[limit], params: { host, port, limit: answerLimits[limit] } })
    }, onBytes),
    over: closing.signal,
    lost: null,
    ended,
    end: (problem) => {
      link.lost ??= problem
      tell(problem)
      closing.abort()
    },
    refuse: ({ code, ...params }) => link.end({ code, params: { host, port, ...params } }),
    endAfter: (ms) => {
      clearTimeout(timer)
      if (ms === null) return
      since = performance.now()
      timer = setTimeout(() => link.end(problemOfLimit(link.where())), ms)
    },
    close: () => {
      clearTimeout(timer)
      closing.abort()
    },
  }
  link.endAfter(limitMs)
  return link
}

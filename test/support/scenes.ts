import type { BlackHole } from './black-hole.ts'
import { type Run, credential } from './run-check.ts'
import type { Obstacle } from './status-table.ts'

/** What a run meets. Left out: a healthy server, where the registration says it is. */
export interface Scene<Server> {
  readonly server?: Partial<Server>
  readonly at?: 'nowhere' | 'black hole'
  readonly connection?: Readonly<Record<string, unknown>>
  readonly plan?: Pick<Run['definition'], 'operations' | 'requiredDatabases'>
  readonly run?: Partial<Run>
}

/** The port where a scene is set. Nothing listens on port 1. */
export const portOf = ({ at }: Scene<unknown>, server: { readonly port: number }, hole: BlackHole): number =>
  at === undefined ? server.port : { nowhere: 1, 'black hole': hole.port }[at]

/** What stand-ins of every engine can do, each in its own words. */
interface Misbehaviour<Server> {
  /** Takes connections, and speaks another protocol. */
  readonly garbage: Partial<Server>
  readonly brokenAnswer: Partial<Server>
  readonly otherAnswer: Partial<Server>
  readonly silentLogin: Partial<Server>
  readonly silentAnswer: Partial<Server>
}

/** Leaves the probe 400 ms. */
const impatient = { run: { limitMs: 650 } }

/** What keeps an item of any engine from its answer. */
export const obstaclesOf = <Server>(server: Misbehaviour<Server>): readonly (Obstacle & Scene<Server>)[] => [
  { when: 'nothing listens', status: 'error', because: 'CONNECTION_REFUSED', at: 'nowhere' },
  {
    when: 'the host has no address',
    status: 'error',
    because: 'HOST_UNKNOWN',
    connection: { host: 'no-such-host.invalid' },
  },
  {
    when: 'the password cannot be read',
    status: 'error',
    because: 'SECRET_UNAVAILABLE',
    connection: { credential: { ...credential, password: 'env:PRECHECK_SECRET_NOT_THERE' } },
  },
  {
    when: 'what answers is another service',
    status: 'error',
    because: 'NOT_A_DATABASE',
    server: server.garbage,
  },
  {
    when: 'the connection breaks in the middle of an answer',
    status: 'error',
    because: 'CONNECTION_LOST',
    server: server.brokenAnswer,
  },
  {
    when: 'the answer is to something else',
    status: 'error',
    because: 'UNEXPECTED_ANSWER',
    server: server.otherAnswer,
  },
  {
    when: 'packets are dropped',
    status: 'timed_out',
    because: 'CONNECTION_TIMED_OUT',
    at: 'black hole',
    ...impatient,
  },
  {
    when: 'the login has no answer',
    status: 'timed_out',
    because: 'SERVER_SILENT',
    server: server.silentLogin,
    ...impatient,
  },
  {
    when: 'a statement has no answer',
    status: 'timed_out',
    because: 'QUERY_TIMED_OUT',
    server: server.silentAnswer,
    ...impatient,
  },
]

import type { Endpoints, Queries } from '../checks/framework/question.ts'
import type { ProbeOutcome } from '../checks/framework/judge.ts'
import type { OracleConnection, SqlServerConnection } from '../model/instance.ts'

/** How long a probe may take in all, ms, connecting and closing included. */
export interface ProbeLimit {
  readonly limitMs: number
}

/** A database connection with the password in clear: lives for the length of one probe, is never logged or stored. */
export interface SqlTarget<Connection> extends ProbeLimit {
  readonly connection: Connection
  readonly password: string
  readonly queries: Queries
}

/**
 * Puts questions to a real server. A probe never rejects for what it met: it resolves with an answer or a problem within
 * `limitMs`, and leaves no socket behind.
 */
export interface Probes {
  /** Resolves with `{ answer: Record<query name, row objects | null> }`; column names as the statement spells them, lower case. */
  readonly sqlserver: (target: SqlTarget<SqlServerConnection>) => Promise<ProbeOutcome>
  /** Resolves with `{ answer: Record<query name, row objects | null> }`; column names in lower case. */
  readonly oracle: (target: SqlTarget<OracleConnection>) => Promise<ProbeOutcome>
  /** Resolves with `{ answer: Reach[] }`, one for every URL, in order. */
  readonly https: (target: Endpoints & ProbeLimit) => Promise<ProbeOutcome>
}

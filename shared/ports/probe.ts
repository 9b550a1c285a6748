import type { ProbeOutcome } from '../checks/judge.ts'
import type { Problem } from '../checks/problems/problem.ts'
import type { Endpoints } from '../checks/framework/question.ts'
import type { ConnectionOf, Engine } from '../model/engine.ts'

/** How long a probe may take, ms. */
export interface ProbeLimit {
  readonly limitMs: number
}

/** An engine with a connection of that engine: a probe cannot be given the address, and so the password, of another. */
export type DatabaseAddress<Name extends Engine = Engine> = {
  readonly [Each in Name]: { readonly engine: Each; readonly connection: ConnectionOf<Each> }
}[Name]

/** A login with the password in clear: lives for the length of that login, is never logged or stored. */
export interface LoginAttempt extends ProbeLimit {
  readonly password: string
}

/** A row by the names of its columns, in lower case; times are ISO 8601 in UTC, what JSON has no number for is a text. */
export type Row = Readonly<Record<string, string | number | boolean | null>>

/** What came of one statement. */
export type StatementOutcome =
  | { readonly rows: readonly Row[] }
  /**
   * This statement alone has no answer: the login may not run it, this server has no such view or column, or what it
   * reads cannot be read now. The session goes on.
   */
  | { readonly refused: Problem }
  | { readonly problem: Problem }

/** One login at a database. Statements are asked one after the other. */
export interface DatabaseSession {
  /**
   * Resolves within `limitMs`, never rejects. A statement that is slow is cancelled, and the session goes on; where the
   * server does not obey, or the connection is lost, this statement and all later ones resolve with that problem.
   */
  readonly ask: (sql: string, limitMs: number) => Promise<StatementOutcome>
  /** Logs out; leaves no socket behind. */
  readonly close: () => Promise<void>
}

/** What came of a login. */
export type Login =
  | { readonly session: DatabaseSession }
  /** `isUnheard`: the connection was reset before the server had said anything, so that no password was sent. */
  | { readonly problem: Problem; readonly isUnheard?: true }

/** Logs in once, never again: a second login with a wrong password could lock the account. Never rejects, ends within the limit. */
export type DatabaseProbe<Name extends Engine> = (
  address: DatabaseAddress<Name>,
  attempt: LoginAttempt,
) => Promise<Login>

/** A probe for every engine. */
export type DatabaseProbes = { readonly [Name in Engine]: DatabaseProbe<Name> }

/** Logs in with the probe of the engine. */
export const logIn = <Name extends Engine>(
  probes: DatabaseProbes,
  address: DatabaseAddress<Name>,
  attempt: LoginAttempt,
): Promise<Login> => probes[address.engine](address, attempt)

/** Puts questions to real servers. */
export interface Probes {
  readonly databases: DatabaseProbes
  /** Resolves with `{ answer: Reach[] }`, one for every URL, in order; within the limit, never rejects. */
  readonly https: (target: Endpoints & ProbeLimit) => Promise<ProbeOutcome>
}

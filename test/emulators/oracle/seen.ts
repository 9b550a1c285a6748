/** What clients did so far. */
export interface Seen {
  /** User and privilege of every login that was begun. */
  readonly logins: string[]
  readonly statements: string[]
  /** Requests for more rows of an answer. */
  fetches: number
  readonly connectData: string[]
  /** Markers that clients sent: a break, or the answer to the server's own. */
  markers: number
  /** Connections that are open now. */
  open: number
}

import type { Engine } from '../../model/engine.ts'
import type { Queries } from './question.ts'

/** A privilege that check items need and the login lacks. */
export interface MissingPrivilege {
  readonly privilege: string
  /** Statements that grant it, with quoted names. */
  readonly grants: readonly string[]
}

/** How to find out what a login may do: queries, and a pure rule over their answer. */
export interface PrivilegeAudit {
  readonly engine: Engine
  readonly queries: Queries
  /** Of the privileges asked for, those that the login lacks. */
  readonly audit: (
    answer: unknown,
    wanted: readonly string[],
    username: string,
  ) => { readonly missing: readonly MissingPrivilege[] } | { readonly misshapen: string }
}

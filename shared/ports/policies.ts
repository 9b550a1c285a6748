import { Policy } from '../model/policy.ts'
import type { DocumentKind, Documents } from './documents.ts'

/** Policies that there can be: all of them are read at once where prechecks are started. */
export const maxPolicies = 100

/** The policies by their names. */
export const policyKind: DocumentKind<Policy> = {
  table: 'policies',
  keyColumns: ['policy_name'],
  schema: Policy,
  order: 'ascending',
}

export type Policies = Documents<Policy>

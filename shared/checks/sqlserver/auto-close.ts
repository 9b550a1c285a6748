import type { Remediation } from '../../model/remediation.ts'
import type { DatabaseFacts, DatabaseRow } from './databases.ts'
import { openDatabase } from './recovery-model-remediations.ts'
import { roleOf } from './role.ts'
import { contentsOf } from './roles.ts'

/**
 * True for a database that AUTO_CLOSE closed after its last user had left. It is ONLINE to the server, which shows no
 * collation of it, opens it for whoever comes, and tells nothing of it that only its files say ("sys.databases",
 * "ALTER DATABASE SET options"). No statement of a precheck may open it.
 */
export const isClosed = ({ collation_name, is_auto_close_on }: DatabaseRow): boolean =>
  collation_name === null && is_auto_close_on === true

/** Keeps it open, where it is certainly nobody else's. */
export const keepOpen = (row: DatabaseRow, facts: DatabaseFacts): { readonly remediation?: Remediation } =>
  contentsOf(roleOf(row, facts)) === 'own' ? { remediation: openDatabase(row.name) } : {}

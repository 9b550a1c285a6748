import { type DatabaseIdentity, type Identities, noBase } from '../../model/identity.ts'
import { identitiesOf } from '../framework/identities.ts'
import { type DatabaseFacts, type DatabaseRow, chainsOf, considered } from './databases.ts'
import { roleOf } from './role.ts'
import { contentsOf } from './roles.ts'

const baseOf = ({ has_differential_base, differential_base_guid }: DatabaseRow): string | null =>
  has_differential_base === false ? noBase : differential_base_guid

/** What is restored again and again, as secondaries are, is known by its name alone. */
const identityOf = (row: DatabaseRow, facts: DatabaseFacts): DatabaseIdentity => {
  if (contentsOf(roleOf(row, facts)) !== 'own') return [row.name, null, null, null]
  const [chain] = chainsOf(row, facts)
  return [row.name, row.created_at, chain?.recovery_fork_guid ?? null, baseOf(row)]
}

/**
 * Who a server and its databases are. A restore over a database begins a recovery fork
 * ("sys.database_recovery_status"), and one under a new name has the time of the restore ("sys.databases"); every full
 * backup that is no copy is a base of its own ("sys.master_files").
 */
export const identify = (facts: DatabaseFacts): Identities =>
  identitiesOf({
    instance: { name: facts.server.server_name },
    type: 'database',
    isWhole: facts.server.view_any_database === true,
    databases: considered(facts).databases.map((row) => identityOf(row, facts)),
  })

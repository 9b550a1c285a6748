import { type Cell, type Changes, type RowLike, rowsLike } from './row.ts'

/** SQL Server 2022 Enterprise Edition, to a login that sees every database and is not a sysadmin. */
const healthyServer = {
  product_version: '16.0.4135.4',
  edition: 'Enterprise Edition (64-bit)',
  engine_edition: 3,
  view_any_database: 1,
  is_sysadmin: 0,
}

const healthyDatabase = {
  database_id: 5,
  name: 'Sales',
  state_desc: 'ONLINE',
  recovery_model_desc: 'FULL',
  user_access_desc: 'MULTI_USER',
  is_read_only: false,
  is_in_standby: false,
  source_database_id: null,
  replica_id: null,
  mirroring_role_desc: null,
}
type DatabaseChanges = Changes<typeof healthyDatabase>
export type DatabaseRow = RowLike<typeof healthyDatabase>

export const server = rowsLike(healthyServer)

const databaseLike = rowsLike(healthyDatabase)

/** A healthy database of that id and name, but for the changes. */
export const database = (database_id: number, name: string, changes: DatabaseChanges = {}): DatabaseRow =>
  databaseLike({ database_id, name, ...changes })

/** The system databases of every server, as setup leaves them. */
export const systemDatabases: readonly DatabaseRow[] = [
  database(1, 'master', { recovery_model_desc: 'SIMPLE' }),
  database(2, 'tempdb', { recovery_model_desc: 'SIMPLE' }),
  database(3, 'model'),
  database(4, 'msdb', { recovery_model_desc: 'SIMPLE' }),
]

/** The system databases and one more, `Sales`. */
export const withSales = (changes: DatabaseChanges = {}): readonly DatabaseRow[] => [
  ...systemDatabases,
  database(5, 'Sales', changes),
]

/** Where a database takes part in an availability group, this column says so. */
export const inAvailabilityGroup = { replica_id: '6f9619ff-8b86-d011-b42d-00c04fc964ff' }

/** Local replicas of `Sales`, one for each group that it is in, by their roles. */
export const replicasOfSales = (...roles: readonly (string | null)[]) =>
  roles.map((role_desc) => ({ database_id: 5, role_desc }))

/** One row of each statement, for its columns; a healthy server may have none. */
export const sqlServerSamples = {
  server: server(),
  databases: database(5, 'Sales'),
  replicas: { database_id: 5, role_desc: 'PRIMARY' },
  mirroring: { listeners: 0 },
  logShipping: { name: 'Sales' },
} as const satisfies Readonly<Record<string, Readonly<Record<string, Cell>>>>

/** Rows of every statement of the SQL Server items by its name; null: refused for lack of a privilege. */
export type SqlServerFacts = {
  readonly [Statement in keyof typeof sqlServerSamples]:
    | readonly RowLike<(typeof sqlServerSamples)[Statement]>[]
    | null
}

/** What the statements of the SQL Server items bring back from a healthy server, but for the changes. */
export const sqlServerFacts = (changes: Partial<SqlServerFacts> = {}): SqlServerFacts => ({
  server: [server()],
  databases: withSales(),
  replicas: [],
  mirroring: [{ listeners: 0 }],
  logShipping: [],
  ...changes,
})

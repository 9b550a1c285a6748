import * as z from 'zod'
import { MySqlConnection } from './connections/mysql.ts'
import { OracleConnection } from './connections/oracle.ts'
import { SqlServerConnection } from './connections/sqlserver.ts'

/** Database engines whose instances can be prechecked. A new engine is named here, with its connection below. */
export const Engine = z.enum(['oracle', 'sqlserver', 'mysql'])
export type Engine = z.infer<typeof Engine>

/** An engine with a connection of that engine, beside what `about` says of every instance. */
export const ofEngine = <About extends z.core.$ZodShape>(about: About) =>
  z.discriminatedUnion('engine', [
    z.strictObject({ engine: z.literal('sqlserver'), connection: SqlServerConnection, ...about }),
    z.strictObject({ engine: z.literal('oracle'), connection: OracleConnection, ...about }),
    z.strictObject({ engine: z.literal('mysql'), connection: MySqlConnection, ...about }),
  ])

type EngineWithConnection = z.output<ReturnType<typeof ofEngine<{ readonly region: z.ZodString }>>>

/** The connection of an engine: branded, so that what belongs to one engine is never taken for that of another. */
export type ConnectionOf<Name extends Engine> = Readonly<
  Extract<EngineWithConnection, { engine: Name }>['connection']
>

/** The essential check item of each engine that says who an instance and its databases are. */
export const identifiedBy: Readonly<Record<Engine, string>> = {
  oracle: 'ORACLE_DB_STATUS',
  sqlserver: 'SQL_SERVER_DB_NOT_ONLINE',
  mysql: 'MYSQL_VERSION',
}

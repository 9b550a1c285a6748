import { selectedChecks } from '../../../shared/checks/catalogue.ts'
import { queriesOf } from '../../../shared/checks/framework/question.ts'
import { CheckSet } from '../../../shared/model/check-selection.ts'
import { InstanceDefinition } from '../../../shared/model/instance.ts'

/** Where the servers of the benchmark are. */
export interface Servers {
  readonly sqlServerPort: number
  readonly oraclePort: number
  readonly mysqlPort: number
  /** Of OSS, then of the control network. */
  readonly endpoints: readonly string[]
  /** Authority of every certificate, PEM. */
  readonly ca: string
}

/** Variable of the environment in which a measured process finds them, as JSON. */
export const serversVariable = 'BENCH_SERVERS'

/** Variable of the environment that says which set of check items is measured; left out: the essential one. */
export const setVariable = 'BENCH_SET'

/** Password of all databases. They hold nothing, so it guards nothing. */
export const password = 'bench-only'

/** The servers that the benchmark has started. */
export const readServers = (): Servers => JSON.parse(process.env[serversVariable] ?? '{}') as Servers

const connectionsTo = ({ sqlServerPort, oraclePort, mysqlPort, ca }: Servers) => {
  const reached = {
    host: 'localhost',
    credential: { username: 'precheck', password: 'env:PRECHECK_SECRET_BENCH' },
  }
  return {
    sqlserver: { ...reached, port: sqlServerPort, tls: { mode: 'required', ca } },
    oracle: { ...reached, port: oraclePort, serviceName: 'orcl' },
    mysql: { ...reached, port: mysqlPort, tls: { mode: 'required', ca } },
  }
}

/** The engines that are measured. */
export type MeasuredEngine = keyof ReturnType<typeof connectionsTo>

/** An instance as it would be registered. */
export const definitionOf = (engine: MeasuredEngine, servers: Servers): InstanceDefinition => {
  const { endpoints, ca } = servers
  const [oss, ...service] = endpoints
  return InstanceDefinition.parse({
    engine,
    region: 'cn-hangzhou',
    connection: connectionsTo(servers)[engine],
    endpoints: { oss, service, ca },
    checks: { set: CheckSet.default('essential').parse(process.env[setVariable]) },
  })
}

/** Statements of the check items that are measured of an engine, each once. */
export const statementsOf = (engine: MeasuredEngine): readonly string[] => [
  ...new Set(
    selectedChecks(definitionOf(engine, readServers())).flatMap(({ question }) =>
      Object.values(queriesOf(question)).map(({ sql }) => sql),
    ),
  ),
]

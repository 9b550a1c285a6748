import type * as z from 'zod'
import type { InstanceDefinition } from '../../shared/model/instance.ts'
import { oracleScene, sqlServerScene } from '../demo/scenes.ts'
import { startHttpsEndpoint } from '../emulators/https-endpoint.ts'
import { answersOf as oracleAnswers } from '../emulators/oracle/catalogue-answers.ts'
import { type OracleStandIn, startOracle } from '../emulators/oracle/server.ts'
import {
  type SqlServerState,
  answersOf as sqlServerAnswers,
} from '../emulators/sqlserver/catalogue-answers.ts'
import { type SqlServerStandIn, startSqlServer } from '../emulators/sqlserver/server.ts'
import { makeCertificates } from './certificates.ts'
import type { OracleFacts } from './facts/oracle.ts'

/** The engines that there are stand-ins of. */
export type StandInEngine = 'sqlserver' | 'oracle'

/** What the demo and the end-to-end tests look at: a SQL Server, an Oracle and an HTTPS endpoint on loopback. */
export interface StandIns {
  readonly sqlServer: SqlServerStandIn
  readonly oracle: OracleStandIn
  /** Lets both behave as they did at first. */
  readonly fix: () => void
  /** Leaves nothing to find on either. */
  readonly heal: () => void
  /** Makes each differ from a healthy server by so much, and by no more. */
  readonly become: (states: {
    readonly sqlServer?: SqlServerState
    readonly oracle?: Partial<OracleFacts>
  }) => void
  /** Has both refuse every login, for a wrong password. */
  readonly refuseLogins: () => void
  /** How each is registered; `passwordReference` is what the service resolves to `demoPassword`. */
  readonly definitionOf: (
    engine: StandInEngine,
    passwordReference: string,
  ) => z.input<typeof InstanceDefinition>
  readonly close: () => Promise<void>
}

export const startStandIns = async (): Promise<StandIns> => {
  const certificates = await makeCertificates()
  const endpoint = await startHttpsEndpoint(certificates)
  const sqlServer = await startSqlServer(sqlServerScene(certificates))
  const oracle = await startOracle(oracleScene)
  const become: StandIns['become'] = (states) => {
    const answer = sqlServerAnswers(states.sqlServer ?? {})
    sqlServer.setScenario({ ...sqlServerScene(certificates), answer })
    oracle.setScenario({ ...oracleScene, answer: oracleAnswers(states.oracle ?? {}) })
  }
  const shared = {
    region: 'cn-hangzhou',
    endpoints: { oss: endpoint.url, service: [endpoint.url], ca: certificates.ca },
  }
  return {
    sqlServer,
    oracle,
    fix: () => {
      sqlServer.setScenario(sqlServerScene(certificates))
      oracle.setScenario(oracleScene)
    },
    heal: () => become({}),
    become,
    refuseLogins: () => {
      const refusal = { number: 18_456, message: 'Login failed.' }
      sqlServer.setScenario({ ...sqlServerScene(certificates), login: () => [refusal] })
      oracle.setScenario({ ...oracleScene, login: () => ({ error: { code: 1017 } }) })
    },
    definitionOf: (engine, passwordReference) => {
      const credential = { username: 'precheck', password: passwordReference }
      const connection =
        engine === 'oracle'
          ? { host: '127.0.0.1', port: oracle.port, serviceName: 'orclcdb', credential }
          : { host: 'localhost', port: sqlServer.port, credential, tls: { ca: certificates.ca } }
      return { engine, connection, ...shared }
    },
    close: async () => {
      await Promise.all([endpoint.close(), sqlServer.close(), oracle.close()])
    },
  }
}

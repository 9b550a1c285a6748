import type * as z from 'zod'
import type { InstanceDefinition } from '../../shared/model/instance.ts'
import { mysqlScene, oracleScene, sqlServerScene } from '../demo/scenes.ts'
import { startHttpsEndpoint } from '../emulators/https-endpoint.ts'
import { type MySqlState, answersOf as mysqlAnswers } from '../emulators/mysql/catalogue-answers.ts'
import { type MySqlStandIn, startMySql } from '../emulators/mysql/server.ts'
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
export type StandInEngine = 'sqlserver' | 'oracle' | 'mysql'

/** What the demo and the end-to-end tests look at: a SQL Server, an Oracle, a MySQL and an HTTPS endpoint on loopback. */
export interface StandIns {
  readonly sqlServer: SqlServerStandIn
  readonly oracle: OracleStandIn
  readonly mysql: MySqlStandIn
  /** Lets all behave as they did at first. */
  readonly fix: () => void
  /** Leaves nothing to find on any. */
  readonly heal: () => void
  /** Makes each differ from a healthy server by so much, and by no more. */
  readonly become: (states: {
    readonly sqlServer?: SqlServerState
    readonly oracle?: Partial<OracleFacts>
    readonly mysql?: MySqlState
  }) => void
  /** Has all refuse every login, for a wrong password. */
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
  const mysql = await startMySql(mysqlScene(certificates))
  const become: StandIns['become'] = (states) => {
    const answer = sqlServerAnswers(states.sqlServer ?? {})
    sqlServer.setScenario({ ...sqlServerScene(certificates), answer })
    oracle.setScenario({ ...oracleScene, answer: oracleAnswers(states.oracle ?? {}) })
    mysql.setScenario({ ...mysqlScene(certificates), answer: mysqlAnswers(states.mysql ?? {}) })
  }
  const shared = {
    region: 'cn-hangzhou',
    endpoints: { oss: endpoint.url, service: [endpoint.url], ca: certificates.ca },
  }
  return {
    sqlServer,
    oracle,
    mysql,
    fix: () => {
      sqlServer.setScenario(sqlServerScene(certificates))
      oracle.setScenario(oracleScene)
      mysql.setScenario(mysqlScene(certificates))
    },
    heal: () => become({}),
    become,
    refuseLogins: () => {
      const refusal = { number: 18_456, message: 'Login failed.' }
      sqlServer.setScenario({ ...sqlServerScene(certificates), login: () => [refusal] })
      oracle.setScenario({ ...oracleScene, login: () => ({ error: { code: 1017 } }) })
      mysql.setScenario({
        ...mysqlScene(certificates),
        login: () => ({ number: 1045, message: 'Access denied.' }),
      })
    },
    definitionOf: (engine, passwordReference) => {
      const credential = { username: 'precheck', password: passwordReference }
      const secured = { host: 'localhost', credential, tls: { ca: certificates.ca } }
      const connections = {
        oracle: { host: '127.0.0.1', port: oracle.port, serviceName: 'orclcdb', credential },
        sqlserver: { ...secured, port: sqlServer.port },
        mysql: { ...secured, port: mysql.port },
      }
      return { engine, connection: connections[engine], ...shared }
    },
    close: async () => {
      await Promise.all([endpoint.close(), sqlServer.close(), oracle.close(), mysql.close()])
    },
  }
}

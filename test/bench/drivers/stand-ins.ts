import { startHttpsEndpoint } from '../../emulators/https-endpoint.ts'
import { answersOf as mysqlAnswers } from '../../emulators/mysql/catalogue-answers.ts'
import { startMySql } from '../../emulators/mysql/server.ts'
import { answersOf as oracleAnswers } from '../../emulators/oracle/catalogue-answers.ts'
import { startOracle } from '../../emulators/oracle/server.ts'
import { answersOf as sqlServerAnswers } from '../../emulators/sqlserver/catalogue-answers.ts'
import { startSqlServer } from '../../emulators/sqlserver/server.ts'
import { makeCertificates } from '../../support/certificates.ts'
import { database, systemDatabases } from '../../support/facts/sqlserver.ts'
import { type Servers, password } from './targets.ts'

/**
 * The servers that real drivers talk to over TCP, in a process of their own, so that what they cost is not taken for
 * ours: a SQL Server and a MySQL that insist on TLS, an Oracle, and the two endpoints. Tells its parent where they are,
 * and answers every message of it with the number of logins that the databases have seen.
 */
const certificates = await makeCertificates()
const sqlServer = await startSqlServer({
  tls: 'required',
  certificate: certificates,
  login: (attempt) =>
    attempt.password === password ? 'accept' : [{ number: 18_456, message: 'Login failed.' }],
  answer: sqlServerAnswers({ databases: [...systemDatabases, database(5, 'Orders'), database(6, 'Sales')] }),
})
const oracle = await startOracle({ login: () => ({ password }), answer: oracleAnswers({}) })
const mysql = await startMySql({
  tls: 'required',
  certificate: certificates,
  login: ({ proves }) => (proves(password) ? 'accept' : { number: 1045, message: 'Access denied.' }),
  answer: mysqlAnswers({}),
})
const databases = [sqlServer, oracle, mysql]
const endpoints = [await startHttpsEndpoint(certificates), await startHttpsEndpoint(certificates)]

const servers: Servers = {
  sqlServerPort: sqlServer.port,
  oraclePort: oracle.port,
  mysqlPort: mysql.port,
  endpoints: endpoints.map(({ url }) => url),
  ca: certificates.ca,
}
process.on('message', () => process.send?.(databases.reduce((sum, { seen }) => sum + seen.logins.length, 0)))
process.once('disconnect', () => process.exit())
process.send?.(servers)

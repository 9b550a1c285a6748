import { httpsProbe } from '../adapters/https/https-probe.ts'
import { mysqlProbe } from '../adapters/mysql/mysql-probe.ts'
import { oracleProbe } from '../adapters/oracle/oracle-probe.ts'
import { sqlServerProbe } from '../adapters/sqlserver/sqlserver-probe.ts'
import type { DatabaseNetworks } from '../model/connections/address.ts'
import type { Probes } from '../ports/probe.ts'

/**
 * Probes against real servers, one for every engine. Databases outside of `networks` are not connected to. `onBytes` is
 * called whenever bytes of a database server come in, before its driver sees them.
 */
export const realProbes = (networks: DatabaseNetworks, onBytes?: () => void): Probes => ({
  databases: {
    oracle: oracleProbe(networks, onBytes),
    sqlserver: sqlServerProbe(networks, onBytes),
    mysql: mysqlProbe(networks, onBytes),
  },
  https: httpsProbe,
})

import { httpsProbe } from '../adapters/https/https-probe.ts'
import { oracleProbe } from '../adapters/oracle/oracle-probe.ts'
import { sqlServerProbe } from '../adapters/sqlserver/sqlserver-probe.ts'
import type { DatabaseNetworks } from '../model/connections/address.ts'
import type { Probes } from '../ports/probe.ts'

/** Probes against real servers, one for every engine. Databases outside of `networks` are not connected to. */
export const realProbes = (networks: DatabaseNetworks): Probes => ({
  databases: { oracle: oracleProbe(networks), sqlserver: sqlServerProbe(networks) },
  https: httpsProbe,
})

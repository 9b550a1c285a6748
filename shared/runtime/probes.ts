import { httpsProbe } from '../adapters/https/https-probe.ts'
import { oracleProbe } from '../adapters/oracle/oracle-probe.ts'
import { sqlServerProbe } from '../adapters/sqlserver/sqlserver-probe.ts'
import type { Probes } from '../ports/probe.ts'

/** Probes against real servers, one for every engine. */
export const realProbes: Probes = {
  databases: { oracle: oracleProbe, sqlserver: sqlServerProbe },
  https: httpsProbe,
}

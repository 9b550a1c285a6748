import { httpsProbe } from '../adapters/https/https-probe.ts'
import { oracleProbe } from '../adapters/oracle/oracle-probe.ts'
import { sqlServerProbe } from '../adapters/sqlserver/sqlserver-probe.ts'
import type { Probes } from '../ports/probe.ts'

/** Probes against real servers. */
export const realProbes: Probes = { https: httpsProbe, oracle: oracleProbe, sqlserver: sqlServerProbe }

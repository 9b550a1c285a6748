import './blocking-reads.ts'
import { serveChecks } from '../../infra/host/serve-checks.ts'
import { realProbes } from '../../shared/runtime/probes.ts'

/** Program of the check threads with real probes, in which some bytes keep their driver busy for ever. */
serveChecks(realProbes)

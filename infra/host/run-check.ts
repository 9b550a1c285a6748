import { realProbes } from '../../shared/runtime/probes.ts'
import { serveChecks } from './serve-checks.ts'

/** Program of the check thread. */
serveChecks(realProbes)

import { jsonLog } from '../../shared/runtime/log.ts'

/** A log that nobody reads. */
export const silent = jsonLog('error', () => undefined)

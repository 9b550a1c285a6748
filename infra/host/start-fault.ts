import { DatabaseUnusable } from '../../shared/runtime/data-folder.ts'
import { SettingsInvalid } from '../../shared/runtime/settings.ts'

/** What to do about a fault at the start; null if it is none that a user can fix. */
export const explainStart = (fault: unknown): string | null => {
  if (fault instanceof SettingsInvalid || fault instanceof DatabaseUnusable) return fault.message
  const code = fault instanceof Error && 'code' in fault ? fault.code : undefined
  if (code === 'EADDRINUSE')
    return 'The port is in use. Stop the process that listens there, or set PRECHECK_PORT.'
  if (code === 'EACCES')
    return 'This user may not use the port or the data folder. Set PRECHECK_PORT or PRECHECK_DATA.'
  return code === 'EADDRNOTAVAIL' ? 'PRECHECK_HOST is not an address of this machine.' : null
}

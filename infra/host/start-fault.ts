import * as z from 'zod'
import { DatabaseUnusable } from '../../shared/runtime/data-folder.ts'
import { SettingsInvalid } from '../../shared/runtime/settings.ts'

/** A fault of the system: its code, the call that failed, and the file that it was about. */
const SystemFault = z.object({
  code: z.string(),
  syscall: z.string().default(''),
  path: z.string().default(''),
})
type SystemFault = z.infer<typeof SystemFault>

const listenTexts: Readonly<Record<string, string>> = {
  EADDRINUSE: 'The port is in use. Stop the process that listens there, or set PRECHECK_PORT.',
  EACCES: 'This user may not listen on the port. Set PRECHECK_PORT to one from 1024 on.',
  EADDRNOTAVAIL: 'PRECHECK_HOST is not an address of this machine.',
}

const systemText = ({ code, syscall, path }: SystemFault): string | null => {
  if (syscall === 'getaddrinfo') return `PRECHECK_HOST is a name that cannot be resolved (${code}).`
  if (syscall === 'listen' || syscall === 'bind')
    return listenTexts[code] ?? `The service cannot listen (${code}). Set PRECHECK_HOST and PRECHECK_PORT.`
  if (path === '') return null
  return `${path} cannot be written (${code}). Use a data folder (PRECHECK_DATA) that this user can write.`
}

/** What to do about a fault at the start; null if it is none that a user can fix. */
export const explainStart = (fault: unknown): string | null => {
  if (fault instanceof SettingsInvalid || fault instanceof DatabaseUnusable) return fault.message
  const system = SystemFault.safeParse(fault)
  return system.success ? systemText(system.data) : null
}

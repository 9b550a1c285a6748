import { existsSync } from 'node:fs'
import { DatabaseUnusable } from '../../shared/adapters/sqlite/database.ts'
import { readSettings } from '../../shared/runtime/environment.ts'
import { jsonLog } from '../../shared/runtime/log.ts'
import { SettingsInvalid } from '../../shared/runtime/settings.ts'
import { startHost } from './host.ts'

/** Exit code for a fault that the user can mend (sysexits.h: EX_CONFIG). */
const misconfigured = 78

const explain = (fault: unknown): string | null => {
  if (fault instanceof SettingsInvalid || fault instanceof DatabaseUnusable) return fault.message
  const code = fault instanceof Error && 'code' in fault ? fault.code : undefined
  if (code === 'EADDRINUSE') return 'The port is taken. Stop what listens there, or set PRECHECK_PORT.'
  if (code === 'EACCES')
    return 'The port or the data folder may not be used by this user. Set PRECHECK_PORT or PRECHECK_DATA.'
  return code === 'EADDRNOTAVAIL' ? 'PRECHECK_HOST is no address of this machine.' : null
}

const run = async (): Promise<void> => {
  if (existsSync('.env')) process.loadEnvFile('.env')
  const settings = readSettings(process.env)
  const log = jsonLog(settings.logLevel, (line) => process.stdout.write(line))
  const host = await startHost(settings, process.env, log, new URL('run-check.mjs', import.meta.url))
  const stop = (): void => void host.stop()
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  log.info('host.started', { url: host.url })
}

try {
  await run()
} catch (fault) {
  const explanation = explain(fault)
  if (explanation === null) throw fault
  process.stderr.write(`${explanation}\n`)
  process.exitCode = misconfigured
}

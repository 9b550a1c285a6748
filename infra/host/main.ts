import { existsSync } from 'node:fs'
import { readSettings } from '../../shared/runtime/environment.ts'
import { jsonLog, linesToStdout } from '../../shared/runtime/log.ts'
import { startHost } from './host.ts'
import { explainStart } from './start-fault.ts'

/** Exit code for a fault that the user can fix (sysexits.h: EX_CONFIG). */
const misconfigured = 78

const run = async (): Promise<void> => {
  if (existsSync('.env')) process.loadEnvFile('.env')
  const settings = readSettings(process.env)
  const log = jsonLog(settings.logLevel, linesToStdout())
  const host = await startHost(settings, process.env, log, new URL('run-check.mjs', import.meta.url))
  const stop = (): void => void host.stop()
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  log.info('host.started', { url: host.url })
}

try {
  await run()
} catch (fault) {
  const explanation = explainStart(fault)
  if (explanation === null) throw fault
  process.stderr.write(`${explanation}\n`)
  process.exitCode = misconfigured
}

#!/usr/bin/env node
import { existsSync } from 'node:fs'
import { type Settings, readSettings } from '../../shared/runtime/environment.ts'
import { jsonLog, linesToStdout } from '../../shared/runtime/log.ts'
import { SettingsInvalid } from '../../shared/runtime/settings.ts'
import { languageIn } from '../cli/reports/language.ts'
import { startHost } from './host.ts'
import { explainStart } from './start-fault.ts'
import { welcome } from './welcome.ts'

/** Exit code for a fault that the user can fix (sysexits.h: EX_CONFIG). */
const misconfigured = 78

/** Log lines that cannot be written are lost: that their reader went away ends nothing. */
const keepGoing = (): void => undefined

const loadSettings = (): Settings => {
  try {
    if (existsSync('.env')) process.loadEnvFile('.env')
  } catch (cause) {
    throw new SettingsInvalid('The file .env cannot be read. Make it a readable file, or remove it.', {
      cause,
    })
  }
  return readSettings(process.env)
}

const run = async (): Promise<void> => {
  process.stdout.on('error', keepGoing)
  process.stderr.on('error', keepGoing)
  const settings = loadSettings()
  const log = jsonLog(settings.logLevel, linesToStdout())
  const host = await startHost(settings, process.env, log, new URL('run-check.mjs', import.meta.url))
  const stop = (): void => void host.stop()
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  log.info('host.started', { url: host.url, console: `${host.url}/console/` })
  if (process.stdout.isTTY)
    process.stdout.write(welcome(host.url, settings.dataFolder)[languageIn([], process.env)])
}

try {
  await run()
} catch (fault) {
  const explanation = explainStart(fault)
  if (explanation === null) throw fault
  process.stderr.write(`${explanation}\n`)
  process.exitCode = misconfigured
}

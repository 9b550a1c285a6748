import { readSettings } from '../../shared/runtime/environment.ts'
import { jsonLog } from '../../shared/runtime/log.ts'
import { startHost } from '../../infra/host/host.ts'

/** The host as it is, but for the probes: they know their answer. Says at its end how much memory it took at most. */
const settings = readSettings(process.env)
const log = jsonLog(settings.logLevel, (line) => process.stdout.write(line))
const host = await startHost(settings, process.env, log, new URL('noop-checks.mjs', import.meta.url))
log.info('host.started', { url: host.url })

const stop = async (): Promise<void> => {
  await host.stop()
  // KB; the check thread is in it.
  log.info('host.usage', { peakRssKb: process.resourceUsage().maxRSS })
}
process.once('SIGTERM', () => void stop())

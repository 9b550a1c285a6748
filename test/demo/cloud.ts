import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { clock } from '../../infra/host/clock.ts'
import { startCloud } from '../support/cloud-service.ts'
import { demoPassword } from './scenes.ts'
import { type DemoService, log, newFolder, port } from './services.ts'
import { showDemo } from './show.ts'

/** The timer fires every minute on Alibaba Cloud, ms; nobody waits that long for a demo. */
const timerMs = 1000

/** The functions as they are deployed, on stand-ins of Function Compute and of the services that they use. */
const startInEmulatedCloud = async (): Promise<DemoService> => {
  const service = await startCloud({ password: demoPassword, port: Number(port) })
  const tokenFile = join(newFolder(), 'admin-token')
  writeFileSync(tokenFile, `${service.token}\n`, { mode: 0o600 })
  const timer = clock(
    async () => {
      await service.tick()
      return { isBusy: false }
    },
    timerMs,
    log,
  )
  const stop = async (): Promise<void> => {
    await timer.stop()
    await service.close()
  }
  return { ...service, tokenFile, stop }
}

await showDemo(startInEmulatedCloud)

import { freePort, serverProgram, startServer } from './server.ts'

/** Redis with its log flushed every second, as the production guide of BullMQ has it (docs.bullmq.io, Going to production). */
export const redis = serverProgram('redis-server', '/usr/bin/redis-server', async (path, folder) => {
  const port = await freePort()
  const settings = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '']
  const durability = ['--appendonly', 'yes', '--appendfsync', 'everysec']
  return startServer(path, [...settings, ...durability], port, { stdio: 'ignore' })
})

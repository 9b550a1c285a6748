import { join } from 'node:path'
import { dataFolder, freePort, serverProgram, startServer } from './server.ts'

/** MariaDB without tables of its own, and so without grants: it greets, and refuses what it cannot read, as any other. */
export const mariaDb = serverProgram('mariadb-server-core', '/usr/sbin/mariadbd', async (path, folder) => {
  const port = await freePort()
  const { data, options } = dataFolder(folder, 'mariadb')
  const files = [`--datadir=${data}`, `--socket=${join(data, 'socket')}`, `--pid-file=${join(data, 'pid')}`]
  const settings = ['--no-defaults', '--skip-grant-tables', ...files]
  return startServer(path, [...settings, `--port=${port}`, '--bind-address=127.0.0.1'], port, options)
})

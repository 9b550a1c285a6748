import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { dataFolder, freePort, newestIn, serverProgram, startServer } from './server.ts'

const programs = newestIn('/usr/lib/postgresql')

/** PostgreSQL as its defaults are: every commit on disk (`fsync` and `synchronous_commit` on). */
export const postgreSql = serverProgram(
  'postgresql',
  programs && join(programs, 'bin/postgres'),
  async (path, folder) => {
    const port = await freePort()
    const { data, options } = dataFolder(folder, 'postgresql')
    execFileSync(join(path, '../initdb'), ['-D', data, '-A', 'trust', '-U', 'bench'], {
      ...options,
      stdio: 'ignore',
    })
    const settings = ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', data]
    // SIGTERM would wait for its clients.
    return startServer(path, settings, port, options, 'SIGINT')
  },
)

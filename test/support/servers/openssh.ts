import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { dataFolder, freePort, serverProgram, startServer } from './server.ts'

/** OpenSSH with a key of its own, in the foreground. */
export const openSsh = serverProgram('openssh-server', '/usr/sbin/sshd', async (path, folder) => {
  const port = await freePort()
  const { data, options } = dataFolder(folder, 'openssh')
  const key = join(data, 'key')
  execFileSync('/usr/bin/ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key], {
    ...options,
    stdio: 'ignore',
  })
  const settings = ['-D', '-f', '/dev/null', '-h', key, '-p', String(port)]
  return startServer(
    path,
    [...settings, '-o', 'ListenAddress=127.0.0.1', '-o', 'PidFile=none'],
    port,
    options,
  )
})

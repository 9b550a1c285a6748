import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** One run of the command `s`. */
export interface ServerlessRun {
  readonly args: readonly string[]
  /** Where `s.yaml` and the code are. */
  readonly folder: string
  readonly environment: Readonly<Record<string, string>>
}

/** A command `s` that tells its runs and does what `onRun` does. */
export interface RecordingS {
  /** To be put first in PATH. */
  readonly folder: string
  readonly runs: readonly ServerlessRun[]
  readonly close: () => Promise<void>
}

/** Bash, since a deployment runs it twelve times; records end with a zero byte, the last one is empty. */
const program = (port: number): string => `#!/bin/bash
[ "$1" = -v ] && exit 0
exec 3<>/dev/tcp/127.0.0.1/${port}
{ printf '%s\\0' "$#" "$@" "$PWD"; env -0; printf '\\0'; } >&3
read -r code <&3
cat <&3
exit "$code"
`

const end = '\0\0'

/** A run out of what the program sends: how many arguments, these, the folder, and the environment. */
const runOf = (sent: string): ServerlessRun => {
  const [count, ...records] = sent.slice(0, -end.length).split('\0')
  const args = records.slice(0, Number(count))
  const [folder = '', ...environment] = records.slice(args.length)
  const split = (entry: string): [string, string] => {
    const at = entry.indexOf('=')
    return [entry.slice(0, at), entry.slice(at + 1)]
  }
  return { args, folder, environment: Object.fromEntries(environment.map(split)) }
}

/** Stands in for Serverless Devs, which fetches its component from elsewhere. `onRun` throws to fail. */
export const startRecordingS = async (onRun: (run: ServerlessRun) => Promise<void>): Promise<RecordingS> => {
  const runs: ServerlessRun[] = []
  const answer = async (sent: string): Promise<string> => {
    const run = runOf(sent)
    runs.push(run)
    try {
      await onRun(run)
      return `0\ns ${run.args.join(' ')}: done\n`
    } catch (fault) {
      return `101\n${String(fault)}\n`
    }
  }
  const server = createServer((socket) => {
    let sent = ''
    socket.setEncoding('utf8')
    socket.on('data', (text: string) => {
      sent += text
      if (sent.endsWith(end)) void answer(sent).then((said) => socket.end(said))
    })
    // Who runs it may be killed.
    socket.on('error', () => socket.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const folder = mkdtempSync(join(tmpdir(), 'recording-s-'))
  const file = join(folder, 's')
  writeFileSync(file, program((server.address() as AddressInfo).port))
  chmodSync(file, 0o755)
  return {
    folder,
    runs,
    close: async () => {
      server.close()
      await once(server, 'close')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

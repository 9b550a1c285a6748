import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { listenHttp } from '../emulators/http-listener.ts'

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

const program = (url: string): string => `#!${process.execPath}
const args = process.argv.slice(2)
if (args[0] === '-v') process.exit(0)
const body = JSON.stringify({ args, folder: process.cwd(), environment: process.env })
const response = await fetch('${url}', { method: 'POST', body })
console.log(await response.text())
process.exit(response.ok ? 0 : 101)
`

/** Stands in for Serverless Devs, which fetches its component from elsewhere. `onRun` throws to fail. */
export const startRecordingS = async (onRun: (run: ServerlessRun) => Promise<void>): Promise<RecordingS> => {
  const runs: ServerlessRun[] = []
  const listener = await listenHttp(async ({ body }) => {
    const run = JSON.parse(body.toString()) as ServerlessRun
    runs.push(run)
    try {
      await onRun(run)
      return { status: 200, body: `s ${run.args.join(' ')}: done` }
    } catch (fault) {
      return { status: 500, body: String(fault) }
    }
  })
  const folder = mkdtempSync(join(tmpdir(), 'recording-s-'))
  const file = join(folder, 's')
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  writeFileSync(file, program(listener.url))
  chmodSync(file, 0o755)
  return {
    folder,
    runs,
    close: async () => {
      await listener.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

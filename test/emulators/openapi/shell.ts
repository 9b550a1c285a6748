import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CommandRun } from './ecs.ts'

/**
 * What the agent on a Linux instance does: writes the script to a file, runs it with `sh`, and ends it at its limit.
 * `tools`: a folder with commands that stand before those of this machine.
 */
export const shellWith =
  (tools?: string): CommandRun =>
  async ({ content, timeoutSeconds }) => {
    const folder = await mkdtemp(join(tmpdir(), 'precheck-host-'))
    const script = join(folder, 'script.sh')
    await writeFile(script, content)
    const environment = {
      PATH: [tools, process.env['PATH']].filter((each) => each !== undefined).join(':'),
      HOME: folder,
      TMPDIR: folder,
    }
    try {
      return await new Promise((resolve) => {
        const options = { cwd: folder, env: environment, timeout: timeoutSeconds * 1000 }
        const child = execFile('/bin/sh', [script], options, (fault, stdout, stderr) => {
          if (fault?.killed) resolve({ status: 'Timeout', errorCode: 'ExecutionTimeout', output: stdout })
          else resolve({ exitCode: child.exitCode ?? 1, output: stdout + stderr })
        })
      })
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }

/** With the commands of this machine. */
export const runShell: CommandRun = shellWith()

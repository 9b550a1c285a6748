import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CommandRun } from '../emulators/openapi/ecs.ts'
import { shellWith } from '../emulators/openapi/shell.ts'

/** What the tools of a host say that the script for Linux asks; where one is left out, what they say on a healthy one. */
export interface LinuxTools {
  readonly df?: string
  readonly systemctl?: string
  readonly date?: string
}

/** Rows of `df -P -k`: a volume of 100 GB with so much of it free, in GB. */
export const dfOf = (mount: string, free: number): string =>
  `echo 'Filesystem 1024-blocks Used Available Capacity Mounted on'; ` +
  `echo '/dev/vd ${100 * 1024 ** 2} ${(100 - free) * 1024 ** 2} ${free * 1024 ** 2} ${100 - free}% ${mount}'`

/** What systemd says of the client, and that it has no other. */
export const unitOf = (active: string, start: string): string =>
  `case "$*" in *hbrclient.service) printf 'LoadState=loaded\\nActiveState=${active}\\nUnitFileState=${start}\\n';; ` +
  `*) printf 'LoadState=not-found\\nActiveState=inactive\\nUnitFileState=\\n';; esac`

const healthy = {
  df: `case "$*" in */u01*) ${dfOf('/u01', 50)};; *) ${dfOf('/', 50)};; esac`,
  systemctl: unitOf('active', 'enabled'),
  date: 'exec /bin/date "$@"',
  ps: 'echo init',
}

/**
 * A Linux host on which the real scripts run, with tools that say what they are told to. As long as they say the same,
 * the same script comes to the same, and is run once.
 */
export const linuxHostWithTools = () => {
  const folder = mkdtempSync(join(tmpdir(), 'precheck-tools-'))
  const runReally = shellWith(folder)
  const ends = new Map<string, ReturnType<CommandRun>>()
  let said = ''
  const become = (tools: LinuxTools): void => {
    const all = { ...healthy, ...tools }
    said = JSON.stringify(all)
    for (const [tool, script] of Object.entries(all)) {
      writeFileSync(join(folder, tool), `#!/bin/sh\n${script}\n`)
      chmodSync(join(folder, tool), 0o755)
    }
  }
  const run: CommandRun = (command) => {
    const key = said + command.content
    const end = ends.get(key) ?? runReally(command)
    ends.set(key, end)
    return end
  }
  return { become, run, close: () => rmSync(folder, { recursive: true }) }
}

import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cellsOf } from '../../infra/cli/reports/cells.ts'
import { demoPassword } from '../demo/scenes.ts'
import { type HostProcess, startHostProcess } from '../support/processes.ts'
import { ask } from '../support/service.ts'
import { type StandIns, startStandIns } from '../support/stand-ins.ts'

const hasTmux = (): boolean => {
  try {
    execFileSync('tmux', ['-V'])
    return true
  } catch {
    return false
  }
}

/** Lines that a screen has, which is more than any report here. */
const screenLines = 400

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`

describe.skipIf(!hasTmux())('in a real terminal', () => {
  const folder = mkdtempSync(join(tmpdir(), 'precheck-terminal-'))
  const socket = join(folder, 'tmux')
  const tmux = (...args: string[]): string =>
    execFileSync('tmux', ['-u', '-S', socket, '-f', '/dev/null', ...args], { encoding: 'utf8' })
  let host: HostProcess
  let standIns: StandIns

  beforeAll(async () => {
    standIns = await startStandIns()
    host = await startHostProcess(join(folder, 'data'), { PRECHECK_SECRET_DEMO: demoPassword })
    const body = standIns.definitionOf('sqlserver', 'env:PRECHECK_SECRET_DEMO')
    await ask(host, 'PUT', '/v1/instances/my-db', { body })
    await ask(host, 'POST', '/v1/instances/my-db/prechecks', { body: {}, headers: { prefer: 'wait=60' } })
    tmux('new-session', '-d', '-x', '80', '-y', String(screenLines), 'cat')
    tmux('set-option', '-g', 'remain-on-exit', 'on')
  })
  afterAll(async () => {
    tmux('kill-server')
    await host.kill('SIGTERM')
    await standIns.close()
    rmSync(folder, { recursive: true })
  })

  /** The lines of the screen once a program has ended, or has said something that fits; `joined`: what the terminal itself has broken is whole. */
  const screenOf = (
    columns: number,
    lang: string,
    args: readonly string[],
    program = 'dist/precheck/index.mjs',
  ): { readonly shown: string[]; readonly whole: string[] } => {
    const environment = {
      PATH: process.env['PATH'] ?? '',
      LANG: lang,
      PRECHECK_URL: host.url,
      PRECHECK_TOKEN: host.token,
      XDG_CONFIG_HOME: folder,
    }
    const settings = Object.entries(environment).map(([name, value]) => `${name}=${quoted(value)}`)
    const command = [
      'env',
      '-i',
      'TERM=xterm-256color',
      ...settings,
      quoted(process.execPath),
      resolve(program),
      ...args,
    ]
    tmux('resize-window', '-x', String(columns), '-y', String(screenLines))
    const done = `done-${columns}-${lang}-${args.join('-')}`
    const after = `tmux -S ${quoted(socket)} wait-for -S ${quoted(done)}`
    tmux('respawn-pane', '-k', `${command.join(' ')}; ${after}; exec cat`)
    tmux('wait-for', done)
    const linesOf = (...options: string[]): string[] =>
      tmux('capture-pane', '-p', ...options)
        .split('\n')
        .map((line) => line.trimEnd())
    return { shown: linesOf(), whole: linesOf('-J') }
  }

  /** What a person copies is never broken. */
  const isCommand = (line: string): boolean =>
    /^\s*(?:(?:ALTER|BACKUP|SELECT|GRANT|EXEC) |verify:|验证：)/.test(line)

  it.each([
    [80, 'en_US.UTF-8', /^FAILED: .*blocked/m],
    [120, 'en_US.UTF-8', /^FAILED: .*blocked/m],
    [80, 'zh_CN.UTF-8', /^未通过：.*受阻/m],
    [120, 'zh_CN.UTF-8', /^未通过：.*受阻/m],
  ])('at %i columns (%s) a report says first what it came to, and fits', (columns, lang, first) => {
    const { shown, whole } = screenOf(columns, lang, ['last', 'my-db'])
    expect(shown.slice(0, 4).join('\n')).toMatch(first)
    // Nothing but commands is left for the terminal to break.
    expect(whole.filter((line) => cellsOf(line) > columns && !isCommand(line))).toEqual([])
    expect(whole.some((line) => cellsOf(line) > columns / 2)).toBe(true)
    const table = shown.filter((line) => /Customers|Orders {2}|\(whole|（整个/.test(line))
    expect(table.length).toBeGreaterThan(1)
  })

  it.each([
    [80, 'en_US.UTF-8', 'Usage: precheck'],
    [120, 'en_US.UTF-8', 'Usage: precheck'],
    [80, 'zh_CN.UTF-8', '用法： precheck'],
    [120, 'zh_CN.UTF-8', '用法： precheck'],
  ])('at %i columns (%s) the help fits', (columns, lang, first) => {
    const { shown, whole } = screenOf(columns, lang, ['--help'])
    expect(shown[0]?.startsWith(first)).toBe(true)
    expect(whole.filter((line) => cellsOf(line) > columns)).toEqual([])
  })
})

import { execFile } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import * as z from 'zod'
import { BackupRecordView } from '../../functions/api/resources/backups.ts'
import { GateView } from '../../functions/api/views/gate-view.ts'
import { demoPassword } from '../demo/scenes.ts'
import { backupAccount, makeAccounts, precheckAccount } from '../support/mariadb/accounts.ts'
import { type MariaDbs, hasMariaDb, mariaDbPackages, mariaDbs, ready } from '../support/mariadb/instance.ts'
import { faultsOfPowerShell } from '../support/powershell.ts'
import { type HostProcess, startHostProcess } from '../support/processes.ts'
import { ask } from '../support/service.ts'
import { type StandIns, startStandIns } from '../support/stand-ins.ts'

/** The examples of docs/gate.md, as they stand there, against the built service and the built command line. */

const examples = resolve('docs/examples/gate')
const example = (name: string): string => readFileSync(join(examples, name), 'utf8')

let folder: string
let host: HostProcess
let standIns: StandIns

/** Runs a program with `precheck` on its path, as an operator has it. */
const run = (program: string, args: readonly string[]): Promise<{ code: number; output: string }> =>
  new Promise((done) => {
    const environment = {
      PATH: [folder, process.env['PATH']].join(delimiter),
      PRECHECK_URL: host.url,
      PRECHECK_TOKEN: host.token,
    }
    execFile(program, [...args], { env: environment }, (fault, stdout, stderr) =>
      done({ code: typeof fault?.code === 'number' ? fault.code : 0, output: stdout + stderr }),
    )
  })
const shell = (command: string) => run('/bin/sh', ['-c', command])

const register = async (id: string, body: object): Promise<void> => {
  const { status, text } = await ask(host, 'PUT', `/v1/instances/${id}`, { body })
  expect([status, text]).toEqual([201, expect.any(String)])
}

/** What somebody does who has fixed something, or broken it. */
const precheck = async (id: string): Promise<unknown> => {
  const path = `/v1/instances/${id}/prechecks`
  return (await ask(host, 'POST', path, { headers: { prefer: 'wait=60' } })).json.outcome
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'precheck-examples-'))
  const command = join(folder, 'precheck')
  writeFileSync(
    command,
    `#!/bin/sh\nexec "${process.execPath}" "${resolve('dist/precheck/index.mjs')}" "$@"\n`,
  )
  chmodSync(command, 0o755)
  standIns = await startStandIns()
  standIns.heal()
  host = await startHostProcess(join(folder, 'data'), {
    PRECHECK_SECRET_DEMO: demoPassword,
    PRECHECK_SECRET_MARIADB: precheckAccount.password,
  })
  await register('sales', { ...standIns.definitionOf('sqlserver', 'env:PRECHECK_SECRET_DEMO') })
  await register('ledger', { ...standIns.definitionOf('oracle', 'env:PRECHECK_SECRET_DEMO') })
})
afterAll(async () => {
  await host.kill('SIGTERM')
  await standIns.close()
  rmSync(folder, { recursive: true, force: true })
})

const recordOf = async (id: string): Promise<BackupRecordView> =>
  BackupRecordView.parse((await ask(host, 'GET', `/v1/instances/${id}/backups`)).json)

describe.skipIf(!hasMariaDb)(`in front of mariadb-backup (${mariaDbPackages})`, () => {
  let dbs: MariaDbs
  beforeAll(() => {
    dbs = mariaDbs()
  })
  afterAll(() => dbs.end())

  it('the script takes a backup that works, none that would fail, and reports what it took', async () => {
    const server = await dbs.start(ready)
    makeAccounts(server)
    await register('orders', {
      engine: 'mysql',
      region: 'cn-hangzhou',
      profile: 'native',
      backupAccount: backupAccount.user,
      connection: {
        host: '127.0.0.1',
        port: server.port,
        tls: { mode: 'off' },
        credential: { username: precheckAccount.user, password: 'env:PRECHECK_SECRET_MARIADB' },
      },
    })
    const takeInto = (target: string) =>
      run(join(examples, 'mariabackup.sh'), [
        'orders',
        '--no-defaults',
        `--target-dir=${target}`,
        `--datadir=${server.data}`,
        `--socket=${server.socket}`,
        `--user=${backupAccount.user}`,
        `--password=${backupAccount.password}`,
      ])
    const first = join(dbs.folder, 'first')
    expect(await takeInto(first)).toEqual({
      code: 0,
      output: expect.stringMatching(/^ALLOW: the full backup of orders/),
    })
    expect(existsSync(join(first, 'ibdata1'))).toBe(true)

    server.run(`ALTER USER '${backupAccount.user}'@'%' ACCOUNT LOCK`)
    // The last result is new enough still, so that it is let in, and fails: a miss.
    const missed = await takeInto(join(dbs.folder, 'missed'))
    expect([missed.code, missed.output]).toEqual([1, expect.stringMatching(/Access denied|locked/)])
    expect(await precheck('orders')).toBe('failed')
    const denied = await takeInto(join(dbs.folder, 'denied'))
    expect([denied.code, existsSync(join(dbs.folder, 'denied'))]).toEqual([2, false])
    expect(denied.output).toMatch(/^DENY: the full backup of orders may not run\.\n {2}blocks MYSQL_/)
    const { totals, latest } = await recordOf('orders')
    expect(totals).toMatchObject({ clear: 1, missed: 1, predictedFailed: 0 })
    expect(latest[0]?.error).toMatch(/Access denied|locked/)
  })
})

describe('in front of RMAN', () => {
  /** What RMAN does with such a block: commands in their order, until one fails. */
  const rman = async (
    script: string,
  ): Promise<{ readonly done: string[]; readonly error: string | null }> => {
    const done: string[] = []
    const block = /RUN \{([^}]*)\}/.exec(script)?.[1] ?? ''
    for (const statement of block
      .split(';')
      .map((each) => each.trim())
      .filter(Boolean)) {
      const command = /^HOST '([^']*)'$/.exec(statement)?.[1]
      const ended = command === undefined ? null : await shell(command)
      if (ended && ended.code !== 0) return { done, error: `RMAN-06135: ${ended.output}` }
      done.push(statement.split(' ')[0] ?? '')
    }
    return { done, error: null }
  }

  it('the block backs up what is ready, and ends before the backup of what is not', async () => {
    expect(await rman(example('backup.rman'))).toEqual({ done: ['HOST', 'BACKUP', 'HOST'], error: null })
    expect((await recordOf('ledger')).totals.clear).toBe(1)
    standIns.fix()
    await precheck('ledger')
    const { done, error } = await rman(example('backup.rman'))
    standIns.heal()
    expect(done).toEqual([])
    expect(error).toMatch(/^RMAN-06135: DENY: the incremental backup of ledger may not run\.[^]*ARCHIVELOG/)
  })
})

/** The commands of the gate in a script, as a shell takes them. */
const gatesIn = (script: string): string[] =>
  script.match(/precheck gate [^\n|>)]*?(?= 2>&1| --output|$)/gm) ?? []

describe('other schedulers', () => {
  it('the step of SQL Server Agent is PowerShell, and asks for what there is', async () => {
    const script = example('sql-agent-step.ps1')
    expect(await faultsOfPowerShell(script)).toEqual([])
    const [command = ''] = gatesIn(script)
    // The stand-in has these databases in the scene of the demo alone.
    standIns.fix()
    const ended = await shell(command.replace('--max-age 15m', '--max-age 0'))
    standIns.heal()
    expect(ended).toEqual({
      code: 0,
      output: expect.stringMatching(/^ALLOW: the log backup of sales may run\./),
    })
  })

  it('the script before Cloud Backup ends as the gate does', async () => {
    await precheck('sales')
    const allowed = await run(join(examples, 'cloud-backup-pre.sh'), [])
    expect(allowed.code).toBe(0)
    standIns.refuseLogins()
    await precheck('sales')
    const unknown = await run(join(examples, 'cloud-backup-pre.sh'), [])
    standIns.heal()
    expect(unknown.code).toBe(3)
  })

  it('the step of a pipeline keeps the answer, and warns where nobody knows', async () => {
    const step = z.object({ run: z.string() }).parse(parse(example('ci-step.yaml')))
    standIns.refuseLogins()
    await precheck('sales')
    const place = `cd "${folder}"\n`
    const unknown = await shell(place + step.run)
    expect([unknown.code, unknown.output]).toEqual([3, expect.stringMatching(/^::warning::Nobody knows/)])
    standIns.heal()
    await precheck('sales')
    expect((await shell(place + step.run)).code).toBe(0)
    expect(GateView.parse(JSON.parse(readFileSync(join(folder, 'gate.json'), 'utf8'))).proceed).toBe(true)
  })
})

import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { PartOutcomes } from '../../../../shared/adapters/cloud-assistant/host-script.ts'
import { linuxHostScript } from '../../../../shared/adapters/cloud-assistant/linux-host-script.ts'
import { windowsHostScript } from '../../../../shared/adapters/cloud-assistant/windows-host-script.ts'
import { windowsScript } from '../../../../shared/adapters/cloud-assistant/windows-script.ts'
import type { HostAsk } from '../../../../shared/checks/framework/question.ts'
import {
  ClientFacts,
  ClockFacts,
  VolumeFacts,
  WriterFacts,
} from '../../../../shared/checks/host/host-facts.ts'
import { faultsOfPowerShell } from '../../../support/powershell.ts'
import { propertyRuns } from '../../../support/property-runs.ts'

const client = { part: 'client' } as const
const writers = { part: 'writers' } as const
const volumes = (...paths: readonly string[]) => ({ part: 'volumes', paths }) as const
const clock = (...urls: readonly string[]) => ({ part: 'clock', urls }) as const
const everything = [volumes('/data'), client, writers, clock('https://a.example/', 'https://b.example/')]

const answerIn = (outcomes: PartOutcomes, part: HostAsk['part']): unknown => {
  const outcome = outcomes[part]
  return outcome && 'answer' in outcome ? outcome.answer : outcome
}

describe('the script for Linux', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'precheck-look-'))
    mkdirSync(join(folder, 'bin'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  /** Stands before the real tool in PATH. */
  const put = (tool: string, script: string): void => {
    writeFileSync(join(folder, 'bin', tool), `#!/bin/sh\n${script}\n`)
    chmodSync(join(folder, 'bin', tool), 0o755)
  }

  const run = (asks: readonly HostAsk[], limitMs = 5000): PartOutcomes => {
    const output = execFileSync('/bin/sh', ['-c', linuxHostScript.write({ asks, limitMs })], {
      cwd: folder,
      env: { PATH: `${folder}/bin:${process.env['PATH']}`, TMPDIR: folder },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    return linuxHostScript.read(`Welcome!\n${output}`, asks)
  }
  const volumesOf = (...paths: readonly string[]): VolumeFacts =>
    VolumeFacts.parse(answerIn(run([volumes(...paths)]), 'volumes'))
  const clientOf = (): ClientFacts => ClientFacts.parse(answerIn(run([client]), 'client'))
  const clockOf = (...urls: readonly string[]): ClockFacts =>
    ClockFacts.parse(answerIn(run([clock(...urls)]), 'clock'))

  it('reads the room of the root volume and of every folder as the system says it', () => {
    const { blocks, bfree, bavail, bsize } = statfsSync('/')
    const [root, own] = volumesOf(folder)
    expect(root).toMatchObject({ path: '/', mount: '/', cause: null })
    expect(root?.totalBytes).toBeCloseTo((blocks - bfree + bavail) * bsize, -9)
    expect(own).toMatchObject({ path: folder, cause: null })
    expect(own?.mount).toMatch(/^\//)
  })

  it('says of a folder that is not there why, and leaves the others alone', () => {
    const [root, missing, own] = volumesOf('/no/such/folder', folder)
    expect([root?.cause, own?.cause]).toEqual([null, null])
    expect(missing).toMatchObject({ mount: null, totalBytes: null, freeBytes: null })
    expect(missing?.cause).toMatch(/^exit code 1: .*No such file or directory/)
  })

  it('gives a file system that answers never up, and goes on', () => {
    put('df', 'case "$*" in *stuck*) exec sleep 60;; *) exec /bin/df "$@";; esac')
    const outcomes = run([volumes('/stuck', folder), client], 4000)
    const read = VolumeFacts.parse(answerIn(outcomes, 'volumes'))
    expect(read.map(({ cause }) => cause !== null)).toEqual([false, true, false])
    expect(answerIn(outcomes, 'client')).toBeDefined()
  })

  const hostile = fc
    .array(
      fc.oneof(
        fc.constantFrom(
          "'",
          '"',
          '`id`',
          '$(touch broken)',
          ';touch broken;',
          '\\',
          '*',
          '-rf',
          ' ',
          '‘',
          '’',
          '#',
          '&',
        ),
        fc.string({ unit: 'binary', maxLength: 5 }).map((text) => text.replaceAll(/\p{Cc}|\p{Cs}/gu, '')),
      ),
      { maxLength: 8 },
    )
    .map((parts) => `/${parts.join('')}`)

  it('hands every folder to df as one word, whatever it is called', () => {
    put('df', `for word; do last=$word; done; printf '%s\\n' "$last" >> "${folder}/asked"`)
    fc.assert(
      fc.property(fc.array(hostile, { minLength: 1, maxLength: 8 }), (paths) => {
        writeFileSync(join(folder, 'asked'), '')
        run([volumes(...paths)])
        const asked = readFileSync(join(folder, 'asked'), 'utf8').split('\n').slice(0, -1)
        expect(asked.sort()).toEqual(['/', ...paths].sort())
      }),
      { numRuns: propertyRuns(8) },
    )
    expect(execFileSync('ls', [folder], { encoding: 'utf8' }).trim().split('\n')).toEqual(['asked', 'bin'])
  })

  it('takes the name of a folder for no answer of df', () => {
    const path = '/x 100 1 99 1% /faked'
    expect(volumesOf(path)[1]).toMatchObject({ path, mount: null, freeBytes: null })
  })

  it.each([
    ['a mount point and a device with spaces', '//nas/a b 1000 400 600 40% /mnt/c d', '/mnt/c d', 600],
    ['less than nothing left, which root uses', '/dev/vdb 1000 1000 -50 100% /u01', '/u01', 0],
    ['a capacity that is not told', 'none 0 0 0 - /proc', '/proc', 0],
  ])('understands %s', (_, line, mount, kilobytes) => {
    put('df', `echo 'Filesystem 1024-blocks Used Available Capacity Mounted on'; echo '${line}'`)
    expect(volumesOf()).toMatchObject([{ mount, freeBytes: kilobytes * 1024 }])
  })

  const systemd = (active: string, start: string, load = 'loaded') =>
    `case "$*" in *hbrclient.service) printf 'LoadState=${load}\\nActiveState=${active}\\nUnitFileState=${start}\\n';; *) echo LoadState=not-found; echo ActiveState=inactive; echo UnitFileState=;; esac`

  it.each([
    ['runs', systemd('active', 'enabled'), true, true],
    ['failed', systemd('failed', 'enabled'), false, true],
    ['stopped, and is disabled', systemd('inactive', 'disabled'), false, false],
    ['is masked', systemd('inactive', 'masked', 'masked'), false, false],
    ['is starting', systemd('activating', 'enabled'), null, true],
    ['runs, by a script of SysV', systemd('active', 'generated'), true, null],
  ])('sees that the client %s', (_, script, running, automatic) => {
    put('systemctl', script)
    put('ps', 'echo systemd')
    expect(clientOf()).toEqual({ services: [{ name: 'hbrclient', running, automatic, version: null }] })
  })

  it('sees by its process that the client runs, where there is no systemd', () => {
    put('systemctl', 'echo "System has not been booted with systemd" >&2; exit 1')
    put('ps', "printf 'init\\nhybridbackup\\nhybridbackup\\nhbrclientupdate\\n'")
    expect(clientOf()).toEqual({
      services: [{ name: 'hybridbackup', running: true, automatic: null, version: null }],
    })
  })

  it('finds no client where there is none, or nothing to look with', () => {
    put('systemctl', 'echo LoadState=not-found; echo ActiveState=inactive; echo UnitFileState=')
    put('ps', 'echo init')
    expect(clientOf()).toEqual({ services: [] })
    put('systemctl', 'exit 127')
    put('ps', 'exit 127')
    expect(clientOf()).toEqual({ services: [] })
  })

  const saying = (date: string) =>
    `printf 'HTTP/1.1 403 Forbidden\\r\\nServer: x\\r\\ndate: ${date}\\r\\n\\r\\n'`

  it('reads its own clock before and after that of the endpoint', () => {
    put('curl', saying('Sat, 21 Nov 2026 02:00:00 GMT'))
    put('date', 'echo 1795226460')
    expect(clockOf('https://a.example/')).toEqual({
      before: 1_795_226_460,
      after: 1_795_226_460,
      date: 1_795_226_400,
      url: 'https://a.example/',
    })
  })

  it('asks the next endpoint where the first one says no time, two at most', () => {
    put(
      'curl',
      `for word; do last=$word; done; case "$last" in *b.example*) ${saying('Sat, 21 Nov 2026 02:00:00 GMT')};; *) exit 7;; esac`,
    )
    expect(clockOf('https://a.example/', 'https://b.example/')).toMatchObject({
      date: 1_795_226_400,
      url: 'https://b.example/',
    })
    expect(clockOf('https://a.example/', 'https://a.example/', 'https://b.example/').date).toBeNull()
  })

  it.each(['now', 'Sat, 31 Feb 2026 99:00:00 GMT', '2026-11-21T02:00:00Z', '$(touch broken)'])(
    'takes %s for no time',
    (date) => {
      put('curl', saying(date))
      expect(clockOf('https://a.example/').date).toBeNull()
    },
  )

  it('leaves a part that says nothing without an answer, and no other', () => {
    put(
      'base64',
      'read -r first; case $first in Unit=*) exit 1;; *) printf "%s\\n" "$first" | /usr/bin/base64;; esac',
    )
    const outcomes = run(everything)
    expect(Object.keys(outcomes).sort()).toEqual(['client', 'clock', 'volumes'])
    expect(linuxHostScript.read('', everything)).toEqual({})
    expect(linuxHostScript.read('backup-precheck-host volume-1 0 eA==\n', everything)).toEqual({})
  })

  it('is the same for the same look, and leaves nothing behind', () => {
    const look = { asks: everything, limitMs: 5000 }
    expect(linuxHostScript.write(look)).toBe(linuxHostScript.write(look))
    run([clock('https://127.0.0.1:1/')])
    expect(execFileSync('ls', [folder], { encoding: 'utf8' }).trim()).toBe('bin')
  })
})

describe('the script for Windows', () => {
  const write = (asks: readonly HostAsk[]) => windowsHostScript.write({ asks, limitMs: 15_000 })
  const line = (part: string, content: object) =>
    `backup-precheck-host ${part} ${Buffer.from(JSON.stringify(content)).toString('base64')}\r\n`
  const read = (ask: HostAsk, content: object) =>
    answerIn(windowsHostScript.read(`Banner\r\n${line(ask.part, content)}`, [ask]), ask.part)

  it('is PowerShell, whatever folders are called and endpoints hold', async () => {
    const hostile = fc.string({ unit: 'binary', maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(fc.array(hostile, { maxLength: 4 }), async (words) => {
        const asks = [
          volumes(...words.map((word) => `D:\\${word}’$(id)'`)),
          client,
          writers,
          clock(...words.map((word) => `https://a.example/${word}'`)),
        ]
        expect(await faultsOfPowerShell(write(asks))).toEqual([])
        expect(write(asks)).toMatch(/^[\n -~]*$/)
      }),
      { numRuns: propertyRuns(10) },
    )
    expect(await faultsOfPowerShell(windowsScript.write({ urls: ["https://a/'"] }, 1000))).toEqual([])
    expect(await faultsOfPowerShell(`${write(everything)}\n}`)).not.toEqual([])
  })

  it('holds folders in Base64, and is the same for all of them but for that list', () => {
    const rest = (...paths: readonly string[]) =>
      write([volumes(...paths)])
        .split('\n')
        .filter((row) => !row.startsWith('$folders = '))
    const path = 'D:\\’; Remove-Item C:\\ ‘'
    expect(write([volumes(path)])).toContain(`$folders = @('${Buffer.from(path).toString('base64')}')`)
    expect(rest(path)).toEqual(rest('D:\\a', 'D:\\b'))
  })

  it('fits a command with everything that it may ask', () => {
    const longest = Array.from({ length: 16 }, () => `D:\\${'x'.repeat(200)}`)
    expect(Buffer.from(write([...everything, volumes(...longest)])).length).toBeLessThan((24 * 1024 * 3) / 4)
  })

  const disks = [
    { name: 'C:\\', total: 100, free: 10 },
    { name: 'C:\\Mounted\\Data\\', total: 200, free: 20 },
    { name: '\\\\?\\Volume{1}\\', total: 1, free: 1 },
  ]

  it('finds the volume of a folder: the longest mount point that it is under, in any case', () => {
    const paths = ['c:\\mounted\\data', 'C:/Mounted/Data/x', 'C:\\Mounted\\Database', 'E:\\', 'C:\\none']
    const content = { system: 'C:\\', found: [true, true, true, true, false], volumes: disks }
    expect(VolumeFacts.parse(read(volumes(...paths), content))).toMatchObject([
      { path: 'C:\\', mount: 'C:\\', totalBytes: 100, freeBytes: 10 },
      { mount: 'C:\\Mounted\\Data\\', freeBytes: 20 },
      { mount: 'C:\\Mounted\\Data\\', freeBytes: 20 },
      { mount: 'C:\\', freeBytes: 10 },
      { path: 'E:\\', mount: null, cause: 'no volume has it' },
      { path: 'C:\\none', mount: null, cause: 'no such folder' },
    ])
  })

  const name = 'Alibaba Cloud Backup Service'
  it.each([
    ['Running', 'Auto', true, true],
    ['Stopped', 'Manual', false, false],
    ['Paused', 'Disabled', false, false],
    ['Start Pending', 'Unknown', null, null],
  ])('understands a service that is %s, %s', (state, mode, running, automatic) => {
    const content = { services: [{ name, state, mode, version: '1.2.3' }] }
    expect(ClientFacts.parse(read(client, content))).toEqual({
      services: [{ name, running, automatic, version: '1.2.3' }],
    })
  })

  const id = 'Writer Id: {a65faa63-5ea8-4ebc-9dbd-a0c4db26912a}'
  const own = '   Writer Instance Id: {4cb2a9d3-0000-4000-8000-93d2e3a0b7d2}'
  it.each([
    [
      'English',
      [`   ${id}`, own, '   State: [1] Stable', '   Last error: No error'],
      1,
      'Last error: No error',
    ],
    [
      'Chinese',
      [
        '   编写器 ID: {A65FAA63-5EA8-4EBC-9DBD-A0C4DB26912A}',
        own,
        '   状态: [8] 失败',
        '   上一个错误: 超时',
      ],
      8,
      '上一个错误: 超时',
    ],
    [
      'German',
      [`   ${id}`, own, '   Status: [5] Warten auf Abschluss', '   Letzter Fehler: Kein Fehler'],
      5,
      'Letzter Fehler: Kein Fehler',
    ],
    ['nothing more', [`   ${id}`], null, ''],
    ['a blank line, and the writer after it', [`   ${id}`, own, '', '   State: [1] Stable'], null, ''],
  ])('understands a writer in %s', (_, lines, state, lastError) => {
    const content = { service: { state: 'Running', mode: 'Auto' }, ids: 24, writers: [lines.join('\n')] }
    expect(WriterFacts.parse(read(writers, content))).toEqual({
      service: { running: true, automatic: true },
      listed: 24,
      writers: [{ state, lastError }],
    })
  })

  it('understands that there is no SQL Writer and no writer of it', () => {
    expect(WriterFacts.parse(read(writers, { service: null, ids: 12, writers: [] }))).toEqual({
      service: null,
      listed: 12,
      writers: [],
    })
  })

  it('reads the time from what the probe reports', () => {
    const report = (date: string | null) =>
      `backup-precheck-reach ${Buffer.from(JSON.stringify({ date })).toString('base64')}`
    const looks = [
      { before: 1, after: 2, report: report(null) },
      { before: 1_795_226_460, after: 1_795_226_462, report: report('Sat, 21 Nov 2026 02:00:00 GMT') },
    ]
    const asked = clock('https://a.example/', 'https://b.example/')
    expect(ClockFacts.parse(read(asked, { looks }))).toEqual({
      before: 1_795_226_460,
      after: 1_795_226_462,
      date: 1_795_226_400,
      url: 'https://b.example/',
    })
    expect(read(asked, { looks: looks.slice(0, 1) })).toMatchObject({ date: null })
    expect(read(asked, { looks: [{ before: 1, after: 2, report: '' }] })).toMatchObject({ date: null })
  })

  it('says of a part that failed why, and leaves one that cannot be read without an answer', () => {
    const output = `${line('client', { fault: '拒绝访问。' })}${line('writers', { service: 7 })}backup-precheck-host clock !\r\n`
    expect(windowsHostScript.read(output, everything)).toEqual({
      client: { problem: { code: 'HOST_PART_UNANSWERED', params: { cause: '拒绝访问。' } } },
    })
    expect(windowsHostScript.read('', everything)).toEqual({})
  })
})

import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const isThere = spawnSync('systemd-analyze', ['--version']).error === undefined

/** What `systemd-analyze security` may find at most, of 10 ("UNSAFE"): below 2 it says "OK". */
const maxExposure = 1.9

describe.skipIf(!isThere)('the unit of systemd', () => {
  let folder: string
  let unit: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'precheck-unit-'))
    unit = join(folder, 'precheck.service')
    // Node.js has another place on this machine, and the program has to exist.
    const text = readFileSync('infra/install/precheck.service', 'utf8')
    writeFileSync(unit, text.replace('/usr/bin/node', process.execPath))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  it('has nothing that systemd does not understand', () => {
    const { status, stdout, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', unit])
    expect([status, stdout.toString(), stderr.toString()]).toEqual([0, '', ''])
  })

  it('leaves the service little that it could do', () => {
    const said = execFileSync('systemd-analyze', ['security', '--offline=true', '--no-pager', unit])
    const [, exposure = ''] = /exposure level for precheck\.service: (\d+\.\d+)/.exec(said.toString()) ?? []
    expect(Number(exposure)).toBeGreaterThan(0)
    expect(Number(exposure)).toBeLessThanOrEqual(maxExposure)
  })
})

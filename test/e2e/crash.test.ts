import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { stride } from '../support/property-runs.ts'
import { crash } from './crash.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'precheck-crash-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('kill -9 in the middle of running prechecks', () => {
  it('loses none and ends none twice: after the restart they go on', async () => {
    const count = 200 / stride(4)
    const report = await crash(folder, { count, deadlineSeconds: 300, downMs: 0 })
    expect(report.runningAtKill).toBeGreaterThan(count / 2)
    expect(report).toMatchObject({
      started: count,
      ended: count,
      endedTwice: 0,
      lost: 0,
      outcomes: { failed: count },
    })
    // They went on with their items instead of waiting for their deadline.
    expect(report.recoveryMs).toBeLessThan(200_000)
  })

  it('ends those whose deadline passed meanwhile', async () => {
    const report = await crash(folder, { count: 20, deadlineSeconds: 3, downMs: 3500 })
    expect(report).toMatchObject({ started: 20, ended: 20, endedTwice: 0, lost: 0 })
  })
})

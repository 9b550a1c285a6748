import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { ownKey } from '../../../../shared/adapters/secrets/own-key.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'precheck-key-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

it('is made once, and found again by the next process', async () => {
  const key = ownKey(folder, 'webhook-key')
  const [first, second] = await Promise.all([key(), key()])
  expect(first).toMatch(/^[A-Za-z0-9+/]{43}=$/)
  expect(second).toBe(first)
  expect(await ownKey(folder, 'webhook-key')()).toBe(first)
  expect(await ownKey(folder, 'another-key')()).not.toBe(first)
})

it('is for its owner alone', async () => {
  const key = await ownKey(folder, 'webhook-key')()
  const file = join(folder, 'webhook-key')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(readFileSync(file, 'utf8')).toBe(`${key}\n`)
})

it('is never made anew where one is that cannot be read', async () => {
  writeFileSync(join(folder, 'a-file'), '')
  await expect(ownKey(join(folder, 'a-file'), 'webhook-key')()).rejects.toThrow('ENOTDIR')
})

import { mkdirSync, mkdtempSync, readFileSync, rmSync, rmdirSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { asKey } from '../../../../shared/adapters/secrets/key.ts'
import { ownKey } from '../../../../shared/adapters/secrets/own-key.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'precheck-key-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const whole = Buffer.alloc(32, 7).toString('base64')
const faulty = [
  ['an empty text', ''],
  ['a short key', Buffer.alloc(31, 7).toString('base64')],
  ['a long key', Buffer.alloc(33, 7).toString('base64')],
  ['half a key', whole.slice(0, 22)],
  ['a word', 'secret'],
  ['two keys', `${whole}\n${whole}`],
] as const

describe('the key of the service', () => {
  it('is made once, and found again by the next process', async () => {
    const key = ownKey(folder, 'webhook-key')
    const [first, second] = await Promise.all([key(), key()])
    expect(first).toEqual({ value: expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/) })
    expect(second).toEqual(first)
    expect(await ownKey(folder, 'webhook-key')()).toEqual(first)
    expect(await ownKey(folder, 'another-key')()).not.toEqual(first)
  })

  it('is for its owner alone', async () => {
    const key = await ownKey(folder, 'webhook-key')()
    const file = join(folder, 'webhook-key')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect({ value: readFileSync(file, 'utf8').trimEnd() }).toEqual(key)
  })

  it('is never made anew where one is that cannot be read', async () => {
    writeFileSync(join(folder, 'a-file'), '')
    const file = join(folder, 'a-file', 'webhook-key')
    expect(await ownKey(join(folder, 'a-file'), 'webhook-key')()).toEqual({
      unavailable: `the file ${file} cannot be read (ENOTDIR)`,
    })
  })

  it.each(faulty)('is refused as %s, and left as it is', async (_, text) => {
    const file = join(folder, 'webhook-key')
    writeFileSync(file, text)
    const key = await ownKey(folder, 'webhook-key')()
    expect(key).toEqual({ unavailable: expect.stringContaining('must hold 32 bytes in base64') })
    expect(key).toEqual({ unavailable: expect.stringContaining(file) })
    expect(readFileSync(file, 'utf8')).toBe(text)
  })

  it('that could not be written is tried again', async () => {
    const key = ownKey(folder, 'webhook-key')
    // In the way of the file that is renamed.
    mkdirSync(join(folder, 'webhook-key.new'))
    expect(await key()).toEqual({ unavailable: expect.stringContaining('cannot be written (EISDIR)') })
    rmdirSync(join(folder, 'webhook-key.new'))
    expect(await key()).toHaveProperty('value')
  })
})

describe('a secret that has to be a key', () => {
  it('is one of 32 bytes', () => {
    expect(asKey({ value: whole })).toEqual({ value: whole })
    expect(asKey({ unavailable: 'not set' })).toEqual({ unavailable: 'not set' })
  })

  it.each(faulty)('is refused as %s, without being shown', (_, value) => {
    const refused = asKey({ value })
    expect(refused).toEqual({ unavailable: expect.stringContaining('32 bytes in base64') })
    if (value !== '') expect(JSON.stringify(refused)).not.toContain(value)
  })
})

import { chmodSync, cpSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openDatabase } from '../../../shared/adapters/sqlite/database.ts'

let parent: string
let folder: string
let mask: number
beforeEach(() => {
  mask = process.umask(0)
  parent = mkdtempSync(join(tmpdir(), 'precheck-modes-'))
  folder = join(parent, 'of', 'the', 'service')
})
afterEach(() => {
  process.umask(mask)
  rmSync(parent, { recursive: true })
})

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8)
const modesIn = (path: string): Record<string, string> =>
  Object.fromEntries(readdirSync(path).map((name) => [name, modeOf(join(path, name))]))

const ofOwner = {
  'precheck.db': '600',
  'precheck.db-shm': '600',
  'precheck.db-wal': '600',
  'precheck.db.lock': '600',
  'precheck.db.lock-journal': '600',
}

it('a new database is for its owner alone, with its companions and its folder', () => {
  const database = openDatabase(join(folder, 'precheck.db'))
  expect(modesIn(folder)).toEqual(ofOwner)
  expect([modeOf(folder), modeOf(join(parent, 'of'))]).toEqual(['700', '700'])
  database.close()
})

it('one that an earlier version left open is closed to others, as after a crash', () => {
  const before = openDatabase(join(folder, 'precheck.db'))
  before.connection.exec('CREATE TABLE t (x)')
  const asLeft = join(parent, 'as-left')
  cpSync(folder, asLeft, { recursive: true })
  before.close()
  for (const name of readdirSync(asLeft)) chmodSync(join(asLeft, name), 0o644)
  expect(readdirSync(asLeft)).toContain('precheck.db-wal')
  const after = openDatabase(join(asLeft, 'precheck.db'))
  expect(modesIn(asLeft)).toEqual(ofOwner)
  after.close()
})

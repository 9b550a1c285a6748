import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { ensureFirstToken } from '../../../infra/host/first-token.ts'
import { authenticate, issueToken } from '../../../shared/flows/tokens.ts'
import { type Tokens, tokenKind } from '../../../shared/ports/tokens.ts'
import { openDatabase } from '../../../shared/adapters/sqlite/database.ts'
import { groupCommit } from '../../../shared/adapters/sqlite/group-commit.ts'
import { sqliteDocuments } from '../../../shared/adapters/sqlite/sqlite-documents.ts'

const now = new Date('2026-11-21T02:00:00Z')

let folder: string
let tokens: Tokens
let close: () => void
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'precheck-first-'))
  const database = openDatabase(join(folder, 'precheck.db'))
  const writer = groupCommit(database)
  tokens = sqliteDocuments(database, writer)(tokenKind)
  close = () => {
    writer.close()
    database.close()
  }
})
afterEach(() => {
  close()
  rmSync(folder, { recursive: true })
})

const file = (): string => join(folder, 'admin-token')
const bearerInFile = (): string => readFileSync(file(), 'utf8').trim()
const scopeOf = async (bearer: string, at = now) =>
  (await authenticate(tokens, bearer, at))?.document.scope ?? null

it('is made once, for its owner alone', async () => {
  expect(await ensureFirstToken(tokens, folder, now)).toBe(true)
  const bearer = bearerInFile()
  expect([await scopeOf(bearer), statSync(file()).mode & 0o777]).toEqual(['admin', 0o600])
  expect(await ensureFirstToken(tokens, folder, now)).toBe(false)
  expect(bearerInFile()).toBe(bearer)
  expect(readdirSync(folder).filter((name) => name.endsWith('.new'))).toEqual([])
})

it('is in its file before it is right, so that a crash in between is repaired by the next start', async () => {
  const dying: Tokens = {
    ...tokens,
    put: async () => {
      expect(bearerInFile()).toMatch(/^bp_/)
      throw new Error('killed')
    },
  }
  await expect(ensureFirstToken(dying, folder, now)).rejects.toThrow('killed')
  const lost = bearerInFile()
  expect(await ensureFirstToken(tokens, folder, now)).toBe(true)
  expect([await scopeOf(lost), await scopeOf(bearerInFile())]).toEqual([null, 'admin'])
})

it('is not stored where its file cannot be written', async () => {
  const inFile = join(folder, 'a-file')
  writeFileSync(inFile, '')
  await expect(ensureFirstToken(tokens, inFile, now)).rejects.toThrow('ENOTDIR')
  expect((await tokens.list({ limit: 1 })).items).toEqual([])
})

it('is made again where nobody could issue one, though others have tokens', async () => {
  await issueToken(tokens, { name: 'ci', scope: 'read' }, now)
  const expired = await issueToken(tokens, { name: 'old', scope: 'admin', expiresInDays: 1 }, now)
  expect(await ensureFirstToken(tokens, folder, now)).toBe(false)
  const nextDay = new Date(now.getTime() + 24 * 3_600_000)
  expect(await ensureFirstToken(tokens, folder, nextDay)).toBe(true)
  expect([await scopeOf(expired.bearer, nextDay), await scopeOf(bearerInFile(), nextDay)]).toEqual([
    null,
    'admin',
  ])
})

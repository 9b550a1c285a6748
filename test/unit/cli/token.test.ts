import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runCommandLine } from '../../../infra/cli/commands/command-line.ts'
import { clock } from '../../../infra/host/clock.ts'
import { ensureFirstToken, renewingToken } from '../../../infra/host/first-token.ts'
import { openDatabase } from '../../../shared/adapters/sqlite/database.ts'
import { groupCommit } from '../../../shared/adapters/sqlite/group-commit.ts'
import { sqliteDocuments } from '../../../shared/adapters/sqlite/sqlite-documents.ts'
import { authenticate } from '../../../shared/flows/tokens.ts'
import { jsonLog } from '../../../shared/runtime/log.ts'
import { type Tokens, tokenKind } from '../../../shared/ports/tokens.ts'
import { answering, answeringWith, precheckWith } from './scripted-service.ts'

const view = {
  id: '0123456789abcdef',
  name: 'ci',
  scope: 'run',
  createdAt: '2026-11-21T02:00:00.000Z',
  rotatedAt: null,
  expiresAt: '2026-11-28T02:00:00.000Z',
  lastUsedAt: null,
}
const issued = { ...view, token: 'bp_0123456789abcdef_secret' }

describe('over the API, precheck token', () => {
  it('create asks for a token and prints it last, by itself', async () => {
    const args = ['token', 'create', '--name', 'ci', '--scope', 'run', '--days', '7']
    const { code, output, received } = await precheckWith(answering(201, issued), args)
    expect(received).toMatchObject([
      { call: 'POST /v1/tokens', body: { name: 'ci', scope: 'run', expiresInDays: 7 } },
    ])
    expect(output).toBe(
      'Token 0123456789abcdef "ci", scope run, expires 2026-11-28 02:00 UTC. It is shown only once:\n' +
        'bp_0123456789abcdef_secret\n',
    )
    expect(code).toBe(0)
  })

  it('create prints JSON where that is asked for', async () => {
    const args = ['token', 'create', '--name', 'ci', '--scope', 'run', '--output', 'json']
    const { output } = await precheckWith(answering(201, issued), args)
    expect(JSON.parse(output)).toEqual(issued)
  })

  it('list names every token', async () => {
    const used = {
      ...view,
      id: 'f'.repeat(16),
      name: 'ops',
      expiresAt: null,
      lastUsedAt: '2026-11-21T03:00:00.000Z',
    }
    const service = answeringWith({ 'GET /v1/tokens': { items: [view, used] } })
    const { code, output } = await precheckWith(service, ['token', 'list'])
    expect(output).toBe(
      '0123456789abcdef run   expires 2026-11-28 02:00 UTC, not used yet  ci\n' +
        'ffffffffffffffff run   never expires, used 2026-11-21 03:00 UTC  ops\n',
    )
    expect(code).toBe(0)
  })

  it('revoke and rotate name the token', async () => {
    const rotated = await precheckWith(answering(200, issued), ['token', 'rotate', view.id])
    expect(rotated.received).toMatchObject([{ call: `POST /v1/tokens/${view.id}/rotate` }])
    expect(rotated.output).toContain(issued.token)
    const revoked = await precheckWith(
      (_, response) => void response.writeHead(204).end(),
      ['token', 'revoke', view.id],
    )
    expect(revoked.received).toMatchObject([{ call: `DELETE /v1/tokens/${view.id}` }])
    expect([revoked.code, revoked.output]).toEqual([0, `Token ${view.id} is revoked.\n`])
  })

  it('says why the service declines', async () => {
    const problem = { code: 'LAST_ADMIN_TOKEN', detail: 'It is the last token of scope admin.' }
    const { code, errors } = await precheckWith(answering(409, problem), ['token', 'revoke', view.id])
    expect([code, errors]).toEqual([3, 'It is the last token of scope admin.\n'])
  })

  it.each([
    [['token', 'create', '--scope', 'run'], /Required option '--name <name>' not specified/],
    [['token', 'create', '--name', 'ci'], /Required option '--scope <scope>' not specified/],
    [['token', 'create', '--name', 'ci', '--scope', 'root'], /Allowed choices are read, run, admin/],
    [['token', 'create', '--name', 'ci', '--scope', 'run', '--days', '0'], /from 1 to 3650/],
    [['token', 'destroy'], /unknown command 'destroy'/i],
  ])('explains %j', async (args, text) => {
    const { code, errors, received } = await precheckWith(answering(200, {}), args)
    expect(errors).toMatch(text)
    expect([code, received]).toEqual([3, []])
  })
})

describe('on a data folder, precheck token', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'precheck-data-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  /** Does something while the service would be running. */
  const inService = async <Value>(work: (tokens: Tokens) => Promise<Value>): Promise<Value> => {
    const database = openDatabase(join(folder, 'precheck.db'))
    const writer = groupCommit(database)
    try {
      return await work(sqliteDocuments(database, writer)(tokenKind))
    } finally {
      writer.close()
      database.close()
    }
  }

  const precheck = async (...args: string[]) => {
    let output = ''
    let errors = ''
    const code = await runCommandLine(['token', ...args, '--data', folder], {
      // It needs neither the service nor a token.
      environment: {},
      columns: null,
      readInput: async () => '',
      write: (text) => (output += text),
      writeError: (text) => (errors += text),
    })
    return { code, output, errors }
  }

  const scopeOf = (bearer: string) =>
    inService(async (tokens) => (await authenticate(tokens, bearer, new Date()))?.document.scope ?? null)

  it('create is the way back in when every token is lost', async () => {
    await inService((tokens) => ensureFirstToken(tokens, folder, new Date()))
    const { code, output } = await precheck('create', '--name', 'me again', '--scope', 'admin')
    expect([code, await scopeOf(output.trim().split('\n').at(-1) ?? '')]).toEqual([0, 'admin'])
  })

  it('list, rotate and revoke do what the API does, and keep the last token of scope admin', async () => {
    await inService((tokens) => ensureFirstToken(tokens, folder, new Date()))
    const first = readFileSync(join(folder, 'admin-token'), 'utf8').trim()
    const id = first.split('_')[1] ?? ''
    expect((await precheck('list')).output).toMatch(
      new RegExp(`^${id} admin never expires, not used yet  first token\n$`),
    )
    const rotated = await precheck('rotate', id, '--output', 'json')
    const { token } = JSON.parse(rotated.output) as { readonly token: string }
    expect([await scopeOf(first), await scopeOf(token)]).toEqual([null, 'admin'])
    expect(await precheck('revoke', id)).toMatchObject({
      code: 3,
      errors: expect.stringContaining('last token of scope admin'),
    })
    await precheck('create', '--name', 'other', '--scope', 'admin')
    expect((await precheck('revoke', id)).code).toBe(0)
    expect((await precheck('rotate', id)).errors).toBe(`No token has the id ${id}.\n`)
    expect(await scopeOf(token)).toBeNull()
  })

  it('says that a service is using the folder', async () => {
    const refused = await inService(() => precheck('list'))
    expect(refused).toMatchObject({
      code: 3,
      errors: expect.stringMatching(/in use by another process of this service\. Stop it/),
    })
    expect(refused.errors.trimEnd().split('\n')).toHaveLength(1)
  })

  const bearerInFile = (): string => readFileSync(join(folder, 'admin-token'), 'utf8').trim()

  it('reset-admin writes the lost file again, with another token', async () => {
    await inService((tokens) => ensureFirstToken(tokens, folder, new Date()))
    const lost = bearerInFile()
    rmSync(join(folder, 'admin-token'))
    const { code, output } = await precheck('reset-admin')
    expect([code, output]).toEqual([0, expect.stringContaining(`${folder}/admin-token holds another token`)])
    expect([await scopeOf(bearerInFile()), await scopeOf(lost)]).toEqual(['admin', 'admin'])
    expect(bearerInFile()).not.toBe(lost)
  })

  it('reset-admin has the service that runs write it', async () => {
    const logged: string[] = []
    const log = jsonLog('warn', (line) => logged.push(line))
    const reset = await inService(async (tokens) => {
      const renewing = clock(renewingToken({ tokens, now: () => new Date() }, folder, log), 1, log)
      const done = await precheck('reset-admin')
      await renewing.stop()
      return done
    })
    expect([reset.code, reset.errors]).toEqual([0, ''])
    expect(await scopeOf(bearerInFile())).toBe('admin')
    expect(logged.join('')).toMatch(/^\{.*"event":"host\.admin-token-renewed".*\}\n$/)
  })

  it('makes no database where there is none', async () => {
    const { code, errors } = await precheck('create', '--name', 'me', '--scope', 'admin')
    expect([code, errors]).toEqual([
      3,
      `There is no database ${folder}/precheck.db. Name the data folder of the service.\n`,
    ])
    expect(readdirSync(folder)).toEqual([])
  })
})

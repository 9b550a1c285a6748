import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { type Script, answering, precheckWith } from './scripted-service.ts'

const folder = mkdtempSync(join(tmpdir(), 'precheck-apply-'))
afterAll(() => rmSync(folder, { recursive: true }))
const definition = { thresholds: { historyMinHours: 1 }, appliesTo: {} }
const file = join(folder, 'fleet.yaml')
writeFileSync(file, JSON.stringify({ policies: { kept: definition } }))

const policy = (name: string) => ({ name, definition, revision: 1, updatedAt: '2026-11-22T00:00:00.000Z' })
const service: Script = (call, response) =>
  call.startsWith('DELETE')
    ? void response.writeHead(204).end()
    : answering(200, { items: [policy('kept'), policy('old')] })(call, response)

describe('apply --prune', () => {
  it.each([
    [true, 0, '1 removed, 1 unchanged.\n- policy old\n', ['GET /v1/policies', 'DELETE /v1/policies/old']],
    [false, 3, '', ['GET /v1/policies']],
  ])('asks, and is told %s', async (answer, code, output, calls) => {
    const questions: string[] = []
    const ask = async (question: string) => {
      questions.push(question)
      return answer ? 'y' : ''
    }
    const ended = await precheckWith(service, ['apply', '-f', file, '--prune'], undefined, { ask })
    expect([ended.code, ended.output, ended.received.map(({ call }) => call)]).toEqual([code, output, calls])
    expect(questions).toEqual(['  policy old\nRemove 1 that no document describes? [y/N] '])
  })

  it('does not ask where it is told not to, or only tries', async () => {
    for (const option of ['--yes', '--dry-run']) {
      const { output, errors } = await precheckWith(service, ['apply', '-f', file, '--prune', option])
      expect([output.split('\n')[1], errors]).toEqual(['- policy old', ''])
    }
  })
})

describe('apply', () => {
  it.each([
    [join(folder, 'absent.yaml'), /absent\.yaml cannot be read/],
    [mkdtempSync(join(folder, 'empty-')), /has no files that end in \.yaml/],
  ])('says that there is nothing at %s', async (path, message) => {
    const { code, errors, received } = await precheckWith(service, ['apply', '-f', path])
    expect([code, received]).toEqual([3, []])
    expect(errors).toMatch(message)
  })

  const names = Array.from({ length: 40 }, (_, index) => `policy-${index}`)
  const many = join(folder, 'many.yaml')
  writeFileSync(
    many,
    JSON.stringify({ policies: Object.fromEntries(names.map((name) => [name, definition])) }),
  )
  const refusing =
    (code: string): Script =>
    (call, response) =>
      answering(call.startsWith('PUT') ? 422 : 200, { code, detail: 'Not so.', items: [] })(call, response)

  it('goes on where one is refused, and tells of each', async () => {
    const { code, output, received } = await precheckWith(refusing('STRANGE'), ['apply', '-f', many])
    expect([code, received.length, output.match(/Not so/g)?.length]).toEqual([2, 41, 40])
  })

  it('ends where the token is refused, and says so once', async () => {
    const { code, output, errors, received } = await precheckWith(refusing('SCOPE_MISSING'), [
      'apply',
      '-f',
      many,
    ])
    expect([code, output, errors]).toEqual([
      3,
      '',
      'Not so. Set PRECHECK_TOKEN to a token with that scope.\n',
    ])
    expect(received.length).toBeLessThan(20)
  })
})

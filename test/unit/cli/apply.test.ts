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
    const ended = await precheckWith(
      service,
      ['apply', '-f', file, '--prune'],
      undefined,
      async (question) => {
        questions.push(question)
        return answer
      },
    )
    expect([ended.code, ended.output, ended.received.map(({ call }) => call)]).toEqual([code, output, calls])
    expect(questions).toEqual(['  policy old\nRemove 1 that no document describes?'])
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
})

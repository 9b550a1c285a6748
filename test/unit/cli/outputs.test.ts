import { describe, expect, it } from 'vitest'
import { precheckView } from '../../../functions/api/views/precheck-view.ts'
import { completedOf, itemResult, simpleDatabase } from '../../support/completed-prechecks.ts'
import { type Script, answering, precheckWith } from './scripted-service.ts'

const view = precheckView(completedOf({ results: [itemResult([simpleDatabase('HR')])] }), 'en')
const types: Readonly<Record<string, string>> = {
  html: 'text/html',
  junit: 'application/xml',
  nagios: 'text/plain',
}

/** Answers a second look at the precheck in another media type, as it was asked for. */
const service = (type: string, text: string): Script => {
  let looks = 0
  return (call, response) => {
    looks += 1
    if (looks === 1) answering(200, view)(call, response)
    else response.writeHead(200, { 'content-type': `${type}; charset=utf-8` }).end(text)
  }
}

describe('--output', () => {
  it.each(Object.entries(types))(
    '%s prints what the service writes, and exits as always',
    async (output, type) => {
      const ended = await precheckWith(service(type, 'as it is\n'), ['last', 'db1', '--output', output])
      expect([ended.code, ended.output, ended.errors]).toEqual([2, 'as it is\n', ''])
      const watched = await precheckWith(service(type, 'as it is\n'), ['watch', view.id, '--output', output])
      expect([watched.code, watched.output]).toEqual([2, 'as it is\n'])
    },
  )

  it('csv prints the whole fleet, with the names of the columns once', async () => {
    const pages = [
      { text: 'instance\r\na\r\n', link: '</v1/fleet?after=YQ>; rel="next"' },
      { text: 'instance\r\nb\r\n' },
    ]
    const { code, output, received } = await precheckWith(
      (_, response) => {
        const { text, ...headers } = pages.shift()!
        response.writeHead(200, { 'content-type': 'text/csv; charset=utf-8', ...headers }).end(text)
      },
      ['instances', '--output', 'csv'],
    )
    expect([code, output]).toEqual([0, 'instance\r\na\r\nb\r\n'])
    expect(received.map(({ call }) => call)).toEqual(['GET /v1/fleet', 'GET /v1/fleet?after=YQ'])
  })

  it.each([
    [
      ['token', 'list', '--output', 'html'],
      'precheck token list prints text or json; --output html is for: run, last, watch.\n',
    ],
    [['last', 'db1', '-o', 'csv'], 'precheck last prints text or json; --output csv is for: instances.\n'],
  ])('is refused before anything is done where a command cannot print so: %j', async (args, said) => {
    const { code, errors, received } = await precheckWith(answering(200, view), args)
    expect([code, errors, received]).toEqual([3, said, []])
  })

  it('says where it is that a service answers otherwise', async () => {
    const { code, errors } = await precheckWith(answering(200, view), ['last', 'db1', '-o', 'junit'])
    expect([code, errors]).toEqual([
      3,
      expect.stringMatching(/answers with application\/json, not application\/xml\./),
    ])
  })

  it('nagios says what went wrong where Nagios reads it', async () => {
    const problem = answering(404, { code: 'NO_LAST_RESULT', detail: 'None.' })
    const { code, output, errors } = await precheckWith(problem, ['last', 'db1', '-o', 'nagios'])
    expect([code, output, errors]).toEqual([
      3,
      expect.stringMatching(/^PRECHECK UNKNOWN - The instance has no/),
      '',
    ])
  })
})

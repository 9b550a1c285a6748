import { describe, expect, it } from 'vitest'
import { answering, answeringWith, precheckWith } from './scripted-service.ts'

const letter = {
  queue: 'results',
  id: '7',
  at: '2026-11-20T02:00:00.000Z',
  why: { code: 'UNREADABLE', params: {}, text: 'It holds no message of this service.' },
  messages: [{ precheckId: 'pc_1', checkItem: 'ARCHIVELOG' }],
}

describe('dead-letters list', () => {
  it('tells what each is about, and exits with 1', async () => {
    const list = { items: [letter], more: ['checks'] }
    const { code, output } = await precheckWith(answeringWith({ 'GET /v1/dead-letters': list }), [
      'dead-letters',
      'list',
    ])
    expect(code).toBe(1)
    expect(output).toBe(
      [
        'results       2026-11-20 02:00 UTC  7',
        '  It holds no message of this service.',
        '  precheckId pc_1, checkItem ARCHIVELOG',
        'There may be more in checks than are listed.',
        '',
      ].join('\n'),
    )
  })

  it('exits with 0 where there are none', async () => {
    const answers = answeringWith({ 'GET /v1/dead-letters?queue=checks': { items: [], more: [] } })
    const { code, output } = await precheckWith(answers, ['dead-letters', 'list', '--queue', 'checks'])
    expect([code, output]).toEqual([0, 'There are no dead letters.\n'])
  })

  it('prints all of it as JSON', async () => {
    const list = { items: [letter], more: [] }
    const { output } = await precheckWith(answering(200, list), ['-o', 'json', 'dead-letters', 'list'])
    expect(JSON.parse(output)).toEqual(list)
  })
})

describe('dead-letters redrive', () => {
  it('goes on while there are more, queue by queue', async () => {
    let requests = 0
    const { code, output, received } = await precheckWith(
      (call, response) => {
        requests += 1
        answering(202, { redriven: 100, unreadable: 0, more: requests === 1 })(call, response)
      },
      ['dead-letters', 'redrive'],
    )
    expect(received.map(({ body }) => body)).toEqual([
      { queue: 'checks' },
      { queue: 'checks' },
      { queue: 'results' },
      { queue: 'notifications' },
    ])
    expect(code).toBe(0)
    expect(output).toContain('checks        200 redriven\nresults       100 redriven\n')
  })

  it('ends although letters die again at once, and exits with 1', async () => {
    const { code, received, output } = await precheckWith(
      answering(202, { redriven: 1, unreadable: 0, more: true }),
      ['dead-letters', 'redrive', '--queue', 'checks'],
    )
    expect([code, received.length]).toEqual([1, 100])
    expect(output).toContain('there are more')
  })

  it('exits with 1 where some stay', async () => {
    const { code, output } = await precheckWith(answering(202, { redriven: 0, unreadable: 2, more: false }), [
      'dead-letters',
      'redrive',
      '--queue',
      'results',
    ])
    expect([code, output]).toEqual([1, 'results       0 redriven, 2 unreadable\n'])
  })
})

import { describe, expect, it } from 'vitest'
import { renderRetry, retriedAt } from '../../../shared/model/retry.ts'

const endpoints = ['db1.example:1433']

describe('a connection that was reset', () => {
  it('says in both languages where, and what came of the second one', () => {
    const [answered, failed] = [
      retriedAt(endpoints, 'SECOND_ANSWERED'),
      retriedAt(endpoints, 'SECOND_FAILED'),
    ]
    expect([answered, failed].map((message) => renderRetry(message, 'en'))).toEqual([
      'The first connection to db1.example:1433 was reset; the second answered.',
      'The first connection to db1.example:1433 was reset; this is what came of the second.',
    ])
    expect([answered, failed].map((message) => renderRetry(message, 'zh'))).toEqual([
      '到 db1.example:1433 的首次连接被重置，第二次连接成功。',
      '到 db1.example:1433 的首次连接被重置，此处为第二次连接的结果。',
    ])
  })

  it('is shown as it is where another version said what came of it', () => {
    expect(renderRetry({ code: 'THIRD_ANSWERED', params: { endpoints } }, 'en')).toBe(
      'THIRD_ANSWERED {"endpoints":["db1.example:1433"]}',
    )
  })
})

import { describe, expect, it } from 'vitest'
import { errorTable } from '../../../shared/checks/error-table.ts'

const text = { en: 'It is wrong.', zh: '有误。' }
const about = { text, advice: text, status: 'error' } as const

describe('the error numbers of an engine', () => {
  const table = errorTable({
    problems: { OF_STATEMENT: { ...about, numbers: [1, 'X-2'], isOfStatement: true }, OF_ALL: about },
    numbers: { LOGIN_FAILED: [3] },
  })

  it('mean the problem with which they are declared, and no other number means any', () => {
    expect([1, 'X-2', 3, 4].map(table.codeOf)).toEqual([
      'OF_STATEMENT',
      'OF_STATEMENT',
      'LOGIN_FAILED',
      undefined,
    ])
  })

  it('concern one statement where the problem says so', () => {
    const codes = ['OF_STATEMENT', 'OF_ALL', 'LOGIN_FAILED', 'FROM_THE_FUTURE']
    expect(codes.map(table.isOfStatement)).toEqual([true, false, false, false])
  })
})

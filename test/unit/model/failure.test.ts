import { describe, expect, it, vi } from 'vitest'
import { andThen, decline, found, inEveryLanguage, unknownInstance } from '../../../shared/model/failure.ts'

describe('a use case that declines', () => {
  it('gives its code, what to do, and the ids that a program needs, where there are any', () => {
    expect(decline('NO_LAST_RESULT', 'Run a precheck first.')).toStrictEqual({
      failure: { code: 'NO_LAST_RESULT', detail: 'Run a precheck first.' },
    })
    expect(decline('PRECHECK_RUNNING', 'Wait for it.', { precheckId: 'pc_1' })).toStrictEqual({
      failure: { code: 'PRECHECK_RUNNING', detail: 'Wait for it.', context: { precheckId: 'pc_1' } },
    })
  })

  it('says what to do in every language, in English where it is in no other', () => {
    const texts = { en: 'Wait for it.', zh: '请等待。' }
    expect(inEveryLanguage(texts)).toEqual(texts)
    expect(inEveryLanguage('Wait.')).toEqual({ en: 'Wait.', zh: 'Wait.' })
  })

  it('names the instance that it does not know', () => {
    expect(unknownInstance('db1')).toEqual({
      failure: {
        code: 'INSTANCE_NOT_FOUND',
        detail: { en: 'No instance is registered as db1.', zh: '没有注册实例 db1。' },
      },
    })
  })

  it('does so for what was not found only: an empty value is one', () => {
    const missing = unknownInstance('db1')
    expect(found(null, missing)).toBe(missing)
    expect([found('', missing), found(0, missing)]).toEqual([{ value: '' }, { value: 0 }])
  })
})

describe('what follows a result', () => {
  it('goes on with its value', () => {
    expect(andThen({ value: 2 }, (value) => value + 1)).toBe(3)
  })

  it('is not done after a failure, which stays what it is', () => {
    const next = vi.fn<() => void>()
    const declined = unknownInstance('db1')
    expect(andThen(declined, next)).toBe(declined)
    expect(next).not.toHaveBeenCalled()
  })
})

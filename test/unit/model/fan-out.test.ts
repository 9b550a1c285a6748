import { expect, it } from 'vitest'
import { FanOut } from '../../../shared/model/fan-out.ts'

it.each([
  ['item', true],
  ['essential', true],
  ['session', true],
  ['precheck', false],
])('a precheck fans out by %j: %s', (mode, isMode) => {
  expect(FanOut.safeParse(mode).success).toBe(isMode)
})

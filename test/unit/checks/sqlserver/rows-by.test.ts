import { expect, it } from 'vitest'
import { rowsBy } from '../../../../shared/checks/sqlserver/rows-by.ts'

it('looks up every row of a key, in their order, time and again', () => {
  const byId = rowsBy(({ id }: { readonly id: number; readonly name: string }) => id)
  const rows = [
    { id: 5, name: 'one' },
    { id: 6, name: 'other' },
    { id: 5, name: 'two' },
  ]
  const namesOf = (key: number) => byId(rows, key).map(({ name }) => name)
  expect([namesOf(5), namesOf(6), namesOf(7), namesOf(5)]).toEqual([
    ['one', 'two'],
    ['other'],
    [],
    ['one', 'two'],
  ])
  expect(byId([{ id: 5, name: 'of another list' }], 5)).toHaveLength(1)
  expect(byId(null, 5)).toEqual([])
})

import { expect, it } from 'vitest'
import { inParallel } from '../../../../shared/flows/sweeps/in-parallel.ts'

const numbers = Array.from({ length: 20 }, (_, index) => index)

it('does the work for every item once, with so many under way as it may', async () => {
  const done: number[] = []
  let underWay = 0
  let most = 0
  await inParallel(6, numbers, async (number) => {
    underWay += 1
    most = Math.max(most, underWay)
    await new Promise((resolve) => {
      setImmediate(resolve)
    })
    underWay -= 1
    done.push(number)
  })
  expect(done.toSorted((one, other) => one - other)).toEqual(numbers)
  expect(most).toBe(6)
})

it('does the rest when one fails, and tells what became of each, in order', async () => {
  const results = await inParallel(2, numbers, async (number, index) => {
    // Later ones end first.
    await new Promise((resolve) => {
      setTimeout(resolve, number % 3)
    })
    if (number % 5 === 3) throw new Error(`item ${number}`)
    return number * 100 + index
  })
  const told = results.map((result) =>
    result.status === 'fulfilled' ? result.value : (result.reason as Error).message,
  )
  expect(told).toEqual(numbers.map((number) => (number % 5 === 3 ? `item ${number}` : number * 101)))
})

it('has nothing to do for nobody', async () => {
  expect(await inParallel(2, [], () => Promise.reject(new Error('called')))).toEqual([])
})

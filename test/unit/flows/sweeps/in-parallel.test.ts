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

it('does the rest when one fails, and then fails as the first one did', async () => {
  const tried: number[] = []
  const work = inParallel(2, numbers, async (number) => {
    tried.push(number)
    if (number % 5 === 3) throw new Error(`item ${number}`)
  })
  await expect(work).rejects.toThrow('item 3')
  expect(tried).toHaveLength(20)
})

it('has nothing to do for nobody', async () => {
  await expect(inParallel(2, [], () => Promise.reject(new Error('called')))).resolves.toBeUndefined()
})

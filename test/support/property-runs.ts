const factor = Number(process.env['PRECHECK_TEST_RUNS'] ?? 1)

/** How often a property is tried: so many times, by as many times more or fewer as `PRECHECK_TEST_RUNS` says (`npm run test:full`, `npm run mutation`). */
export const propertyRuns = (count: number): number => Math.ceil(count * factor)

/** Whether everything runs (`npm run test:full`), or what shows the same in less time. */
export const runsAll = factor > 1

/** How far a walk over every step goes at once: so far, or, by `npm run test:full`, one by one. */
export const stride = (count: number): number => (runsAll ? 1 : count)

/** So many of a list, spread over all of it; the whole list by `npm run test:full`. */
export const someOf = <Item>(all: readonly Item[], count: number): readonly Item[] => {
  const step = runsAll ? 1 : Math.max(1, Math.ceil(all.length / count))
  return all.filter((_, index) => index % step === 0)
}

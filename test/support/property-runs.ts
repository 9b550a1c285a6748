const factor = Number(process.env['PRECHECK_TEST_RUNS'] ?? 1)

/** How often a property is tried: so many times, and as many times more as `PRECHECK_TEST_RUNS` says (`npm run test:full`). */
export const propertyRuns = (count: number): number => count * factor

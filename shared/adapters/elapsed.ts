/** Whole ms since a reading of the clock of this process (`performance.now`). */
export const msSince = (at: number): number => Math.round(performance.now() - at)

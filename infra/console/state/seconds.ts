/** Moments are seconds since 1970 in all of the console. `time`: UTC, ISO 8601. */
export const secondsOf = (time: string): number => Math.floor(Date.parse(time) / 1000)

export const nowInSeconds = (): number => Math.floor(Date.now() / 1000)

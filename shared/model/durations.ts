/** Lengths of time in ms. Days on a wall clock may be longer or shorter: local-time.ts steps over those. */
export const msPerSecond = 1000
export const msPerMinute = 60 * msPerSecond
export const msPerHour = 60 * msPerMinute
export const msPerDay = 24 * msPerHour

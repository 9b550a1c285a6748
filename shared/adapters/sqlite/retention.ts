/** How long prechecks, sweeps with their entries, and deliveries can be read, ms: 180 days. */
const retentionMs = 180 * 24 * 60 * 60 * 1000

/** The time (ms since 1970) before which nothing need be kept at `now` (UTC). */
export const keptSince = (now: string): number => Date.parse(now) - retentionMs

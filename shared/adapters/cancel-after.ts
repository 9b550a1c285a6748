/** How long a server has to stop a statement when told to, ms; of a short limit, a share. */
const maxObeyMs = 2000
const obeyShare = 0.25

/** Tells a server to stop a statement so early that it can obey within the limit, ms. The timer is for the caller to clear. */
export const cancelAfter = (limitMs: number, cancel: () => void): NodeJS.Timeout =>
  setTimeout(cancel, limitMs - obeyMs(limitMs))

/** Of a limit, the time for the server to obey, ms. */
export const obeyMs = (limitMs: number): number => Math.min(maxObeyMs, limitMs * obeyShare)

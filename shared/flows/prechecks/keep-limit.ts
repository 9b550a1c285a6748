import type { Problem } from '../../checks/problems/problem.ts'

/** By this much, ms, the limit of what is asked comes before the net below it, since it knows what it was waiting for. */
const graceMs = 100

const faultOf = (cause: unknown): Problem => ({
  code: 'PROBE_FAILED',
  params: { detail: cause instanceof Error ? cause.name : 'unknown error' },
})

/**
 * What a promise comes to within its limit, else why it came to nothing. What is asked keeps its own limit; this is the
 * net below it, which falls a little later. Never rejects.
 */
export const within = <Outcome>(
  limitMs: number,
  asked: Promise<Outcome>,
): Promise<Outcome | { readonly problem: Problem }> =>
  new Promise((resolve) => {
    const timer = setTimeout(
      () => resolve({ problem: { code: 'TIME_LIMIT_REACHED', params: { limitMs } } }),
      limitMs + graceMs,
    )
    asked.then(
      (outcome) => {
        clearTimeout(timer)
        return resolve(outcome)
      },
      (cause: unknown) => {
        clearTimeout(timer)
        return resolve({ problem: faultOf(cause) })
      },
    )
  })

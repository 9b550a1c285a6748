import type { Problem } from '../../checks/framework/problem.ts'

/** By this much, ms, the limit of what is asked comes before the net below it, since it knows what it was waiting for. */
const graceMs = 100

/**
 * What a promise comes to within its limit, else why it came to nothing. What is asked keeps its own limit; this is the
 * net below it, which falls a little later.
 */
export const within = async <Outcome>(
  limitMs: number,
  asked: Promise<Outcome>,
): Promise<Outcome | { readonly problem: Problem }> => {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<{ readonly problem: Problem }>((resolve) => {
    timer = setTimeout(
      () => resolve({ problem: { code: 'TIME_LIMIT_REACHED', params: { limitMs } } }),
      limitMs + graceMs,
    )
  })
  try {
    return await Promise.race([asked, limit])
  } catch (cause) {
    const detail = cause instanceof Error ? cause.name : 'unknown error'
    return { problem: { code: 'PROBE_FAILED', params: { detail } } }
  } finally {
    clearTimeout(timer)
  }
}

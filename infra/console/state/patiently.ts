import type { Answer } from './api.ts'

/** Until a request that came too soon for the service is sent again, ms. */
const pauseMs = 5000

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Sends a request, and again while the service says that it has been sent too many (429) and somebody wants it. */
export const patiently = async <Body>(
  send: () => Promise<Answer<Body>>,
  isWanted: () => boolean,
): Promise<Answer<Body>> => {
  const answer = await send()
  if (answer.kind !== 'problem' || answer.problem.status !== 429) return answer
  await pause(pauseMs)
  return isWanted() ? patiently(send, isWanted) : answer
}

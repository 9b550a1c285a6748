import * as z from 'zod'

/** Suspects that run at a time: each has a thread of its own. */
const maxAlone = 2

/** Of a message, what is suspected: this item, these items together, or the validation, of this instance. */
const Subject = z.object({
  checkItem: z.string().default('validation'),
  target: z.object({ instanceId: z.string() }),
})

/** What a message is about, among all that is checked. */
export const subjectOf = (body: string): string => {
  const { checkItem, target } = Subject.parse(JSON.parse(body))
  return `${target.instanceId} ${checkItem}`
}

/** Messages of check items that blocked or ended a thread, by what they are about: later ones run alone. */
export interface Suspects {
  readonly has: (body: string) => boolean
  readonly count: () => number
  readonly add: (body: string) => void
  /** Runs one of them when there is room; it is no suspect any more once it ends well. */
  readonly runAlone: <End>(body: string, run: () => Promise<End>) => Promise<End>
}

/** Nobody is suspect at first. */
export const noSuspects = (): Suspects => {
  const known = new Set<string>()
  const waiting: (() => void)[] = []
  let running = 0

  const enter = async (): Promise<void> => {
    if (running >= maxAlone) await new Promise<void>((resolve) => waiting.push(resolve))
    running += 1
  }
  const leave = (): void => {
    running -= 1
    waiting.shift()?.()
  }

  return {
    // Nearly always there are none, and then no message need be read for it.
    has: (body) => known.size > 0 && known.has(subjectOf(body)),
    count: () => known.size,
    add: (body) => void known.add(subjectOf(body)),
    runAlone: async (body, run) => {
      await enter()
      try {
        const end = await run()
        known.delete(subjectOf(body))
        return end
      } finally {
        leave()
      }
    },
  }
}

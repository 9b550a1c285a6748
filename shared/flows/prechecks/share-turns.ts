import { setImmediate as nextTurn } from 'node:timers/promises'

/** For so long, ms, work that waits for nothing may go on in one turn of the event loop. */
const maxTurnMs = 5

/** When that is over in this turn; null: nobody has asked in it. */
let endsAt: number | null = null

const turnIsOver = (): void => {
  endsAt = null
}

/**
 * Lets the others in this process have their turn if it is time to: to be called between two pieces of work that wait
 * for nothing. Who gave way after every piece would end no sooner than all who are at work at the same time; so the
 * first ends first, and what follows from it begins while the others go on.
 */
export const shareTurns = async (): Promise<void> => {
  const now = performance.now()
  if (endsAt === null) {
    endsAt = now + maxTurnMs
    setImmediate(turnIsOver)
  }
  if (now >= endsAt) await nextTurn()
}

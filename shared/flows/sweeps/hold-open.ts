import type { Sweep } from '../../model/sweep.ts'
import type { Sweeps } from '../../ports/sweeps.ts'

/** Few write a sweep at a time. More rounds than this mean that something is wrong. */
const maxRounds = 16

/**
 * Makes sure that a sweep is there and runs, and writes it in any case: whoever read it before and means to complete it
 * is refused then. Called before entries are added, so that they are found, and afterwards, so that none is added
 * unseen to a sweep that is completed meanwhile. One that was completed keeps that time: its completion is one event,
 * and told once.
 */
export const holdOpen = async ({ sweeps }: { readonly sweeps: Sweeps }, sweep: Sweep): Promise<void> => {
  for (let round = 0; round < maxRounds; round += 1) {
    const stored = await sweeps.get(sweep.id)
    const { troubled: _, ...known } = stored?.document ?? sweep
    const open: Sweep = { ...known, state: 'running', counts: null }
    if (await sweeps.put(open, stored?.revision ?? 0)) return
  }
  throw new Error(`Sweep ${sweep.id} kept changing under ${maxRounds} attempts to write it`)
}

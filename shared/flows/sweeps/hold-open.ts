import type { Sweep } from '../../model/sweep.ts'
import type { SweepDeps } from './sweep-round.ts'

/**
 * Makes sure that a sweep is there and runs, and writes it in any case: whoever read it before and means to complete it
 * is refused then. Called before entries are added, so that they are found, and afterwards, so that none is added
 * unseen to a sweep that is completed meanwhile. One that was completed keeps that time: its completion is one event,
 * and announced once.
 */
export const holdOpen = async (
  { sweeps, log }: Pick<SweepDeps, 'sweeps' | 'log'>,
  sweep: Sweep,
): Promise<void> => {
  const isNew = await sweeps.update(sweep.id, (known) => {
    const { troubled: _, ...kept } = known ?? sweep
    return { put: { ...kept, state: 'running', counts: null }, value: known === null }
  })
  if (isNew) log.info('sweep.started', { sweep: sweep.id, kind: sweep.kind })
}

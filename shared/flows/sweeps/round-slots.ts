import { type Deadline, deadlineIn, leftUntil } from '../../model/deadline.ts'
import type { HostSlots, SharedHost, SlotHolder } from '../../model/host-slots.ts'
import { type Stored, overtaken, untilWritten } from '../../ports/documents.ts'
import type { HostSlotsStore } from '../../ports/host-slots.ts'
import type { Results } from '../../ports/results.ts'
import { type Clocks, momentOf } from '../../ports/steady-clock.ts'

interface Deps extends Clocks {
  readonly hostSlots: Pick<HostSlotsStore, 'get' | 'put'>
  readonly results: Pick<Results, 'get'>
}

/** The slots of the hosts as one round takes them. */
export interface RoundSlots {
  /**
   * Takes a slot for a precheck that is about to start, or renews the one that it has. The precheck must end by the
   * deadline that this gives: then the slot is free again, whatever became of it. Null: all of the host are taken, and
   * are for the rest of the round.
   */
  readonly take: (host: SharedHost, precheckId: string) => Promise<Deadline | null>
  /** Gives back the slot of a precheck that was not started after all. */
  readonly giveBack: (host: SharedHost, precheckId: string) => Promise<void>
}

/** What a round knows of a host. */
interface Known {
  /** Left out: it has to be read. */
  readonly stored?: Stored<HostSlots> | null
  readonly isFull: boolean
}

/** Does work under a key when all that came before under the same key is done. */
const takingTurns = () => {
  const turns = new Map<string, Promise<unknown>>()
  return <Value>(key: string, work: () => Promise<Value>): Promise<Value> => {
    const turn = (turns.get(key) ?? Promise.resolve()).then(work)
    // What failed is told to whoever asked for it.
    turns.set(
      key,
      turn.catch(() => undefined),
    )
    return turn
  }
}

/** The holders whose prechecks have not ended; one that is not stored is about to start. */
const stillRunning = async (
  { results }: Pick<Deps, 'results'>,
  holders: readonly SlotHolder[],
): Promise<readonly SlotHolder[]> => {
  const found = await Promise.all(holders.map(({ precheckId }) => results.get(precheckId)))
  return holders.filter((_, index) => found[index]?.precheck.state !== 'completed')
}

/**
 * Slots on documents that are read once in a round: takers of one host wait for each other, and each goes on from what
 * the one before has written. Nobody gives a slot back when its precheck ends: where all are taken, the prechecks of
 * the holders are looked at. `perHost`: slots of a host; 0: no limit, and no document. `deadlineMs`: time of a
 * precheck.
 */
export const roundSlots = (deps: Deps, perHost: number, deadlineMs: number): RoundSlots => {
  const known = new Map<string, Known>()
  const inTurn = takingTurns()

  const readSlots = async (id: string): Promise<Stored<HostSlots> | null> => {
    const { stored } = known.get(id) ?? {}
    return stored === undefined ? deps.hostSlots.get(id) : stored
  }

  const writeSlots = async (
    id: string,
    holders: readonly SlotHolder[],
    revision: number,
  ): Promise<boolean> => {
    // Whoever fails here does not know what is written.
    known.delete(id)
    const document = { id, holders: [...holders] }
    const isWritten = await deps.hostSlots.put(id, document, revision)
    if (isWritten) known.set(id, { stored: { document, revision: revision + 1 }, isFull: false })
    return isWritten
  }

  const takeOnce = async (id: string, precheckId: string): Promise<Deadline | null | typeof overtaken> => {
    const stored = await readSlots(id)
    const moment = momentOf(deps)
    const others = (stored?.document.holders ?? []).filter(
      (holder) => holder.precheckId !== precheckId && leftUntil(holder, moment) > 0,
    )
    const busy = others.length < perHost ? others : await stillRunning(deps, others)
    if (busy.length >= perHost) {
      known.set(id, { stored, isFull: true })
      return null
    }
    const deadline = deadlineIn(deadlineMs, moment)
    const isWritten = await writeSlots(id, [...busy, { precheckId, ...deadline }], stored?.revision ?? 0)
    return isWritten ? deadline : overtaken
  }

  const giveBackOnce = async (id: string, precheckId: string): Promise<typeof overtaken | undefined> => {
    const stored = await readSlots(id)
    if (!stored) return undefined
    const others = stored.document.holders.filter((holder) => holder.precheckId !== precheckId)
    return (await writeSlots(id, others, stored.revision)) ? undefined : overtaken
  }

  return {
    take: async ({ id }, precheckId) => {
      if (perHost === 0) return deadlineIn(deadlineMs, momentOf(deps))
      return inTurn(id, async () =>
        known.get(id)?.isFull ? null : untilWritten(id, () => takeOnce(id, precheckId)),
      )
    },
    giveBack: async ({ id }, precheckId) => {
      if (perHost === 0) return
      await inTurn(id, () => untilWritten(id, () => giveBackOnce(id, precheckId)))
    },
  }
}

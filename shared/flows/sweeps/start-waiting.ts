import type { Sweep, SweepEntry } from '../../model/sweep.ts'
import type { Stored } from '../../ports/documents.ts'
import { hindered, hindranceOf, notRun } from './hindrance.ts'
import { inParallel } from './in-parallel.ts'
import { isMissed } from './latest-start.ts'
import { replaceEntry, startInSlot } from './start-entry.ts'
import {
  type RoundFault,
  type RoundLimits,
  type RoundWork,
  type SweepRound,
  attemptPart,
  isOver,
  widthOfRound,
} from './sweep-round.ts'

/** An entry that waits, and in what kind of sweep. */
export interface WaitingEntry {
  readonly kind: Sweep['kind']
  readonly entry: Stored<SweepEntry>
}

/** After this time it is too late for an entry, ms since 1970. */
const latestOf = ({ entry: { document } }: WaitingEntry): number =>
  Date.parse(document.waiting?.until ?? document.dueAt)

/** What became of an entry whose turn it was. `held`: its host has no slot, so that nobody behind it needs to ask for one. */
type Turn = 'started' | 'held' | 'done'

/** Ends a wait that has lasted too long: for a slot, or since nobody was there at the end of a maintenance window. */
const giveUp = async (round: SweepRound, waiting: WaitingEntry): Promise<Turn> => {
  const { entry } = waiting
  const reason = entry.document.waiting?.reason
  const latestAt = new Date(latestOf(waiting)).toISOString()
  const why = reason?.code === 'HOST_BUSY' ? reason : notRun('WINDOW_MISSED', { latestAt })
  await replaceEntry(round, entry, hindered(entry.document, { notRun: why }, round.now()))
  return 'done'
}

const takeTurn = async (round: SweepRound, waiting: WaitingEntry): Promise<Turn> => {
  const { kind, entry } = waiting
  const instance = (await round.instances.get(entry.document.instanceId))?.document ?? null
  const latestAt = latestOf(waiting)
  const hindrance = hindranceOf(round, kind, instance, latestAt)
  if (hindrance) await replaceEntry(round, entry, hindered(entry.document, hindrance, round.now()))
  if (hindrance || !instance) return 'done'
  return (await startInSlot(round, kind, entry, instance, latestAt)) ? 'started' : 'held'
}

const orderOf = ({ entry: { document } }: WaitingEntry): string => `${document.dueAt} ${document.instanceId}`

/** Those that may be started now, by the slots that they wait for, who was due first in front. */
const queuesOf = (waiting: readonly WaitingEntry[], now: Date): readonly (readonly WaitingEntry[])[] => {
  const queues = new Map<string, WaitingEntry[]>()
  for (const each of waiting.toSorted((one, other) => (orderOf(one) < orderOf(other) ? -1 : 1))) {
    const { hostId = '', from } = each.entry.document.waiting ?? {}
    if (from !== undefined && Date.parse(from) > now.getTime()) continue
    const queue = queues.get(hostId)
    if (queue) queue.push(each)
    else queues.set(hostId, [each])
  }
  return [...queues.values()]
}

/** Starts what waits, as far as there are slots, room and time, before anything that has become due since. */
export const startWaiting = async (
  round: SweepRound,
  { endsAt, room }: RoundLimits,
  waiting: readonly WaitingEntry[],
): Promise<RoundWork> => {
  const faults: RoundFault[] = []
  let left = room

  const goThrough = async (queue: readonly WaitingEntry[]): Promise<void> => {
    let isHeld = false
    for (const each of queue) {
      if (isOver(round, endsAt)) return
      const isTooLate = isMissed(latestOf(each), round.now())
      if (!isTooLate && (isHeld || left <= 0)) continue
      // What is under way takes room until it is known whether it was started.
      left -= 1
      const at = each.entry.document.instanceId
      const turn = await attemptPart(at, () => (isTooLate ? giveUp(round, each) : takeTurn(round, each)))
      if ('fault' in turn) {
        faults.push(turn.fault)
        continue
      }
      if (turn.value !== 'started') left += 1
      isHeld ||= turn.value === 'held'
    }
  }

  await inParallel(widthOfRound, queuesOf(waiting, round.now()), goThrough)
  return { started: room - left, faults }
}

import { needsMemory } from '../../checks/memory/catalogue.ts'
import {
  completePrecheck,
  lastsMs,
  missingItems,
  recordResults,
  type RunningPrecheck,
  withoutDetails,
  withoutLargestResult,
} from '../../model/precheck.ts'
import type { ItemResult } from '../../model/item-result.ts'
import type { ItemMessage, PrecheckMessage, ResultMessage } from '../../model/queue-messages.ts'
import type { PreviousResult } from '../../model/comparison.ts'
import { leftUntil } from '../../model/deadline.ts'
import type { Log } from '../../ports/log.ts'
import type { Queue } from '../../ports/queue.ts'
import { overtaken, untilWritten } from '../../ports/documents.ts'
import { type Clocks, momentOf } from '../../ports/steady-clock.ts'
import type { Protections } from '../../ports/protections.ts'
import type { ReplicaHistories } from '../../ports/replica-histories.ts'
import { DocumentTooLarge, type Results } from '../../ports/results.ts'
import {
  type AnnounceDeps,
  type AnnouncePrecheck,
  announcingPrechecks,
} from '../../webhooks/delivery/announce.ts'
import { keepProtection } from './keep-protection.ts'
import { type Ended, completeLarge, isLarge } from './complete-large.ts'
import { mergeReplicas } from './merge-replicas.ts'
import { type Recollection, type RememberDeps, recollect } from './remember.ts'
import { resultMessage } from './send-result.ts'

interface CollectDeps extends Clocks, RememberDeps {
  readonly results: Pick<Results, 'get' | 'advance' | 'complete' | 'previous' | 'putPages' | 'getPage'>
  readonly protections: Pick<Protections, 'update'>
  readonly replicaHistories: Pick<ReplicaHistories, 'list' | 'update'>
  readonly resultQueue: Queue<ResultMessage>
  readonly log: Log
}

type Deps = CollectDeps & { readonly announce: AnnouncePrecheck }

/** Messages that concern one precheck, delivered together. */
interface Arrival {
  readonly precheckId: string
  readonly messages: readonly PrecheckMessage[]
}

const byPrecheck = (messages: readonly PrecheckMessage[]): Arrival[] => {
  const arrivals = new Map<string, PrecheckMessage[]>()
  for (const message of messages) {
    const known = arrivals.get(message.precheckId)
    if (known) known.push(message)
    else arrivals.set(message.precheckId, [message])
  }
  return [...arrivals].map(([precheckId, own]) => ({ precheckId, messages: own }))
}

/** Writes a precheck, or what there is room for of it: the largest results are given up first. */
const writeFitting = async (
  precheck: RunningPrecheck,
  write: (fitting: RunningPrecheck) => Promise<boolean>,
): Promise<boolean> => {
  try {
    return await write(precheck)
  } catch (fault) {
    const smaller = fault instanceof DocumentTooLarge ? withoutLargestResult(precheck) : null
    if (!smaller) throw fault
    return writeFitting(smaller, write)
  }
}

/** The result that a message brings, after its pages are stored; one for whose pages there is no room is an error. */
const stored = async (
  { results }: Deps,
  { precheckId, result, pages = [] }: ItemMessage,
): Promise<ItemResult> => {
  try {
    const unpacked = pages.map(({ name, packed }) => ({ name, packed: Buffer.from(packed, 'base64') }))
    await results.putPages(precheckId, unpacked)
    return result
  } catch (fault) {
    if (fault instanceof DocumentTooLarge) return withoutDetails(result)
    throw fault
  }
}

/** Adds what an arrival brings to a precheck. Pages are stored before anything names them. */
const record = async (
  deps: Deps,
  precheck: RunningPrecheck,
  { messages }: Arrival,
): Promise<RunningPrecheck> => {
  const results: ItemResult[] = []
  for (const message of messages) {
    if (message.kind === 'result') results.push(message.pages ? await stored(deps, message) : message.result)
  }
  return recordResults(precheck, results)
}

/** Ends a precheck in memory. */
const ending = async (
  { results }: Deps,
  precheck: RunningPrecheck,
  previous: PreviousResult | null,
  now: Date,
): Promise<Ended> => {
  if (isLarge(precheck, previous)) return completeLarge(results, precheck, previous, now)
  const completed = completePrecheck(precheck, previous, now)
  return { completed, shown: completed }
}

/** A precheck with the results of the items that need the memory of its instance, as far as they are to be judged now. */
const withRecollection = async (
  deps: Deps,
  precheck: RunningPrecheck,
  { results }: Recollection,
): Promise<RunningPrecheck> => {
  const messages = await Promise.all(results.map((result) => resultMessage(precheck.id, result)))
  return record(deps, precheck, { precheckId: precheck.id, messages })
}

/** Has webhooks told and writes the end of a precheck, compared with the last result before it; tells whether this writer was the one. */
const end = async (
  deps: Deps,
  precheck: RunningPrecheck,
  revision: number,
  endedBy: 'results' | 'deadline',
): Promise<boolean> => {
  const previous = await deps.results.previous(precheck.instanceId)
  const now = deps.now()
  const merged = await mergeReplicas(deps.replicaHistories, precheck, now)
  const recollection = await recollect(deps, merged, now)
  const remembering = await withRecollection(deps, merged, recollection)
  return writeFitting(remembering, async (fitting) => {
    const { completed, shown } = await ending(deps, fitting, previous, now)
    // First, since nobody would do it after a crash: whom it concerns waits until the end is written.
    await Promise.all([deps.announce(shown), keepProtection(deps.protections, completed)])
    const isMine = await deps.results.complete(completed, revision)
    if (isMine) {
      deps.log.info('precheck.completed', {
        precheck: completed.id,
        instance: completed.instanceId,
        outcome: completed.outcome,
        endedBy,
        ms: Math.round(lastsMs(precheck) - leftUntil(precheck, momentOf(deps))),
      })
      await recollection.keep()
    }
    return isMine
  })
}

/** Applies an arrival to the stored precheck once, unless another writer comes first. */
const applyOnce = async (deps: Deps, arrival: Arrival): Promise<typeof overtaken | undefined> => {
  const found = await deps.results.get(arrival.precheckId)
  // Without a precheck the deadline of a refused start arrived; after its end, a late or repeated message.
  if (found?.precheck.state !== 'running') return undefined

  const { precheck, revision } = found
  const recorded = await record(deps, precheck, arrival)
  const deadline = arrival.messages.find((message) => message.kind === 'deadline')
  // A delayed message may come early when clocks differ.
  const remainingMs = leftUntil(precheck, momentOf(deps))
  const isDue = deadline !== undefined && remainingMs <= 0
  const isWhole = missingItems(recorded).every(needsMemory)
  if (isDue || isWhole) {
    if (!(await end(deps, recorded, revision, isWhole ? 'results' : 'deadline'))) return overtaken
  } else if (recorded !== precheck) {
    const advance = (fitting: RunningPrecheck) => deps.results.advance(fitting, revision)
    if (!(await writeFitting(recorded, advance))) return overtaken
  }
  if (deadline && !isDue) {
    await deps.resultQueue.send([deadline], { delaySeconds: Math.ceil(remainingMs / 1000) })
  }
  return undefined
}

/**
 * Records results and ends prechecks. Every write is conditional on the revision that was read, so that of several
 * collectors exactly one records each result and exactly one ends the precheck. Rejects if a write failed; all of it
 * may be repeated.
 */
export const collectResults = async (
  given: CollectDeps & AnnounceDeps,
  messages: readonly PrecheckMessage[],
): Promise<void> => {
  const deps = { announce: announcingPrechecks(given), ...given }
  await Promise.all(
    byPrecheck(messages).map((arrival) => untilWritten(arrival.precheckId, () => applyOnce(deps, arrival))),
  )
}

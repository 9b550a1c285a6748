import type { RunningPrecheck } from '../../model/precheck.ts'
import type { Creation, RepeatableRequest, Results } from '../../ports/results.ts'
import { dropHistoryEntry, newHistoryEntry, readHistory } from './history-row.ts'
import { claim, readClaim, readLast, readPrevious, readStandings, release, settle } from './latest-row.ts'
import { dropPrecheck, newPrecheck, readPrecheck, replacePrecheck } from './precheck-row.ts'
import { findRepeated, noteRequest, repeatOf } from './request-row.ts'
import { toColumn } from './stored-document.ts'
import type { TablestoreClient } from './tablestore-client.ts'
import { tablestorePages } from './tablestore-pages.ts'

/** Between two looks at an instance another start may come or go; after more of them than this something is wrong. */
const maxRounds = 16

/**
 * Prechecks, last results and history on Tablestore, where one row is written whole or not at all and nothing holds two
 * of them together. The row of a precheck alone decides what it is; the row of its instance names the one that runs,
 * and follows. A process may die after any of the writes below, which is why they come in this order:
 *
 * `create` writes the precheck and its place in the history (one request), then claims the instance, then notes the
 * request, if it has a key. Ended before the claim, it leaves a precheck that nobody was told of: its deadline message
 * ends it, and it is never a last result. Ended before the note, the precheck runs, ends by its deadline, and answers
 * repeats of its request as long as it runs. A refused start removes what it wrote.
 *
 * `create` of a precheck that is there already writes nothing of it: it goes on where the first attempt ended. One that
 * has completed is not claimed for; of one that completed between the look and the claim the claim is taken back. Its
 * place in the history is that of the first attempt, which may have written it or not: it is written again, and the
 * place that this attempt took is removed. Ended before that, there is a place too many, which nobody sees, for it has
 * another time than its precheck.
 *
 * `complete` ends the precheck, which happens once, then frees the instance and replaces its last result in one write.
 * Ended in between, the instance names a precheck that has ended: whoever meets this (`create`, `last`, another
 * `complete`) does the second write first, so that nobody sees the difference, and doing it twice changes nothing.
 */
export const tablestoreResults = (client: TablestoreClient): Results => {
  /** Frees an instance of a precheck that runs no more, and tells whether it did. */
  const settleEnded = async (instanceId: string, precheckId: string): Promise<boolean> => {
    const row = await readPrecheck(client, precheckId)
    if (row === null) await release(client, instanceId, precheckId)
    else if (row.precheck.state === 'completed') await settle(client, row.precheck, row.document)
    else return false
    return true
  }

  /** Claims the instance for a new precheck, or tells what is in the way. */
  const claimFor = async (
    precheck: RunningPrecheck,
    request: RepeatableRequest | null,
  ): Promise<Creation> => {
    for (let round = 0; round < maxRounds; round += 1) {
      if ((await claim(client, precheck, request)) === 'written') return { kind: 'created' }
      const claimed = await readClaim(client, precheck.instanceId)
      if (claimed?.precheckId === precheck.id) return { kind: 'created' }
      if (claimed === null) continue
      if (request && claimed.request?.key === request.key)
        return repeatOf(request, claimed.precheckId, claimed.request.requestHash)
      if (!(await settleEnded(precheck.instanceId, claimed.precheckId)))
        return { kind: 'running', precheckId: claimed.precheckId }
    }
    throw new Error(
      `The instance ${precheck.instanceId} kept changing under ${maxRounds} attempts to claim it`,
    )
  }

  /** Lets a precheck that is written run, and notes its request. */
  const begin = async (precheck: RunningPrecheck, request: RepeatableRequest | null): Promise<Creation> => {
    const claimed = await claimFor(precheck, request)
    if (claimed.kind !== 'created' || request === null) return claimed
    const earlier = await noteRequest(client, precheck, request)
    if (earlier) await release(client, precheck.instanceId, precheck.id)
    return earlier ?? claimed
  }

  /** Lets a precheck run that is written; a refused start removes it. */
  const beginOrDrop = async (
    precheck: RunningPrecheck,
    request: RepeatableRequest | null,
  ): Promise<Creation> => {
    const creation = await begin(precheck, request)
    if (creation.kind !== 'created')
      await client.batchWriteRow([dropPrecheck(precheck.id), dropHistoryEntry(precheck)])
    return creation
  }

  /** Goes on with a precheck that was there before this attempt to create it. */
  const resume = async (attempt: RunningPrecheck, request: RepeatableRequest | null): Promise<Creation> => {
    const row = await readPrecheck(client, attempt.id)
    if (row === null) throw new Error(`The precheck ${attempt.id} was removed while it was created again`)
    const { precheck } = row
    if (Date.parse(precheck.startedAt) !== Date.parse(attempt.startedAt)) {
      await client.batchWriteRow([newHistoryEntry(precheck)])
      await client.batchWriteRow([dropHistoryEntry(attempt)])
    }
    const creation: Creation =
      precheck.state === 'running' ? await beginOrDrop(precheck, request) : { kind: 'created' }
    if (creation.kind === 'created') await settleEnded(precheck.instanceId, precheck.id)
    return creation
  }

  return {
    ...tablestorePages(client),

    create: async (precheck, request) => {
      const known = request && (await findRepeated(client, precheck.instanceId, request))
      if (known) return known
      const rows = [newPrecheck(precheck, await toColumn(precheck)), newHistoryEntry(precheck)]
      const [isNew] = await client.batchWriteRow(rows)
      return isNew ? beginOrDrop(precheck, request) : resume(precheck, request)
    },

    get: async (precheckId) => {
      const row = await readPrecheck(client, precheckId)
      return row && { precheck: row.precheck, revision: row.revision }
    },

    advance: async (precheck, revision) =>
      replacePrecheck(client, precheck, revision, await toColumn(precheck)),

    complete: async (precheck, revision) => {
      const document = await toColumn(precheck)
      const isWritten = await replacePrecheck(client, precheck, revision, document)
      if (isWritten) await settle(client, precheck, document)
      else await settleEnded(precheck.instanceId, precheck.id)
      return isWritten
    },

    last: async (instanceId) => {
      const { last, runningId } = await readLast(client, instanceId)
      if (runningId === null || !(await settleEnded(instanceId, runningId))) return last
      return (await readLast(client, instanceId)).last
    },

    previous: (instanceId) => readPrevious(client, instanceId),

    standings: (page) => readStandings(client, page),

    history: (instanceId, page) => readHistory(client, instanceId, page),
  }
}

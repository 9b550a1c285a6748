import * as z from 'zod'
import { inParallel, valuesOf } from '../../../shared/flows/sweeps/in-parallel.ts'
import { kinds } from '../fleet/kinds.ts'
import { type Change, mergePatchTo } from '../fleet/plan.ts'
import { type Access, type ApiRequest, send } from './client.ts'
import { CommandFailed } from './command-failed.ts'
import { addressOf } from './stored-fleet.ts'

/** Requests at a time: the service writes what comes together to disk at once. */
const width = 16

/** A change, and why it could not be made; null: it was. */
export interface Applied {
  readonly change: Change
  readonly fault: CommandFailed | null
}

const writing = (change: Exclude<Change, { readonly action: 'remove' }>): ApiRequest => {
  const { action, kind, name, definition: body } = change
  if (action === 'create') {
    return kind === 'webhook'
      ? { method: 'POST', path: '/v1/webhooks', body }
      : { method: 'PUT', path: addressOf(kind, name), body, revision: 0 }
  }
  const { path, revision, definition } = change.stored
  return kind === 'webhook'
    ? { method: 'PATCH', path, revision, body: mergePatchTo(definition, body) }
    : { method: 'PUT', path, revision, body }
}

/** What makes a change, or has the service say whether it would; null: nothing, since it cannot be refused. */
const requestFor = (change: Change, isDryRun: boolean): ApiRequest | null => {
  if (change.action === 'remove') return isDryRun ? null : { method: 'DELETE', path: change.stored.path }
  const request = writing(change)
  return isDryRun ? { ...request, path: `${request.path}?dryRun=true` } : request
}

const applyOne = async (access: Access, change: Change, isDryRun: boolean): Promise<Applied> => {
  const request = requestFor(change, isDryRun)
  try {
    if (request) await send(access, request, z.unknown())
    return { change, fault: null }
  } catch (fault) {
    if (fault instanceof CommandFailed) return { change, fault }
    throw fault
  }
}

/** Codes of what would meet whatever is sent next as well: it is the service or the token, not what was sent. */
const ofEverything: ReadonlySet<string> = new Set([
  'NO_ANSWER',
  'UNEXPECTED_STATUS',
  'TOKEN_INVALID',
  'SCOPE_MISSING',
])

/** Applies changes of which any number fail; rejects, and begins no further one, where all of them would. */
const applyAll = async (
  access: Access,
  changes: readonly Change[],
  isDryRun: boolean,
): Promise<readonly Applied[]> => {
  let stopping: CommandFailed | null = null
  const work = async (change: Change): Promise<Applied> => {
    if (stopping) throw stopping
    const applied = await applyOne(access, change, isDryRun)
    if (!applied.fault || !ofEverything.has(applied.fault.code)) return applied
    stopping = applied.fault
    throw stopping
  }
  return valuesOf(await inParallel(width, changes, work))
}

const notRemoved = new CommandFailed(
  { en: 'It stays, since something else failed.', zh: '由于其他变更失败，予以保留。' },
  'NOT_REMOVED',
)

/**
 * Makes changes, or tries them: kind by kind, in parallel. One that fails stops no other, except that nothing is
 * removed then. Rejects with `CommandFailed` where the service or the token fails all of them.
 */
export const applyChanges = async (
  access: Access,
  changes: readonly Change[],
  isDryRun: boolean,
): Promise<Applied[]> => {
  const applied: Applied[] = []
  const written = changes.filter(({ action }) => action !== 'remove')
  const removed = changes.filter(({ action }) => action === 'remove')
  for (const kind of kinds) {
    const own = written.filter((change) => change.kind === kind)
    applied.push(...(await applyAll(access, own, isDryRun)))
  }
  if (applied.some(({ fault }) => fault !== null))
    return [...applied, ...removed.map((change) => ({ change, fault: notRemoved }))]
  return [...applied, ...(await applyAll(access, removed, isDryRun))]
}

import type { CompletedPrecheck } from '../../model/precheck.ts'
import type { Sweep } from '../../model/sweep.ts'
import type { EventSource, NotificationMessage } from '../model/delivery.ts'
import { eventFor, wantsSweep } from '../events/events.ts'
import type { Queue } from '../../ports/queue.ts'
import type { Webhooks } from '../stores.ts'
import { listAll } from '../../ports/documents.ts'

/** What it takes to have webhooks told. */
export interface AnnounceDeps {
  readonly webhooks: Pick<Webhooks, 'list'>
  readonly notifications: Queue<NotificationMessage>
}

/** The end that is announced is written right after; a message that comes before it would have to come again. */
const leadSeconds = 1

const announce = async (
  { notifications }: AnnounceDeps,
  told: readonly { readonly webhookId: string; readonly source: EventSource }[],
): Promise<void> => {
  if (told.length === 0) return
  await notifications.send(
    told.map((each) => ({ ...each, attempts: 0 })),
    { delaySeconds: leadSeconds },
  )
}

/**
 * Has every webhook told that wants to know of a precheck. To be called before its end is written: after a crash
 * between the two, a message finds a precheck that still runs, and waits; the other way round nobody would ever be
 * told.
 */
export const announcePrecheck = async (deps: AnnounceDeps, completed: CompletedPrecheck): Promise<void> => {
  const webhooks = await listAll(deps.webhooks)
  const told = webhooks.flatMap((webhook) => {
    const type = eventFor(webhook, completed)
    if (type === null) return []
    return [{ webhookId: webhook.id, source: { kind: 'precheck', precheckId: completed.id, type } as const }]
  })
  await announce(deps, told)
}

/** Has every webhook told that wants to know of completed sweeps; to be called before the end of this one is written. */
export const announceSweep = async (deps: AnnounceDeps, { id }: Sweep): Promise<void> => {
  const webhooks = await listAll(deps.webhooks)
  const source = { kind: 'sweep', sweepId: id } as const
  await announce(
    deps,
    webhooks.filter(wantsSweep).map((webhook) => ({ webhookId: webhook.id, source })),
  )
}

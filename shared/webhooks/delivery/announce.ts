import type { ShownPrecheck } from '../../model/extract.ts'
import type { Sweep } from '../../model/sweep.ts'
import { type EventSource, NightEventType, type NotificationMessage } from '../model/delivery.ts'
import type { Webhook } from '../model/webhook.ts'
import { eventsFor, wantsNight, wantsSweep } from '../events/events.ts'
import type { Queue } from '../../ports/queue.ts'
import type { Webhooks } from '../stores.ts'
import { listAll } from '../../ports/documents.ts'

/** What it takes to announce an event to webhooks. */
export interface AnnounceDeps {
  readonly webhooks: Pick<Webhooks, 'list'>
  readonly notifications: Queue<NotificationMessage>
}

/** The end that is announced is written right after; a message that comes before it would have to come again. */
const leadSeconds = 1

const announce = async (
  { notifications }: AnnounceDeps,
  deliveries: readonly { readonly webhookId: string; readonly source: EventSource }[],
): Promise<void> => {
  if (deliveries.length === 0) return
  await notifications.send(
    deliveries.map((each) => ({ ...each, attempts: 0 })),
    { delaySeconds: leadSeconds },
  )
}

/** Announces a precheck to every webhook that wants it. */
export type AnnouncePrecheck = (completed: ShownPrecheck) => Promise<void>

/**
 * Announces prechecks that end together, and looks at the webhooks once for all of them. To be called before their ends
 * are written: after a crash between the two, a message finds a precheck that is still running, and waits; the other
 * way round the event would be lost.
 */
export const announcingPrechecks = (deps: AnnounceDeps): AnnouncePrecheck => {
  let listed: ReturnType<typeof listAll<Webhook>> | undefined
  return async (completed) => {
    listed ??= listAll(deps.webhooks)
    const webhooks = await listed
    const deliveries = webhooks.flatMap((webhook) =>
      eventsFor(webhook, completed).map((type) => ({
        webhookId: webhook.id,
        source: { kind: 'precheck', precheckId: completed.id, type } as const,
      })),
    )
    await announce(deps, deliveries)
  }
}

/**
 * Announces a completed sweep to every webhook that wants it. Call it before its end is written. `isMissed`: some of
 * its prechecks did not start in time.
 */
export const announceSweep = async (deps: AnnounceDeps, sweep: Sweep, isMissed: boolean): Promise<void> => {
  const { id: sweepId } = sweep
  const types = NightEventType.options.filter((type) => isMissed || type !== 'precheck.missed')
  const webhooks = await listAll(deps.webhooks)
  const deliveries = webhooks.flatMap((webhook) => {
    const sources: readonly EventSource[] = [
      ...(wantsSweep(webhook) ? [{ kind: 'sweep', sweepId } as const] : []),
      ...types
        .filter((type) => wantsNight(webhook, sweep, type))
        .map((type) => ({ kind: 'night', sweepId, type }) as const),
    ]
    return sources.map((source) => ({ webhookId: webhook.id, source }))
  })
  await announce(deps, deliveries)
}

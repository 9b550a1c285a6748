import type { WebhookEvent } from '../events/event.ts'

/** The event itself. It was made to fit. */
export const jsonBody = (event: WebhookEvent): string => JSON.stringify(event)

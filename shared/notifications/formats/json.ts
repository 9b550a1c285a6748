import type { WebhookEvent } from '../event.ts'

/** The event itself. It was made to fit. */
export const jsonBody = (event: WebhookEvent): string => JSON.stringify(event)

import { type Format, headersOf, secondsOf } from './format.ts'
import { standardSignature } from './signature.ts'

/**
 * The event itself, which was made to fit: CloudEvents 1.0 over HTTP in the structured mode, signed as Standard
 * Webhooks 1.0.0 say. Its receivers answer by their status alone.
 */
export const json: Format = {
  callOf: ({ event, address, secrets, now }) => {
    const body = JSON.stringify(event)
    const timestamp = secondsOf(now)
    return {
      url: address,
      headers: {
        ...headersOf('application/cloudevents+json'),
        'webhook-id': event.id,
        'webhook-timestamp': String(timestamp),
        'webhook-signature': standardSignature(secrets, event.id, timestamp, body),
      },
      body,
    }
  },
  refusalOf: () => null,
}

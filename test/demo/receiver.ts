import { setTimeout as sleep } from 'node:timers/promises'
import { Webhook as Verifier } from 'standardwebhooks'
import * as z from 'zod'
import { type Access, send } from '../../infra/cli/service/client.ts'
import { digestOf } from '../../shared/webhooks/events/digest.ts'
import { WebhookEvent } from '../../shared/webhooks/events/event.ts'
import { type Received, startReceiver } from '../support/receiver.ts'

/** Events come a second after what they tell of; with batches to be filled some more, ms. */
const maxWaitMs = 8000
const pauseMs = 20

const Created = z.looseObject({ secret: z.string() })

const eventLine = ({ headers, body }: Received, secret: string): string => {
  const entries = Object.entries(headers).map(([name, value]) => [name, String(value)] as const)
  const event = WebhookEvent.parse(new Verifier(secret).verify(body, Object.fromEntries(entries)))
  const { title, notes } = digestOf(event, 1)
  return `  ${event.type.padEnd(16)} ${title} (${notes.join(', ')}), signature verified`
}

/** A receiver of webhooks in this process, which the service is to tell of failures and of sweeps. */
export const startDemoReceiver = async (access: Access) => {
  const receiver = await startReceiver()
  const body = { url: `${receiver.url}/hook`, events: ['precheck.failed', 'sweep.completed'] }
  const { secret } = await send(access, { method: 'POST', path: '/v1/webhooks', body }, Created)
  return {
    /** What came, each event in a line, once so many are there or have had time to be; a signature that is wrong throws. */
    told: async (count: number): Promise<string[]> => {
      const until = performance.now() + maxWaitMs
      while (receiver.received.length < count && performance.now() < until) await sleep(pauseMs)
      return receiver.received.map((got) => eventLine(got, secret))
    },
    close: receiver.close,
  }
}

import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { DeliveryBodyView } from '../../../functions/api/resources/webhook-deliveries.ts'
import type { WebhookDelivery } from '../../../shared/webhooks/model/delivery.ts'
import { Awaited } from '../parts/awaited.tsx'
import { Choice } from '../parts/choice.tsx'
import { Copyable } from '../parts/copy.tsx'
import { Moment } from '../parts/moment.tsx'
import { Fault, Freshness, Loading } from '../parts/notice.tsx'
import { Table } from '../parts/table.tsx'
import { place } from '../state/address.ts'
import { mayRun } from '../state/api.ts'
import { say } from '../state/reader.ts'
import { type PageOf, useRemote } from '../state/remote.ts'
import { useSending } from '../state/sending.ts'
import { told } from '../state/told.ts'
import { fill } from '../texts/fill.ts'

/** Between two looks at deliveries, and while one is under way, ms. */
const everyMs = 10_000
const soonMs = 1000

/** Lines at first, with every "more", and at most in one answer of the service. */
const lines = 25
const maxLines = 200

const states: readonly WebhookDelivery['state'][] = ['delivered', 'pending', 'dead']
const tones = { delivered: 'good', pending: 'none', dead: 'bad' } as const
const shapes = { delivered: '✓', pending: '…', dead: '✕' } as const

const sourceOf = ({ source }: WebhookDelivery): string => {
  const texts = told().webhooks
  if (source.kind === 'sample') return texts.sample
  if (source.kind === 'precheck') return `${source.type} · ${source.precheckId}`
  return fill(texts.night, source.sweepId)
}

/** JSON as a person reads it; any other text as it is. */
const legible = (text: string): string => {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}

/** What the attempts of a delivery send, as the service makes it. */
const Sent = ({ of: { webhookId, eventId } }: { readonly of: WebhookDelivery }) => {
  const texts = told().webhooks
  const read = useRemote<DeliveryBodyView>(`v1/webhooks/${webhookId}/deliveries/${eventId}/body`, 0)
  const shown = read.body.value
  return (
    <>
      <p class="hint">
        {texts.body} {shown?.body?.type}
      </p>
      <Awaited what={read} />
      {shown && (shown.body ? <Copyable text={legible(shown.body.text)} /> : <p>{texts.forgotten}</p>)}
    </>
  )
}

const Attempts = ({ of: delivery }: { readonly of: WebhookDelivery }) => {
  const texts = told().webhooks
  const isOpen = useSignal(false)
  const { attempts, attemptsBefore } = delivery
  return (
    <details onToggle={({ currentTarget }) => (isOpen.value = currentTarget.open)}>
      <summary>{attempts.length}</summary>
      {attemptsBefore > 0 && <p>{fill(texts.before, attemptsBefore)}</p>}
      <ol>
        {attempts.map(({ at, durationMs, status, failure }) => (
          <li key={at}>
            <Moment at={at} /> · {fill(texts.tookMs, Math.round(durationMs))} · {status ?? texts.noAnswer}{' '}
            {failure ? (
              <span lang="en">
                <code>{failure.code}</code> {failure.detail}
              </span>
            ) : (
              texts.accepted
            )}
          </li>
        ))}
      </ol>
      {isOpen.value && <Sent of={delivery} />}
    </details>
  )
}

const SendAgain = ({
  of: { webhookId, eventId, state },
  onSent,
}: {
  of: WebhookDelivery
  onSent: () => void
}) => {
  const sending = useSending()
  if (!mayRun() || state === 'pending') return null
  const again = async (): Promise<void> => {
    const path = `v1/webhooks/${webhookId}/deliveries/${eventId}/redeliver`
    if (await sending.send(path, { method: 'POST' })) onSent()
  }
  return (
    <>
      <button type="button" disabled={sending.isBusy.value} onClick={() => void again()}>
        {told().webhooks.again}
      </button>
      <Fault of={sending} />
    </>
  )
}

interface Redelivery {
  readonly redelivered: number
  readonly more: boolean
}

const SendDeadAgain = ({
  webhookId,
  onSent,
}: {
  readonly webhookId: string
  readonly onSent: () => void
}) => {
  const texts = told().webhooks
  const sending = useSending<Redelivery>()
  const done = useSignal<Redelivery | null>(null)
  const again = async (): Promise<void> => {
    const answer = await sending.send(`v1/webhooks/${webhookId}/redeliver`, { method: 'POST' })
    if (!answer) return
    done.value = answer.value
    onSent()
  }
  return (
    <>
      <button type="button" disabled={sending.isBusy.value} onClick={() => void again()}>
        {texts.allAgain}
      </button>
      <p role="status">
        {done.value && fill(texts.resent, done.value.redelivered)} {done.value?.more && texts.moreDead}
      </p>
      <Fault of={sending} />
    </>
  )
}

const Line = ({ delivery, onSent }: { readonly delivery: WebhookDelivery; readonly onSent: () => void }) => {
  const texts = told().webhooks
  const { state, beganAt, nextAttemptAt } = delivery
  return (
    <tr>
      <th scope="row">
        <Moment at={beganAt} />
        <small>{sourceOf(delivery)}</small>
      </th>
      <td>
        <span class={`mark ${tones[state]}`}>
          <span class="shape" aria-hidden="true">
            {shapes[state]}
          </span>
          {texts[state]}
        </span>
        {nextAttemptAt !== null && (
          <small>
            {' '}
            {texts.next}: <Moment at={nextAttemptAt} />
          </small>
        )}
      </td>
      <td>
        <Attempts of={delivery} />
      </td>
      <td>
        <SendAgain of={delivery} onSent={onSent} />
      </td>
    </tr>
  )
}

/** What was sent to a webhook, newest event first, with every attempt. `sent`: how often the reader has sent something. */
export const Deliveries = ({ webhookId, sent }: { readonly webhookId: string; readonly sent: number }) => {
  const texts = told().webhooks
  const limit = useSignal(lines)
  const isUnderWay = useSignal(false)
  const state = states.find((each) => each === place.value.query.get('state'))
  const query = `limit=${limit.value}${state ? `&state=${state}` : ''}`
  const deliveries = useRemote<PageOf<WebhookDelivery> & { readonly next: string | null }>(
    `v1/webhooks/${webhookId}/deliveries?${query}`,
    isUnderWay.value ? soonMs : everyMs,
  )
  const body = deliveries.body.value
  const refresh = () => void deliveries.refresh()
  useEffect(() => {
    isUnderWay.value = body?.items.some((each) => each.state === 'pending') ?? false
  }, [body])
  useEffect(() => {
    if (sent > 0) refresh()
  }, [sent])
  return (
    <section aria-labelledby="deliveries">
      <h2 id="deliveries">{texts.deliveries}</h2>
      <p class="hint">{texts.bodies}</p>
      <Freshness of={deliveries} />
      <div class="filters">
        <Choice
          label={texts.state}
          name="state"
          value={state ?? ''}
          options={[['', say().any], ...states.map((each) => [each, texts[each]] as const)]}
        />
        {mayRun() && <SendDeadAgain webhookId={webhookId} onSent={refresh} />}
      </div>
      {body === null && <Loading of={deliveries} />}
      {body?.items.length === 0 && <p>{texts.noDeliveries}</p>}
      {body && body.items.length > 0 && (
        <Table label={texts.deliveries} heads={[texts.event, texts.state, texts.attempts, texts.again]}>
          {body.items.map((delivery) => (
            <Line key={delivery.eventId} delivery={delivery} onSent={refresh} />
          ))}
        </Table>
      )}
      {body && body.next !== null && limit.value < maxLines && (
        <button type="button" onClick={() => (limit.value += lines)}>
          {say().more(lines)}
        </button>
      )}
    </section>
  )
}

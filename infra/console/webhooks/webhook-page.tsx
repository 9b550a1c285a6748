import { type Signal, useSignal } from '@preact/signals'
import type { Webhook } from '../../../shared/webhooks/model/webhook.ts'
import { Awaited } from '../parts/awaited.tsx'
import { Facts } from '../parts/facts.tsx'
import { Fault } from '../parts/notice.tsx'
import { Secret } from '../parts/secret.tsx'
import { Sure } from '../parts/sure.tsx'
import { linkTo } from '../state/address.ts'
import { mayChange, mayRun } from '../state/api.ts'
import { useRemote } from '../state/remote.ts'
import { useSending } from '../state/sending.ts'
import { Deliveries } from './deliveries.tsx'
import { stateOf } from './webhooks-page.tsx'
import { told } from '../state/told.ts'
import { fill } from '../texts/fill.ts'

const About = ({ webhook }: { readonly webhook: Webhook }) => {
  const texts = told().webhooks
  const { format, events, description, filter } = webhook.definition
  const { engine, tags = {}, instances = [] } = filter
  const whom = [engine ?? [], Object.entries(tags).map((pair) => pair.join(':')), instances].flat(2)
  return (
    <>
      {description !== undefined && <p>{description}</p>}
      <Facts
        of={[
          [texts.state, stateOf(webhook)],
          [texts.format, format],
          [texts.events, [events.join(', '), ...whom].join(' · ')],
        ]}
      />
    </>
  )
}

const SendSample = ({ webhookId, sent }: { readonly webhookId: string; readonly sent: Signal<number> }) => {
  const texts = told().webhooks
  const sending = useSending()
  const send = async (): Promise<void> => {
    if (await sending.send(`v1/webhooks/${webhookId}/test`, { method: 'POST' })) sent.value += 1
  }
  if (!mayRun()) return <p class="hint">{texts.mayNotSend}</p>
  return (
    <>
      <button type="button" class="first" disabled={sending.isBusy.value} onClick={() => void send()}>
        {texts.test}
      </button>{' '}
      <span role="status">{sent.value > 0 && texts.sent}</span>
      <Fault of={sending} />
    </>
  )
}

/** What only who may change webhooks may do. */
const Changes = ({ webhook: { id, definition } }: { readonly webhook: Webhook }) => {
  const texts = told().webhooks
  const sending = useSending<{ readonly secret: string }>()
  const secret = useSignal<string | null>(null)
  const rotate = async (): Promise<void> => {
    const answer = await sending.send(`v1/webhooks/${id}/secret`, {
      method: 'POST',
      body: {},
    })
    if (answer) secret.value = answer.value.secret
  }
  const remove = async (): Promise<void> => {
    if (await sending.send(`v1/webhooks/${id}`, { method: 'DELETE' })) location.hash = linkTo(['webhooks'])
  }
  return (
    <>
      {secret.value !== null && (
        <Secret
          title={fill(texts.secretOf, definition.url)}
          secret={secret.value}
          onSeen={() => (secret.value = null)}
        />
      )}
      {definition.format === 'json' && (
        <Sure label={texts.rotate} what={texts.rotating} onYes={() => void rotate()} />
      )}{' '}
      <Sure label={texts.remove} what={fill(texts.removing, definition.url)} onYes={() => void remove()} />
      <Fault of={sending} />
    </>
  )
}

/** A webhook: what it is told, a sample, its secret, and what was sent. */
export const WebhookPage = ({ id }: { readonly id: string }) => {
  const texts = told().webhooks
  const read = useRemote<Webhook>(`v1/webhooks/${encodeURIComponent(id)}`, 0)
  const sent = useSignal(0)
  const webhook = read.body.value
  return (
    <>
      <p class="no-print">
        <a href={linkTo(['webhooks'])}>{texts.list}</a>
      </p>
      <h1>{webhook?.definition.url ?? id}</h1>
      <Awaited what={read} missing={{ code: 'WEBHOOK_NOT_FOUND', text: texts.missing }} />
      {webhook && (
        <>
          <About webhook={webhook} />
          <SendSample webhookId={id} sent={sent} />
          {mayChange() ? <Changes webhook={webhook} /> : <p class="hint">{texts.mayNot}</p>}
          <Deliveries webhookId={id} sent={sent.value} />
        </>
      )}
    </>
  )
}

import { useSignal } from '@preact/signals'
import type { Webhook } from '../../../shared/webhooks/model/webhook.ts'
import { type Row, documentOf } from '../../forms/fields.ts'
import { FormEnd, FormFields } from '../forms/form-fields.tsx'
import { useForm } from '../forms/form.ts'
import { Awaited } from '../parts/awaited.tsx'
import { Secret } from '../parts/secret.tsx'
import { Table } from '../parts/table.tsx'
import { linkTo } from '../state/address.ts'
import { ask, mayChange } from '../state/api.ts'
import { say } from '../state/reader.ts'
import { type PageOf, useRemote } from '../state/remote.ts'
import { webhookFields } from './webhook-fields.ts'
import { told } from '../state/told.ts'
import { fill } from '../texts/fill.ts'

/** What the service calls, or why it does not. */
export const stateOf = ({ stopped, definition }: Webhook): string => {
  const texts = told().webhooks
  if (stopped) return texts.gone
  return definition.enabled ? texts.on : texts.off
}

/** The webhooks: who is told of what. */
export const WebhooksPage = () => {
  const texts = told().webhooks
  const webhooks = useRemote<PageOf<Webhook>>('v1/webhooks', 0)
  const items = webhooks.body.value?.items
  return (
    <>
      <h1>{say().webhooks}</h1>
      <p class="hint">{texts.hint}</p>
      <Awaited what={webhooks} />
      {items?.length === 0 && <p>{texts.none}</p>}
      {items && items.length > 0 && (
        <Table label={say().webhooks} heads={[texts.address, texts.format, texts.events, texts.state]}>
          {items.map((webhook) => (
            <tr key={webhook.id}>
              <th scope="row">
                <a href={linkTo(['webhooks', webhook.id])}>{webhook.definition.url}</a>
                <small>{webhook.definition.description}</small>
              </th>
              <td>{webhook.definition.format}</td>
              <td>{webhook.definition.events.join(', ')}</td>
              <td>{stateOf(webhook)}</td>
            </tr>
          ))}
        </Table>
      )}
      {mayChange() ? (
        <a href={linkTo(['new-webhook'])}>{texts.create}</a>
      ) : (
        <p class="hint">{texts.mayNot}</p>
      )}
    </>
  )
}

/** A webhook that was made, and its secret; null for robots. */
type Created = Webhook & { readonly secret: string | null }

const create = (path: string) => (row: Row) =>
  ask<Created>(path, { method: 'POST', body: documentOf(row, webhookFields) })

const CreateForm = ({ onDone }: { readonly onDone: (created: Created) => void }) => {
  const texts = told().webhooks
  const form = useForm<Created>({
    initial: { format: 'json' },
    places: { WEBHOOK_REFUSED: 'url', SECRET_REFUSED: 'token' },
    attempt: create('v1/webhooks?dryRun=true'),
    send: create('v1/webhooks'),
    onDone,
  })
  return (
    <form noValidate onSubmit={(event) => void form.submit(event)} aria-label={texts.create}>
      <p class="hint">{texts.addressHint}</p>
      <FormFields fields={webhookFields} form={form} labels={texts} />
      <FormEnd fields={webhookFields} form={form} submit={texts.create} />
    </form>
  )
}

/** Adds a webhook; its secret is shown once. */
export const NewWebhookPage = () => {
  const texts = told().webhooks
  const created = useSignal<Created | null>(null)
  const done = created.value
  const isSeen = useSignal(false)
  return (
    <>
      <h1>{texts.create}</h1>
      {!mayChange() && <p class="hint">{texts.mayNot}</p>}
      {mayChange() && !done && <CreateForm onDone={(webhook) => (created.value = webhook)} />}
      {done && (
        <>
          <p role="status">
            {texts.made} <a href={linkTo(['webhooks', done.id])}>{texts.open}</a>
          </p>
          {done.secret !== null && !isSeen.value && (
            <Secret
              title={fill(texts.secretOf, done.definition.url)}
              secret={done.secret}
              onSeen={() => (isSeen.value = true)}
            />
          )}
        </>
      )}
    </>
  )
}

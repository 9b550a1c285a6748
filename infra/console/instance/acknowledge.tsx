import { useSignal } from '@preact/signals'
import type { AcknowledgementRequest } from '../../../shared/model/acknowledgement.ts'
import { Fault } from '../parts/notice.tsx'
import { fieldsOf, textOf } from '../state/forms.ts'
import { session } from '../state/api.ts'
import { say } from '../state/reader.ts'
import { useSending } from '../state/sending.ts'

/** What is acknowledged: of an instance, a check item and the database of its finding; null: of the whole instance. */
interface Known {
  readonly instanceId: string
  readonly checkItem: string
  readonly database: string | null
}

const dayMs = 24 * 60 * 60 * 1000

/** A month from now: what nobody renews counts again. */
const usualUntil = (): string => new Date(Date.now() + 30 * dayMs).toISOString().slice(0, 'YYYY-MM-DD'.length)

const requestOf = ({ checkItem, database }: Known, data: FormData): AcknowledgementRequest => ({
  checkItem,
  ...(database !== null && { database }),
  reason: textOf(data, 'reason'),
  author: typeof session.value === 'object' ? session.value.name : '',
  expiresAt: `${textOf(data, 'until')}T00:00:00Z`,
})

/** Accepts a finding for a while, with a reason. */
export const Acknowledge = (known: Known) => {
  const texts = say()
  const state = useSignal<'closed' | 'open' | 'done'>('closed')
  const sending = useSending()

  const submit = async (event: SubmitEvent): Promise<void> => {
    const body = requestOf(known, fieldsOf(event))
    const path = `v1/instances/${encodeURIComponent(known.instanceId)}/acknowledgements`
    if (await sending.send(path, { method: 'POST', body })) state.value = 'done'
  }

  if (state.value === 'done') return <p role="status">{texts.acknowledgedNow}</p>
  if (state.value === 'closed') {
    return (
      <button type="button" onClick={() => (state.value = 'open')}>
        {texts.acknowledge}
      </button>
    )
  }
  return (
    <form class="filters" onSubmit={(event) => void submit(event)}>
      <label>
        {texts.reason}
        <input name="reason" required maxLength={512} />
      </label>
      <label>
        {texts.until}
        <input name="until" type="date" required defaultValue={usualUntil()} />
      </label>
      <button type="submit" disabled={sending.isBusy.value}>
        {texts.save}
      </button>
      <button type="button" onClick={() => (state.value = 'closed')}>
        {texts.cancel}
      </button>
      <Fault of={sending} />
    </form>
  )
}

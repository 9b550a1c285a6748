import { useSignal } from '@preact/signals'
import type { AcknowledgementRequest } from '../../../shared/model/acknowledgement.ts'
import { type Problem, ask, session } from '../state/api.ts'
import { ProblemNote } from '../parts/notice.tsx'
import { say } from '../state/reader.ts'

/** What is acknowledged: of an instance, a check item and the database of its finding; null: of the whole instance. */
interface Known {
  readonly instanceId: string
  readonly checkItem: string
  readonly database: string | null
}

const dayMs = 24 * 60 * 60 * 1000

/** A month from now: what nobody renews counts again. */
const usualUntil = (): string => new Date(Date.now() + 30 * dayMs).toISOString().slice(0, 'YYYY-MM-DD'.length)

const textOf = (data: FormData, name: string): string => {
  const value = data.get(name)
  return typeof value === 'string' ? value : ''
}

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
  const problem = useSignal<Problem | null>(null)

  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault()
    if (!(event.currentTarget instanceof HTMLFormElement)) return
    const body = requestOf(known, new FormData(event.currentTarget))
    const path = `v1/instances/${encodeURIComponent(known.instanceId)}/acknowledgements`
    const answer = await ask(path, { method: 'POST', body })
    problem.value = answer.kind === 'problem' ? answer.problem : null
    if (answer.kind === 'value') state.value = 'done'
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
      <button type="submit">{texts.save}</button>
      <button type="button" onClick={() => (state.value = 'closed')}>
        {texts.cancel}
      </button>
      {problem.value && <ProblemNote problem={problem.value} />}
    </form>
  )
}

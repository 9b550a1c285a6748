import type { ValidationView } from '../../../functions/api/resources/validation.ts'
import { Copyable } from '../parts/copy.tsx'
import { Fault, Trouble } from '../parts/notice.tsx'
import { mayRun } from '../state/api.ts'
import { say } from '../state/reader.ts'
import { useRemote } from '../state/remote.ts'
import { useSending } from '../state/sending.ts'
import { clockTime, exactTime, secondsOf } from '../state/times.ts'
import type { Changing } from './changing.ts'

const Found = ({ validation }: { readonly validation: ValidationView }) => {
  const texts = say()
  const { problem, missingPrivileges, grantScript, state, requestedAt } = validation
  const at = secondsOf(requestedAt)
  if (state === 'running') return <p role="status">{texts.validationRuns}</p>
  return (
    <>
      <p title={exactTime(at)}>{texts.validatedAt(clockTime(at))}</p>
      {problem && (
        <p class="note bad">
          {problem.text} {problem.advice}
        </p>
      )}
      {!problem && missingPrivileges.length === 0 && <p>{texts.nothingMissing}</p>}
      {missingPrivileges.length > 0 && <p class="note risk">{texts.missing(missingPrivileges.length)}</p>}
      {missingPrivileges.length > 0 && (
        <ul>
          {missingPrivileges.map(({ privilege }) => (
            <li key={privilege}>{privilege}</li>
          ))}
        </ul>
      )}
      {grantScript !== null && <Copyable text={grantScript} />}
    </>
  )
}

/** Whether an instance can be reached and its login may look at everything, with what grants what is missing. */
export const Validation = ({ instance: { id, status }, refresh }: Changing) => {
  const texts = say()
  const path = `v1/instances/${encodeURIComponent(id)}`
  const last = useRemote<ValidationView>(`${path}/validation`, 0)
  const sending = useSending()
  const hasNone = last.problem.value?.code === 'NOT_VALIDATED'
  const validate = async (): Promise<void> => {
    await sending.send(`${path}/validate`, { method: 'POST' })
    await Promise.all([last.refresh(), refresh()])
  }
  return (
    <section aria-labelledby="validation">
      <h2 id="validation">{texts.validation}</h2>
      <p>{status === 'online' ? texts.online : texts.notOnline}</p>
      {hasNone ? <p>{texts.neverValidated}</p> : <Trouble of={last} />}
      {last.body.value && <Found validation={last.body.value} />}
      {mayRun() && (
        <button type="button" disabled={sending.isBusy.value} onClick={() => void validate()}>
          {sending.isBusy.value ? texts.validationRuns : texts.validate}
        </button>
      )}
      <Fault of={sending} />
    </section>
  )
}

import type { Problem } from '../state/api.ts'
import type { Sending } from '../state/sending.ts'
import { languageOf, say } from '../state/reader.ts'
import { type Remote, missedTooMany } from '../state/remote.ts'
import { clockTime, exactTime } from '../state/times.ts'

/** What the service says is wrong, with the id under which its log has it. */
const ProblemNote = ({ problem }: { readonly problem: Problem }) => (
  <p role="alert" class="note bad">
    <span lang={languageOf(problem.title)}>{say().problem(problem.title, problem.detail)}</span>{' '}
    <small>{say().requestId(problem.requestId)}</small>
    {problem.errors?.map(({ field, message }) => (
      <span key={field} class="line" lang={languageOf(message)}>
        <code>{field}</code>: {message}
      </span>
    ))}
  </p>
)

/** Why a change was not made. */
export const Fault = ({ of: { fault } }: { readonly of: Pick<Sending, 'fault'> }) => {
  if (fault.value === null) return null
  if (fault.value !== 'offline') return <ProblemNote problem={fault.value} />
  return (
    <p role="alert" class="note risk">
      {say().notSent}
    </p>
  )
}

/** A bar where the service does not answer, and what it says is wrong. */
export const Trouble = ({ of: { missed, problem } }: { readonly of: Remote<unknown> }) => (
  <>
    {missed.value >= missedTooMany && (
      <p role="alert" class="note risk outdated">
        {say().offline}
      </p>
    )}
    {problem.value && problem.value.status !== 401 && <ProblemNote problem={problem.value} />}
  </>
)

/** How old what a page shows is, and what is wrong with it. */
export const Freshness = ({ of }: { readonly of: Remote<unknown> }) => (
  <>
    {of.asOf.value > 0 && (
      <p class="hint as-of" title={exactTime(of.asOf.value)}>
        {say().asOf(clockTime(of.asOf.value))}
      </p>
    )}
    <Trouble of={of} />
  </>
)

/** In place of what the service did not send. */
export const Offline = ({ again }: { readonly again: () => void }) => (
  <p role="alert" class="note risk">
    {say().offline}{' '}
    <button type="button" onClick={again}>
      {say().tryAgain}
    </button>
  </p>
)

/** Before the first answer. */
export const Loading = ({ of: { missed, problem, refresh } }: { readonly of: Remote<unknown> }) => {
  if (problem.value) return null
  if (missed.value === 0) return <p role="status">{say().loading}</p>
  return <Offline again={() => void refresh()} />
}

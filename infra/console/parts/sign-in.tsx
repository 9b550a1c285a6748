import { useSignal } from '@preact/signals'
import { session, signIn } from '../state/api.ts'
import { say } from '../state/reader.ts'

/** A token becomes a session. What is on the page meanwhile stays. */
export const SignIn = () => {
  const texts = say()
  const fault = useSignal<string | null>(null)
  const isBusy = useSignal(false)

  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault()
    const form = event.currentTarget
    const field = form instanceof HTMLFormElement ? form.elements.namedItem('token') : null
    if (!(field instanceof HTMLInputElement) || field.value === '') return
    isBusy.value = true
    const answer = await signIn(field.value)
    isBusy.value = false
    field.value = ''
    if (answer.kind === 'problem')
      fault.value = answer.problem.status === 401 ? texts.tokenWrong : answer.problem.detail
    else fault.value = answer.kind === 'offline' ? texts.offline : null
  }

  return (
    <form class="sign-in" onSubmit={(event) => void submit(event)} aria-labelledby="sign-in">
      <h1 id="sign-in">{texts.signIn}</h1>
      {session.value === 'over' && <p role="alert">{texts.sessionOver}</p>}
      {location.protocol === 'http:' && !isSecureContext && <p class="note risk">{texts.plainHttp}</p>}
      <label>
        {texts.token}
        <input name="token" type="password" autocomplete="current-password" required spellcheck={false} />
      </label>
      <p class="hint">{texts.tokenHint}</p>
      {fault.value !== null && (
        <p role="alert" class="note bad">
          {fault.value}
        </p>
      )}
      <button type="submit" class="first" disabled={isBusy.value}>
        {texts.signIn}
      </button>
    </form>
  )
}

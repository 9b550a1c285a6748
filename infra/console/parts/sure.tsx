import { useSignal } from '@preact/signals'
import { say } from '../state/reader.ts'

/** A button for what cannot be undone: it says what it does, and asks. */
export const Sure = ({
  label,
  what,
  onYes,
}: {
  readonly label: string
  readonly what: string
  readonly onYes: () => void
}) => {
  const isAsking = useSignal(false)
  if (!isAsking.value) {
    return (
      <button type="button" onClick={() => (isAsking.value = true)}>
        {label}
      </button>
    )
  }
  const answer = (isYes: boolean): void => {
    isAsking.value = false
    if (isYes) onYes()
  }
  return (
    <span role="alert">
      {what}{' '}
      <button type="button" onClick={() => answer(true)}>
        {label}
      </button>{' '}
      <button type="button" onClick={() => answer(false)}>
        {say().cancel}
      </button>
    </span>
  )
}

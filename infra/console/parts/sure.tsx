import { useSignal } from '@preact/signals'
import { useLayoutEffect, useRef } from 'preact/hooks'
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
  const isAsking = useSignal<boolean | null>(null)
  const box = useRef<HTMLSpanElement>(null)
  // The button that had the focus is gone: who goes by keyboard goes on with the one in its place.
  useLayoutEffect(() => {
    if (isAsking.value !== null) box.current?.querySelector('button')?.focus()
  }, [isAsking.value])
  const answer = (isYes: boolean): void => {
    isAsking.value = false
    if (isYes) onYes()
  }
  if (!isAsking.value) {
    return (
      <span ref={box}>
        <button type="button" onClick={() => (isAsking.value = true)}>
          {label}
        </button>
      </span>
    )
  }
  return (
    <span ref={box} role="alert">
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

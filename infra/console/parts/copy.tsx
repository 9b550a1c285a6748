import { useSignal } from '@preact/signals'
import type { RefObject } from 'preact'
import { useRef } from 'preact/hooks'
import { say } from '../state/reader.ts'

/** Selects an element with what is folded in it. */
const selectAll = (element: HTMLElement): void => {
  for (const folded of element.querySelectorAll('details')) folded.open = true
  getSelection()?.selectAllChildren(element)
}

/** A button that copies a text; over plain http browsers have no clipboard, and where it is shown is selected. */
export const Copy = ({
  text,
  label,
  shown,
}: {
  readonly text: string
  readonly label: string
  readonly shown: RefObject<HTMLElement | null>
}) => {
  const done = useSignal<'copied' | 'selected' | null>(null)

  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text)
      done.value = 'copied'
    } catch {
      if (shown.current) selectAll(shown.current)
      done.value = 'selected'
    }
  }

  return (
    <>
      <button type="button" onClick={() => void copy()}>
        {label}
      </button>
      <span role="status" class="hint">
        {done.value && say()[done.value]}
      </span>
    </>
  )
}

/** A command, and a button that copies it. */
export const Copyable = ({ text }: { readonly text: string }) => {
  const shown = useRef<HTMLPreElement>(null)
  return (
    <div class="copyable">
      <pre ref={shown} tabIndex={0}>
        {text}
      </pre>
      <Copy text={text} label={say().copy} shown={shown} />
    </div>
  )
}

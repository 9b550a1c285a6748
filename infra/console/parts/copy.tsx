import { useSignal } from '@preact/signals'
import { useRef } from 'preact/hooks'
import { say } from '../state/reader.ts'

const selectAll = (element: Node): void => {
  const range = document.createRange()
  range.selectNodeContents(element)
  const selection = getSelection()
  selection?.removeAllRanges()
  selection?.addRange(range)
}

/** A command, and a button that copies it; over plain http browsers have no clipboard, and it is selected. */
export const Copyable = ({ text }: { readonly text: string }) => {
  const texts = say()
  const shown = useRef<HTMLPreElement>(null)
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
    <div class="copyable">
      <pre ref={shown} tabIndex={0}>
        {text}
      </pre>
      <button type="button" onClick={() => void copy()}>
        {texts.copy}
      </button>
      <span role="status" class="hint">
        {done.value && texts[done.value]}
      </span>
    </div>
  )
}

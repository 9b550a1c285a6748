import { useSignal } from '@preact/signals'
import { useEffect, useMemo, useRef } from 'preact/hooks'
import type { FleetView } from '../../../functions/api/views/fleet-view.ts'
import { Mark } from '../parts/mark.tsx'
import { Trouble } from '../parts/notice.tsx'
import { linkTo } from '../state/address.ts'
import { say } from '../state/reader.ts'
import { useRemote } from '../state/remote.ts'
import { type Member, matching, membersOf } from './members.ts'

/** Instances that are offered at once. */
const offered = 10

const anything = { standing: '', engine: '', region: '', tag: '' } as const

/** Ids that begin with what was typed come first. */
const best = (members: readonly Member[], text: string): readonly Member[] => {
  const found = matching(members, { ...anything, text })
  const start = text.trim().toLowerCase()
  const isFirst = ({ id }: Member): boolean => id.toLowerCase().startsWith(start)
  return [...found.filter(isFirst), ...found.filter((each) => !isFirst(each))].slice(0, offered)
}

const Choices = ({ close }: { readonly close: () => void }) => {
  const texts = say()
  const fleet = useRemote<FleetView>('v1/fleet', 0)
  const text = useSignal('')
  const at = useSignal(0)
  const body = fleet.body.value
  const members = useMemo(() => (body ? membersOf(body) : []), [body])
  const found = best(members, text.value)
  const go = (id: string | undefined): void => {
    if (id === undefined) return
    location.hash = linkTo(['instances', id])
    close()
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key] ?? 0
    if (step === 0) return
    event.preventDefault()
    at.value = Math.min(found.length - 1, Math.max(0, at.value + step))
  }
  const submit = (event: SubmitEvent): void => {
    event.preventDefault()
    go(found[at.value]?.id)
  }
  return (
    <form onSubmit={submit}>
      <label>
        {texts.goTo}
        <input
          role="combobox"
          aria-expanded="true"
          aria-controls="choices"
          aria-autocomplete="list"
          aria-activedescendant={found.length > 0 ? `choice-${at.value}` : undefined}
          autocomplete="off"
          autofocus
          value={text.value}
          onKeyDown={onKeyDown}
          onInput={({ currentTarget }) => {
            text.value = currentTarget.value
            at.value = 0
          }}
        />
      </label>
      <Trouble of={fleet} />
      <ul id="choices" role="listbox" aria-label={texts.goTo}>
        {found.map(({ id, standing }, index) => (
          <li
            key={id}
            id={`choice-${index}`}
            role="option"
            aria-selected={index === at.value}
            onClick={() => go(id)}
          >
            {id} <Mark verdict={standing} />
          </li>
        ))}
      </ul>
    </form>
  )
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest('input, select, textarea') !== null

/** Goes to an instance by some letters of its id: a button, and the key "/". */
export const Switcher = () => {
  const isOpen = useSignal(false)
  const box = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const open = (event: KeyboardEvent): void => {
      if (event.key !== '/' || isTyping(event.target)) return
      event.preventDefault()
      isOpen.value = true
    }
    addEventListener('keydown', open)
    return () => removeEventListener('keydown', open)
  }, [])
  useEffect(() => {
    if (isOpen.value) box.current?.showModal()
  }, [isOpen.value])
  const close = (): void => {
    isOpen.value = false
  }
  return (
    <>
      <button type="button" aria-keyshortcuts="/" onClick={() => (isOpen.value = true)}>
        {say().goTo} <kbd>/</kbd>
      </button>
      {isOpen.value && (
        <dialog ref={box} aria-label={say().goTo} onClose={close}>
          <Choices close={close} />
        </dialog>
      )}
    </>
  )
}

import type { ComponentChildren } from 'preact'
import { choose } from '../state/address.ts'
import { say } from '../state/reader.ts'

/** Every name once, after the option that leaves it open. */
export const openOr = (names: readonly string[]): readonly (readonly [value: string, text: string])[] => [
  ['', say().any],
  ...[...new Set(names)].map((each) => [each, each] as const),
]

interface FiltersProps {
  /** What is searched. */
  readonly label: string
  readonly text: string
  readonly children: ComponentChildren
}

/** What is looked for: a text, which the address keeps as `q`, and choices. */
export const Filters = ({ label, text, children }: FiltersProps) => (
  <form class="filters" role="search" onSubmit={(event) => event.preventDefault()}>
    <label>
      {label}
      <input type="search" value={text} onInput={({ currentTarget }) => choose({ q: currentTarget.value })} />
    </label>
    {children}
  </form>
)

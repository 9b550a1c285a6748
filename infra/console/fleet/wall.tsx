import { type Signal, useSignal } from '@preact/signals'
import type { RefObject, VNode } from 'preact'
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks'
import { shapes } from '../parts/mark.tsx'
import { linkTo } from '../state/address.ts'
import { language, say } from '../state/reader.ts'
import { ago, nowInSeconds } from '../state/times.ts'
import { type Group, type Member, hasChanged, isStale } from './members.ts'
import { selected, toggle } from './selection.ts'
import { type WallRow, cellAfter, cellPx, heightOf, rowOfCell, rowsOf, windowOf } from './wall-rows.ts'

/** Above and below the rows, px. */
const borderPx = 2

/** What a cell says to who cannot see it, and under the pointer. */
const wordsOf = (member: Member, now: number): string => {
  const texts = say()
  const { id, standing, completedAt } = member
  return texts.listed([
    id,
    texts[standing],
    ...(member.isRunning ? [texts.running] : []),
    ...(completedAt > 0 ? [ago(completedAt, now)] : []),
    ...(isStale(member, now) ? [texts.stale] : []),
    ...(member.new > 0 ? [texts.came(member.new)] : []),
    ...(member.resolved > 0 ? [texts.went(member.resolved)] : []),
  ])
}

interface CellProps {
  readonly member: Member
  readonly now: number
  readonly isTabStop: boolean
  readonly isChosen: boolean
}

const Cell = ({ member, now, isTabStop, isChosen }: CellProps) => {
  const { shape, tone } = shapes[member.standing]
  const marks = [
    tone,
    hasChanged(member) ? 'changed' : '',
    isStale(member, now) ? 'stale' : '',
    member.isRunning ? 'running' : '',
    isChosen ? 'chosen' : '',
  ].join(' ')
  const words = wordsOf(member, now)
  return (
    <div role="gridcell" aria-selected={isChosen}>
      <a
        class={`cell ${marks}`}
        href={linkTo(['instances', member.id])}
        title={words}
        aria-label={words}
        data-id={member.id}
        tabIndex={isTabStop ? 0 : -1}
      >
        {shape}
      </a>
    </div>
  )
}

const Row = ({ row, index, now, focused }: { row: WallRow; index: number; now: number; focused: number }) => (
  <div role="row" class={row.kind} aria-rowindex={index + 1} style={{ top: `${row.top}px` }}>
    {row.kind === 'heading' ? (
      <div role="rowheader">
        {row.name} <small>{say().instances(row.count)}</small>
      </div>
    ) : (
      row.members.map((member, at) => (
        <Cell
          key={member.id}
          member={member}
          now={now}
          isTabStop={row.first + at === focused}
          isChosen={selected.value.has(member.id)}
        />
      ))
    )}
  </div>
)

interface Shown {
  readonly rows: readonly WallRow[]
  readonly top: Signal<number>
  readonly height: Signal<number>
  readonly focused: Signal<number>
}

/** The rows that can be seen, and the one with the focus: the smallest part that follows scrolling. */
const Rows = ({ rows, top, height, focused }: Shown) => {
  const { from, to } = windowOf(rows, top.value, height.value)
  const kept = rowOfCell(rows, focused.value)
  const places = Array.from({ length: to - from }, (_, at) => from + at)
  if (kept >= 0 && kept < from) places.unshift(kept)
  if (kept >= to) places.push(kept)
  // A row that was drawn is the same one while scrolling, so that it is not looked at again.
  const drawn = useMemo(() => new Map<number, VNode>(), [rows, focused.value, language.value, selected.value])
  const now = nowInSeconds()
  const draw = (index: number): VNode | undefined => {
    const known = drawn.get(index)
    const row = rows[index]
    if (known || !row) return known
    const made = <Row key={index} row={row} index={index} now={now} focused={focused.value} />
    drawn.set(index, made)
    return made
  }
  return <>{places.map(draw)}</>
}

/** Follows the size of the wall: its height, and how many cells a row has. */
const useSize = (
  box: RefObject<HTMLElement | null>,
  height: Signal<number>,
  columns: Signal<number>,
): void => {
  useLayoutEffect(() => {
    const element = box.current
    if (!element) return undefined
    const measure = (): void => {
      height.value = element.clientHeight
      columns.value = Math.max(1, Math.floor(element.clientWidth / cellPx))
    }
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    measure()
    return () => observer.disconnect()
  }, [])
}

/** Chooses the instance whose cell an event came to, instead of opening it. */
const chooseAt = (event: Event): void => {
  const id = event.target instanceof HTMLElement ? event.target.dataset['id'] : undefined
  if (id === undefined) return
  event.preventDefault()
  toggle(id)
}

/** Every instance as a cell: one tab stop, arrows, and no more in the document than can be seen. */
export const Wall = ({ groups, label }: { readonly groups: readonly Group[]; readonly label: string }) => {
  const box = useRef<HTMLDivElement>(null)
  const top = useSignal(0)
  const height = useSignal(600)
  const columns = useSignal(20)
  const focused = useSignal(0)
  const rows = useMemo(() => rowsOf(groups, columns.value), [groups, columns.value])
  const cells = groups.reduce((sum, { members }) => sum + members.length, 0)
  if (focused.value >= cells) focused.value = 0

  useSize(box, height, columns)

  const moved = useRef(false)
  useEffect(() => {
    if (!moved.current) return
    moved.current = false
    box.current?.querySelector<HTMLElement>('a[tabindex="0"]')?.focus({ preventScroll: true })
  })

  const move = (event: KeyboardEvent): void => {
    if (event.key === ' ') return chooseAt(event)
    const next = cellAfter(rows, focused.value, event.key, cells)
    if (next === null) return
    event.preventDefault()
    const row = rows[rowOfCell(rows, next)]
    const element = box.current
    if (row && element) {
      if (row.top < element.scrollTop) element.scrollTop = row.top
      const bottom = row.top + row.heightPx
      if (bottom > element.scrollTop + element.clientHeight) element.scrollTop = bottom - element.clientHeight
      top.value = element.scrollTop
    }
    moved.current = true
    focused.value = next
  }

  return (
    <div
      class="wall"
      ref={box}
      role="grid"
      aria-label={label}
      aria-rowcount={rows.length}
      aria-multiselectable="true"
      style={{ height: `min(70vh, ${heightOf(rows) + borderPx}px)` }}
      onScroll={({ currentTarget }) => {
        top.value = currentTarget.scrollTop
      }}
      onKeyDown={move}
      onClick={(event) => (event.ctrlKey || event.metaKey) && chooseAt(event)}
    >
      <div class="wall-rows" role="presentation" style={{ height: `${heightOf(rows)}px` }}>
        <Rows rows={rows} top={top} height={height} focused={focused} />
      </div>
    </div>
  )
}

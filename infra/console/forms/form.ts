import { type Signal, useComputed, useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import type { Answer, Problem } from '../state/api.ts'
import { language } from '../state/reader.ts'
import type { Row } from '../../forms/fields.ts'

/** After the last letter, until the service is asked, ms. */
const restMs = 400

export interface FieldFault {
  readonly path: string
  readonly message: string
}

/** How a form is sent: tried while it is written, where that can be, and then done. */
export interface FormRequest<Body> {
  readonly initial: Row
  readonly attempt?: (row: Row) => Promise<Answer<Body>>
  /** `tried`: what would come of it, as far as the reader has seen that. */
  readonly send: (row: Row, tried: Body | null) => Promise<Answer<Body>>
  readonly onDone: (body: Body) => void
  /** Fields that the service means by other names, and codes of problems that are those of one field. */
  readonly places?: Readonly<Record<string, string>>
}

/** What is in a form, and what the service says of it. */
export interface Form<Body = unknown> {
  readonly row: Signal<Row>
  readonly change: (path: string, text: string) => void
  /** Of the fields that somebody has been in; of all once somebody wanted to send. */
  readonly faults: Signal<readonly FieldFault[]>
  /** What is wrong with no field of its own. */
  readonly problem: Signal<Problem | 'offline' | null>
  /** What would come of it, as the service says; null: not as it is. */
  readonly tried: Signal<Body | null>
  readonly isBusy: Signal<boolean>
  readonly submit: (event: Event) => Promise<void>
}

const faultsIn = (
  { code, detail, errors }: Problem,
  places: Readonly<Record<string, string>>,
): readonly FieldFault[] => {
  const place = places[code]
  if (errors) return errors.map(({ field, message }) => ({ path: places[field] ?? field, message }))
  return place === undefined ? [] : [{ path: place, message: detail }]
}

const valueOf = <Body>(answer: Answer<Body>): Body | null => (answer.kind === 'value' ? answer.value : null)

/** Whether what is said of a path is said of a field: `tags.team` is of `tags`. */
export const isOf = (path: string, field: string): boolean => path === field || path.startsWith(`${field}.`)

/** What is said of the fields that somebody has been in. */
const shownOf = (found: readonly FieldFault[], touched: readonly string[] | 'all'): readonly FieldFault[] =>
  touched === 'all' ? found : found.filter(({ path }) => touched.some((each) => isOf(path, each)))

/** Who sent a form that is not right goes on where it is not. */
const focusFault = (form: HTMLElement): void =>
  form.querySelector<HTMLElement>('[aria-invalid=true]')?.focus()

/** A form whose fields the service itself judges while somebody writes, by trying what would be sent. */
export const useForm = <Body>({
  initial,
  attempt,
  send,
  onDone,
  places = {},
}: FormRequest<Body>): Form<Body> => {
  const row = useSignal(initial)
  const touched = useSignal<readonly string[] | 'all'>([])
  const found = useSignal<readonly FieldFault[]>([])
  const problem = useSignal<Problem | 'offline' | null>(null)
  const tried = useSignal<Body | null>(null)
  const isBusy = useSignal(false)
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const asked = useRef(0)
  useEffect(() => () => clearTimeout(timer.current), [])
  // What is said of it is said again in the language of the reader.
  useEffect(() => {
    if (found.value.length > 0) void tryIt()
  }, [language.value])

  const faults = useComputed(() => shownOf(found.value, touched.value))

  /** Takes an answer, unless another one was asked for since. */
  const take = (answer: Answer<Body>, number: number): void => {
    if (number !== asked.current || answer.kind === 'unchanged') return
    const isProblem = answer.kind === 'problem'
    found.value = isProblem ? faultsIn(answer.problem, places) : []
    if (answer.kind === 'offline') problem.value = 'offline'
    else problem.value = isProblem && found.value.length === 0 ? answer.problem : null
  }

  const tryIt = async (): Promise<void> => {
    if (!attempt) return
    asked.current += 1
    const number = asked.current
    const answer = await attempt(row.value)
    take(answer, number)
    if (number === asked.current) tried.value = valueOf(answer)
  }

  const change = (path: string, text: string): void => {
    row.value = { ...row.value, [path]: text }
    if (touched.value !== 'all') touched.value = [...touched.value, path]
    clearTimeout(timer.current)
    timer.current = setTimeout(() => void tryIt(), restMs)
  }

  const submit = async (event: Event): Promise<void> => {
    event.preventDefault()
    const form = event.currentTarget
    clearTimeout(timer.current)
    touched.value = 'all'
    isBusy.value = true
    asked.current += 1
    const number = asked.current
    const answer = await send(row.value, tried.value)
    isBusy.value = false
    take(answer, number)
    // It was refused as a whole: somebody may have come first, which another try shows.
    if (attempt && problem.value !== null) tried.value = valueOf(await attempt(row.value))
    if (answer.kind === 'value') onDone(answer.value)
    else if (form instanceof HTMLElement) requestAnimationFrame(() => focusFault(form))
  }

  return { row, change, faults, problem, tried, isBusy, submit }
}

import { useSignal } from '@preact/signals'
import type { MaintenanceWindow, Weekday } from '../../../shared/model/maintenance-window.ts'
import { Fault } from '../parts/notice.tsx'
import { Sure } from '../parts/sure.tsx'
import { mayChange } from '../state/api.ts'
import { fieldsOf, textOf } from '../state/forms.ts'
import { clock, say } from '../state/reader.ts'
import { clockTime, exactTime, nowInSeconds, secondsOf } from '../state/times.ts'
import type { Sending } from '../state/sending.ts'
import { type Changing, usePatch } from './changing.ts'

const weekdays: readonly Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']

const isWeekday = (name: string): name is Weekday => weekdays.some((day) => day === name)

/**
 * A time as forms give it, on the clock that the reader chose, in UTC; what is no time goes as it is, and the service
 * says so.
 */
const inUtc = (given: string): string => {
  const at = new Date(clock.value === 'utc' ? `${given}Z` : given)
  return Number.isNaN(at.getTime()) ? given : at.toISOString()
}

/** On which clock the times of a form are. */
const clockOf = (kind: 'once' | 'weekly'): string => {
  if (kind === 'weekly') return say().zoneOfInstance
  return clock.value === 'utc' ? 'UTC' : say().yourZone
}

const windowOf = (data: FormData): MaintenanceWindow => {
  const reason = textOf(data, 'reason')
  if (textOf(data, 'kind') === 'once') {
    return { reason, from: inUtc(textOf(data, 'from')), until: inUtc(textOf(data, 'until')) }
  }
  return {
    reason,
    weekdays: data.getAll('weekday').map(String).filter(isWeekday),
    at: textOf(data, 'at'),
    minutes: Number(textOf(data, 'minutes')),
  }
}

const wordsOf = (window: MaintenanceWindow): string => {
  const texts = say()
  if ('from' in window) {
    return texts.windowOnce(clockTime(secondsOf(window.from)), clockTime(secondsOf(window.until)))
  }
  const days = texts.listed(window.weekdays.map((day) => texts[day]))
  return texts.windowWeekly(days, window.at, window.timeZone ?? '', texts.minutes(String(window.minutes)))
}

const isOver = (window: MaintenanceWindow): boolean =>
  'until' in window && secondsOf(window.until) <= nowInSeconds()

const Once = () => {
  const texts = say()
  return (
    <>
      <label>
        {texts.from}
        <input name="from" type="datetime-local" required />
      </label>
      <label>
        {texts.until}
        <input name="until" type="datetime-local" required />
      </label>
    </>
  )
}

const Weekly = () => {
  const texts = say()
  return (
    <>
      <fieldset>
        <legend>{texts.weekdays}</legend>
        {weekdays.map((day) => (
          <label key={day} class="check">
            <input type="checkbox" name="weekday" value={day} /> {texts[day]}
          </label>
        ))}
      </fieldset>
      <label>
        {texts.beginsAt}
        <input name="at" type="time" required />
      </label>
      <label>
        {texts.lastsMinutes}
        <input name="minutes" type="number" min={1} max={1440} required defaultValue="120" />
      </label>
    </>
  )
}

const NewWindow = ({
  add,
  sending,
}: {
  readonly add: (window: MaintenanceWindow) => Promise<boolean>
  readonly sending: Sending
}) => {
  const texts = say()
  const kind = useSignal<'closed' | 'once' | 'weekly'>('closed')
  if (kind.value === 'closed') {
    return (
      <button type="button" onClick={() => (kind.value = 'once')}>
        {texts.addWindow}
      </button>
    )
  }
  const submit = async (event: SubmitEvent): Promise<void> => {
    if (await add(windowOf(fieldsOf(event)))) kind.value = 'closed'
  }
  return (
    <form class="filters" onSubmit={(event) => void submit(event)}>
      <label>
        {texts.windowKind}
        <select
          name="kind"
          value={kind.value}
          onChange={({ currentTarget }) => (kind.value = currentTarget.value === 'once' ? 'once' : 'weekly')}
        >
          <option value="once">{texts.once}</option>
          <option value="weekly">{texts.weekly}</option>
        </select>
      </label>
      {kind.value === 'once' ? <Once /> : <Weekly />}
      <label>
        {texts.reason}
        <input name="reason" required maxLength={256} />
      </label>
      <button type="submit" disabled={sending.isBusy.value}>
        {texts.save}
      </button>
      <button type="button" onClick={() => (kind.value = 'closed')}>
        {texts.cancel}
      </button>
      <p class="hint">{clockOf(kind.value)}</p>
      <Fault of={sending} />
    </form>
  )
}

/** Times in which no nightly precheck is started. */
export const Windows = (changing: Changing) => {
  const { definition } = changing.instance
  const { patch, sending } = usePatch(changing)
  const texts = say()
  const windows = definition.maintenanceWindows ?? []
  const put = (next: readonly MaintenanceWindow[]) =>
    patch({ maintenanceWindows: next.length === 0 ? null : next })
  return (
    <section aria-labelledby="windows">
      <h2 id="windows">{texts.windows}</h2>
      <p class="hint">{texts.windowsHint}</p>
      {windows.length === 0 && <p>{texts.noWindows}</p>}
      <ul>
        {windows.map((window, at) => (
          <li key={JSON.stringify(window)} title={'from' in window ? exactTime(secondsOf(window.from)) : ''}>
            {texts.said(wordsOf(window), window.reason)} {isOver(window) && <strong>{texts.over}</strong>}{' '}
            {mayChange() && (
              <Sure
                label={texts.remove}
                what={texts.removeWindow}
                onYes={() => void put(windows.filter((_, index) => index !== at))}
              />
            )}
          </li>
        ))}
      </ul>
      {mayChange() && <NewWindow add={(window) => put([...windows, window])} sending={sending} />}
    </section>
  )
}

import { useSignal } from '@preact/signals'
import type { Schedule as Kept } from '../../../shared/model/schedule.ts'
import { Facts } from '../parts/facts.tsx'
import { Fault } from '../parts/notice.tsx'
import { mayChange } from '../state/api.ts'
import { fieldsOf, textOf } from '../state/forms.ts'
import { say } from '../state/reader.ts'
import { type Changing, usePatch } from './changing.ts'

/** What is left open is inherited from the fleet. */
const wanted = (data: FormData): object => {
  const enabled = textOf(data, 'enabled')
  const window = textOf(data, 'window')
  return {
    enabled: enabled === '' ? null : enabled === 'true',
    at: textOf(data, 'at') || null,
    timeZone: textOf(data, 'timeZone') || null,
    window: window === '' ? null : Number(window),
  }
}

const Shown = ({
  schedule: { enabled, at, timeZone, window },
  region,
}: {
  schedule: Kept
  region: string
}) => {
  const texts = say()
  return (
    <Facts
      of={[
        [texts.nightly, enabled === undefined ? texts.asFleet : enabled ? texts.yes : texts.no],
        [texts.beginsAt, at ?? texts.asFleet],
        [texts.timeZone, timeZone ?? texts.zoneOf(region)],
        [texts.spreadOver, window === undefined ? texts.asFleet : texts.minutes(String(window))],
      ]}
    />
  )
}

/** When an instance is prechecked every night. */
export const Schedule = (changing: Changing) => {
  const { definition } = changing.instance
  const { patch, sending } = usePatch(changing)
  const texts = say()
  const isOpen = useSignal(false)
  const { schedule = {}, region } = definition
  const submit = async (event: SubmitEvent): Promise<void> => {
    if (await patch({ schedule: wanted(fieldsOf(event)) })) isOpen.value = false
  }
  return (
    <section aria-labelledby="schedule">
      <h2 id="schedule">{texts.schedule}</h2>
      {!definition.enabled && <p class="note risk">{texts.disabled}</p>}
      <Shown schedule={schedule} region={region} />
      {mayChange() && !isOpen.value && (
        <button type="button" onClick={() => (isOpen.value = true)}>
          {texts.change}
        </button>
      )}
      {isOpen.value && (
        <form class="filters" onSubmit={(event) => void submit(event)}>
          <label>
            {texts.nightly}
            <select name="enabled" defaultValue={String(schedule.enabled ?? '')}>
              <option value="">{texts.asFleet}</option>
              <option value="true">{texts.yes}</option>
              <option value="false">{texts.no}</option>
            </select>
          </label>
          <label>
            {texts.beginsAt}
            <input name="at" type="time" defaultValue={schedule.at ?? ''} />
          </label>
          <label>
            {texts.timeZone}
            <input name="timeZone" placeholder="Asia/Shanghai" defaultValue={schedule.timeZone ?? ''} />
          </label>
          <label>
            {texts.spreadMinutes}
            <input
              name="window"
              type="number"
              min={1}
              max={720}
              defaultValue={String(schedule.window ?? '')}
            />
          </label>
          <button type="submit" disabled={sending.isBusy.value}>
            {texts.save}
          </button>
          <button type="button" onClick={() => (isOpen.value = false)}>
            {texts.cancel}
          </button>
          <p class="hint">{texts.emptyInherits}</p>
          <Fault of={sending} />
        </form>
      )}
    </section>
  )
}

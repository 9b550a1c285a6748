import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { DownloadCsv } from '../parts/download-csv.tsx'
import { mayRun } from '../state/api.ts'
import { say } from '../state/reader.ts'
import { nowInSeconds } from '../state/times.ts'
import { type Bulk, bulk, closeBulk, startBulk, stopBulk } from './bulk.ts'
import { csvOf } from './csv.ts'
import { endedOf } from './ended.ts'
import type { Member } from './members.ts'
import { selected } from './selection.ts'

/** Between two looks at the fleet while prechecks run that were asked for at once, ms. */
const everyMs = 2000

interface BulkProps {
  readonly members: readonly Member[]
  /** Looks at the fleet again. */
  readonly refresh: () => Promise<void>
}

const Running = ({ state, members, refresh }: BulkProps & { readonly state: Bulk }) => {
  const texts = say()
  const { ids, started, notStarted, isStopped } = state
  const ended = endedOf(state, members)
  const isAllSent = isStopped || started.length + notStarted.length === ids.length
  const isOver = isAllSent && ended === started.length
  useEffect(() => {
    if (isOver) return undefined
    const timer = setInterval(() => void refresh(), everyMs)
    return () => clearInterval(timer)
  }, [isOver, refresh])
  return (
    <section aria-labelledby="bulk" class="verdict">
      <h2 id="bulk">{texts.bulk(ids.length)}</h2>
      <progress aria-labelledby="bulk" max={ids.length} value={ended + notStarted.length} />
      <p role="status">{texts.bulkProgress(started.length, ended, notStarted.length)}</p>
      <ul>
        {notStarted.map(({ id, why }) => (
          <li key={id}>
            {id}: {why}
          </li>
        ))}
      </ul>
      <button type="button" onClick={isAllSent ? closeBulk : stopBulk}>
        {isAllSent ? texts.close : texts.stop}
      </button>
    </section>
  )
}

/** Prechecks that were asked for at once: how far they are, and which were not started and why. */
export const BulkProgress = (props: BulkProps) =>
  bulk.value === null ? null : <Running state={bulk.value} {...props} />

const Preview = ({ members, close }: { readonly members: readonly Member[]; readonly close: () => void }) => {
  const texts = say()
  const waiting = members.filter(({ isRunning }) => !isRunning)
  const begin = (): void => {
    void startBulk(waiting, texts.offline)
    close()
  }
  return (
    <p role="alert" class="note">
      {texts.bulkPreview(waiting.length, members.length - waiting.length)}{' '}
      <button type="button" class="first" disabled={waiting.length === 0} onClick={begin}>
        {texts.start}
      </button>{' '}
      <button type="button" onClick={close}>
        {texts.cancel}
      </button>
    </p>
  )
}

/** What can be done with the instances that are shown, or with those that are chosen among them. */
export const Actions = ({ shown }: { readonly shown: readonly Member[] }) => {
  const texts = say()
  const isAsking = useSignal(false)
  const chosen = shown.filter(({ id }) => selected.value.has(id))
  const members = chosen.length > 0 ? chosen : shown
  return (
    <>
      <p class="actions">
        {mayRun() && (
          <button type="button" onClick={() => (isAsking.value = true)}>
            {chosen.length > 0 ? texts.precheckChosen(chosen.length) : texts.precheckShown(shown.length)}
          </button>
        )}{' '}
        <DownloadCsv name="fleet.csv" table={() => csvOf(members, nowInSeconds())} />{' '}
        {chosen.length > 0 && (
          <button type="button" onClick={() => (selected.value = new Set())}>
            {texts.chooseNone}
          </button>
        )}
      </p>
      {isAsking.value && <Preview members={members} close={() => (isAsking.value = false)} />}
    </>
  )
}

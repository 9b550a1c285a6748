import { useEffect } from 'preact/hooks'
import type { PrecheckView } from '../../../functions/api/views/precheck-view.ts'
import { Mark } from '../parts/mark.tsx'
import { Fault, Freshness } from '../parts/notice.tsx'
import { mayRun } from '../state/api.ts'
import { say } from '../state/reader.ts'
import { useRemote } from '../state/remote.ts'
import { useSending } from '../state/sending.ts'

/** Between two looks at a precheck that runs, ms. */
const everyMs = 1000

/** A precheck that runs, item by item, until it has ended. */
export const Progress = ({
  precheckId,
  onEnd,
}: {
  readonly precheckId: string
  readonly onEnd: () => void
}) => {
  const texts = say()
  const precheck = useRemote<PrecheckView>(`v1/prechecks/${precheckId}`, everyMs)
  const body = precheck.body.value
  const isOver = body?.state === 'completed'
  useEffect(() => {
    if (isOver) onEnd()
  }, [isOver])
  return (
    <section aria-labelledby="progress" class="progress">
      <h2 id="progress">{texts.precheckRuns}</h2>
      <Freshness of={precheck} />
      {body && (
        <>
          <progress aria-labelledby="progress" max={body.progress.total} value={body.progress.completed} />
          <p role="status">{texts.progress(body.progress.completed, body.progress.total)}</p>
          <ul class="items">
            {body.items.map(({ checkItem, title, status }) => (
              <li key={checkItem}>
                <Mark verdict={status} /> {title}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  )
}

/** Starts a precheck, for who may. */
export const PrecheckNow = ({
  instanceId,
  onStart,
}: {
  readonly instanceId: string
  readonly onStart: () => void
}) => {
  const texts = say()
  const sending = useSending()
  const { isBusy, fault } = sending
  const start = async (): Promise<void> => {
    const path = `v1/instances/${encodeURIComponent(instanceId)}/prechecks`
    await sending.send(path, { method: 'POST', body: {} })
    // Somebody else has started one: then that is shown.
    if (fault.value !== 'offline' && fault.value?.code === 'PRECHECK_RUNNING') fault.value = null
    onStart()
  }
  if (!mayRun()) return <p class="hint">{texts.mayNotRun}</p>
  return (
    <>
      <button type="button" class="first" disabled={isBusy.value} onClick={() => void start()}>
        {texts.precheckNow}
      </button>
      <Fault of={sending} />
    </>
  )
}

import type { PrecheckSummary } from '../../../functions/api/views/precheck-view.ts'
import type { PrecheckView } from '../../../functions/api/views/precheck-view.ts'
import { Mark, shapes } from '../parts/mark.tsx'
import { Freshness, Loading } from '../parts/notice.tsx'
import { language, say } from '../state/reader.ts'
import { useRemote } from '../state/remote.ts'
import { ago, clockTime, exactTime, nowInSeconds, secondsOf } from '../texts/times.ts'
import { Changes } from './changes.tsx'
import { Findings } from './findings.tsx'
import { ReadinessTable } from './readiness.tsx'
import { PrecheckNow, Progress } from './run.tsx'
import { sentencesOf } from './sentence.ts'

/** Between two looks at what was prechecked, ms. */
const everyMs = 10_000

/** Prechecks in the strip: a month of nights. */
const shownPrechecks = 30

interface PageOf<Item> {
  readonly items: readonly Item[]
}

const History = ({ prechecks }: { readonly prechecks: readonly PrecheckSummary[] }) => {
  const texts = say()
  const ended = prechecks.filter(({ outcome }) => outcome !== null)
  if (ended.length === 0) return null
  return (
    <section aria-labelledby="history">
      <h2 id="history">{texts.history}</h2>
      <p class="hint">{texts.historyHint}</p>
      <ol class="strip">
        {ended.toReversed().map(({ id, outcome, startedAt }) => {
          const { shape, tone } = shapes[outcome ?? 'never']
          const words = `${clockTime(secondsOf(startedAt))}: ${texts[outcome ?? 'never']}`
          return (
            <li key={id} class={`cell ${tone}`} title={words}>
              <span aria-hidden="true">{shape}</span>
              <span class="unseen">{words}</span>
            </li>
          )
        })}
      </ol>
    </section>
  )
}

const Head = ({ precheck }: { readonly precheck: PrecheckView }) => {
  const texts = say()
  const at = precheck.completedAt === null ? 0 : secondsOf(precheck.completedAt)
  const script = `../v1/prechecks/${precheck.id}/remediation.sql?locale=${language.value}`
  return (
    <section aria-labelledby="last" class={`verdict ${shapes[precheck.outcome ?? 'never'].tone}`}>
      <h2 id="last">
        {texts.lastResult} <Mark verdict={precheck.outcome ?? 'never'} />
      </h2>
      <p title={exactTime(at)}>
        {clockTime(at)} ({ago(at, nowInSeconds())})
      </p>
      {sentencesOf(precheck, texts).map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      <p class="no-print">
        <a href={script} download={`${precheck.instanceId}-remediation.sql`}>
          {texts.download}
        </a>{' '}
        <button type="button" onClick={() => print()}>
          {texts.print}
        </button>
      </p>
    </section>
  )
}

const Last = ({ precheck }: { readonly precheck: PrecheckView }) => (
  <>
    <Head precheck={precheck} />
    <ReadinessTable precheck={precheck} />
    <Findings precheck={precheck} />
    {precheck.comparison && <Changes comparison={precheck.comparison} />}
  </>
)

/** An instance: its last result, what runs, and what there was before. */
export const InstancePage = ({ id }: { readonly id: string }) => {
  const texts = say()
  const path = `v1/instances/${encodeURIComponent(id)}/prechecks`
  const history = useRemote<PageOf<PrecheckSummary>>(`${path}?limit=${shownPrechecks}`, everyMs)
  const last = useRemote<PrecheckView>(`${path}/last`, 0)
  const prechecks = history.body.value?.items ?? []
  const running = prechecks.find(({ state }) => state === 'running')
  const hasNone = last.problem.value?.code === 'NO_LAST_RESULT'
  const again = (): void => {
    void history.refresh()
    void last.refresh()
  }
  return (
    <>
      <h1>{id}</h1>
      <Freshness of={history} />
      {running ? (
        <Progress key={running.id} precheckId={running.id} onEnd={again} />
      ) : (
        <div class="no-print">
          <PrecheckNow instanceId={id} onStart={() => void history.refresh()} />
        </div>
      )}
      {hasNone && <p>{texts.noResult}</p>}
      {last.body.value === null && !hasNone && (
        <>
          <Loading of={last} />
          <Freshness of={last} />
        </>
      )}
      {last.body.value && <Last precheck={last.body.value} />}
      <History prechecks={prechecks} />
    </>
  )
}

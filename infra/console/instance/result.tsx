import { useEffect } from 'preact/hooks'
import type { PrecheckView } from '../../../functions/api/views/precheck-view.ts'
import { Mark, shapes } from '../parts/mark.tsx'
import { Loading, Trouble } from '../parts/notice.tsx'
import { linkTo, place } from '../state/address.ts'
import { language, say } from '../state/reader.ts'
import { useRemote } from '../state/remote.ts'
import { ago, clockTime, exactTime, nowInSeconds, secondsOf } from '../state/times.ts'
import { Changes } from './changes.tsx'
import { CoverageOf } from './coverage.tsx'
import { Findings } from './findings.tsx'
import { ReadinessTable } from './readiness.tsx'
import { sentencesOf } from './sentence.ts'

const Head = ({ precheck }: { readonly precheck: PrecheckView }) => {
  const texts = say()
  const at = precheck.completedAt === null ? 0 : secondsOf(precheck.completedAt)
  const script = `../v1/prechecks/${precheck.id}/remediation.sql?locale=${language.value}`
  return (
    <section aria-labelledby="last" class={`verdict ${shapes[precheck.outcome ?? 'never'].tone}`}>
      <h2 id="last">
        {texts.lastResult} <Mark verdict={precheck.outcome ?? 'never'} />
      </h2>
      <p title={exactTime(at)}>{texts.remarked(clockTime(at), ago(at, nowInSeconds()))}</p>
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

/** The last result of an instance, or an earlier one that the address names. `newestId`: that of the newest that ended. */
export const Result = ({ id, newestId }: { readonly id: string; readonly newestId: string | null }) => {
  const texts = say()
  const earlier = place.value.query.get('result')
  const result = useRemote<PrecheckView>(
    earlier === null
      ? `v1/instances/${encodeURIComponent(id)}/prechecks/last`
      : `v1/prechecks/${encodeURIComponent(earlier)}`,
    0,
  )
  const precheck = result.body.value
  useEffect(() => {
    const isOlder = precheck ? precheck.id !== newestId : result.problem.value !== null
    if (newestId !== null && isOlder) void result.refresh()
  }, [newestId])
  if (result.problem.value?.code === 'NO_LAST_RESULT') return <p>{texts.noResult}</p>
  if (precheck === null) {
    return (
      <>
        <Loading of={result} />
        <Trouble of={result} />
      </>
    )
  }
  return (
    <>
      {earlier !== null && (
        <p class="note risk">
          {texts.earlierResult} <a href={linkTo(['instances', id])}>{texts.lastResult}</a>
        </p>
      )}
      <Head precheck={precheck} />
      <ReadinessTable precheck={precheck} />
      <Findings precheck={precheck} />
      {precheck.comparison && <Changes comparison={precheck.comparison} />}
      <CoverageOf precheck={precheck} />
    </>
  )
}

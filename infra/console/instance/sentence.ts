import type { PrecheckView } from '../../../functions/api/views/precheck-view.ts'
import type { Texts } from '../texts/en.ts'

export const operations = ['full', 'incremental', 'log', 'restore'] as const
export type Operation = (typeof operations)[number]

/** From worst to best. */
const verdicts = ['blocked', 'unknown', 'degraded', 'ready'] as const

type Completed = Pick<PrecheckView, 'outcome' | 'readiness' | 'coverage'>

/** What came of a precheck, in a sentence for the whole and one for each verdict that there is. */
export const sentencesOf = ({ outcome, readiness, coverage }: Completed, texts: Texts): readonly string[] => {
  if (outcome === null || readiness === null) return []
  const whole = {
    passed: texts.sentencePassed,
    warning: texts.sentenceWarning,
    failed: texts.sentenceFailed,
    inconclusive: texts.sentenceInconclusive,
  }[outcome]
  const parts = verdicts.flatMap((verdict) => {
    const own = operations.filter((each) => readiness.instance[each].verdict === verdict)
    return own.length === 0
      ? []
      : [texts.verdicts(texts[verdict], own.map((each) => texts[each]).join(' · '))]
  })
  return [whole, ...parts, ...(coverage ? [texts.judged(coverage.judged, coverage.total)] : [])]
}

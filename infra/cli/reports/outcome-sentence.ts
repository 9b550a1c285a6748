import type { PrecheckView } from '../../../functions/api/views/precheck-view.ts'
import type { Text } from '../../../shared/model/message.ts'
import type { Operation } from '../../../shared/model/operation.ts'
import type { Outcome } from '../../../shared/model/outcome.ts'
import type { Verdict } from '../../../shared/model/readiness.ts'
import type { Look } from './terminal.ts'
import { operationWords, verdictWords } from './words.ts'

/** Verdict of the operations that an outcome is about. */
const verdictOf: Readonly<Record<Outcome, Verdict>> = {
  passed: 'ready',
  warning: 'degraded',
  failed: 'blocked',
  inconclusive: 'unknown',
}

const plainSentences = {
  passed: { en: 'every planned operation is safe.', zh: '计划的操作都可以安全执行。' },
  warning: { en: 'the backup will run, with a risk.', zh: '备份可以执行，但有风险。' },
  failed: { en: 'a planned operation would fail.', zh: '计划的某些操作会失败。' },
  inconclusive: { en: 'not everything could be judged.', zh: '有检查项未能判定。' },
} as const

/** For how many databases an operation has a verdict, of how many; null where the table does not hold all of them. */
const databasesWith = (
  { databases, total, instance }: NonNullable<PrecheckView['readiness']>,
  operation: Operation,
  verdict: Verdict,
): { readonly count: number; readonly all: number } | null =>
  total !== undefined && total > databases.length
    ? null
    : {
        count: databases.filter(({ operations }) => operations[operation].verdict === verdict).length,
        all: instance[operation].databases.total,
      }

/** What an outcome comes to for a planned operation; none where it is about others. */
const operationTexts = ({ readiness }: PrecheckView, operation: Operation, verdict: Verdict): Text[] => {
  if (!readiness) return []
  const [name, word] = [operationWords[operation], verdictWords[verdict]]
  const found = databasesWith(readiness, operation, verdict)
  const isWhole = readiness.instance[operation].verdict === verdict
  if (found && found.count > 0 && found.count < found.all)
    return [
      {
        en: `${name.en} ${word.en} for ${found.count} of ${found.all} databases`,
        zh: `${name.zh}：${found.all} 个数据库中 ${found.count} 个${word.zh}`,
      },
    ]
  return isWhole ? [{ en: `${name.en} ${word.en}`, zh: `${name.zh}${word.zh}` }] : []
}

/** What an outcome comes to for the planned operations, in one sentence. */
export const outcomeSentence = (precheck: PrecheckView, outcome: Outcome, { say }: Look): string => {
  const verdict = verdictOf[outcome]
  const affected = precheck.operations.flatMap((operation) => operationTexts(precheck, operation, verdict))
  if (outcome === 'passed' || outcome === 'inconclusive' || affected.length === 0)
    return say(plainSentences[outcome])
  return affected.map(say).join(say({ en: ', ', zh: '；' })) + say({ en: '.', zh: '。' })
}

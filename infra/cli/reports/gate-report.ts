import type { GateView } from '../../../functions/api/views/gate-view.ts'
import { commonVocabulary } from '../../../shared/model/vocabulary.ts'
import { wrapped } from './layout.ts'
import type { Look, Say } from './terminal.ts'
import { colon } from './words.ts'

type Reason = GateView['reasons'][number]

const tones = { allow: 'good', inconclusive: 'odd', deny: 'bad' } as const
const decisionWords = {
  allow: { en: 'ALLOW', zh: '允许' },
  inconclusive: { en: 'INCONCLUSIVE', zh: '无法判定' },
  deny: { en: 'DENY', zh: '拒绝' },
} as const
const effectTones = {
  blocks: 'bad',
  limits: 'bad',
  undetermined: 'odd',
  obscures: 'odd',
  degrades: 'fair',
} as const
const effectWords = {
  blocks: { en: 'blocks', zh: '阻止' },
  limits: { en: 'limits', zh: '受限' },
  undetermined: { en: 'undetermined', zh: '未能判定' },
  obscures: { en: 'obscures', zh: '无法看清' },
  degrades: { en: 'degrades', zh: '影响' },
} as const

const sentenceOf = ({ instanceId, operation, decision, proceed, state }: GateView, say: Say): string => {
  const name = commonVocabulary[operation] ?? { en: operation, zh: operation }
  const what = { en: `the ${name.en} of ${instanceId}`, zh: `${instanceId} 的${name.zh}` }
  if (decision === 'allow') return say({ en: `${what.en} may run.`, zh: `${what.zh}可以执行。` })
  if (decision === 'deny') return say({ en: `${what.en} may not run.`, zh: `${what.zh}不可执行。` })
  const why =
    state === 'running'
      ? { en: 'the precheck has not ended in time', zh: '预检未能及时结束' }
      : { en: 'not everything that decides it could be determined', zh: '并非所有决定因素都能判定' }
  return say({
    en: `${why.en}; by the policy ${what.en} ${proceed ? 'may' : 'may not'} run.`,
    zh: `${why.zh}；按策略，${what.zh}${proceed ? '可以' : '不可'}执行。`,
  })
}

const ageOf = (seconds: number, say: Say): string => {
  const minutes = Math.round(seconds / 60)
  return seconds < 120
    ? say({ en: `${seconds} s`, zh: `${seconds} 秒` })
    : say({ en: `${minutes} min`, zh: `${minutes} 分钟` })
}

const reasonText = ({ effect, checkItem, text }: Reason, { paint, say }: Look): string =>
  `${paint[effectTones[effect]](say(effectWords[effect]))} ${checkItem}${say(colon)}${text}`

/** By what it was judged, or how to follow that. */
const sourceText = (
  { ageSeconds, precheckId, instanceId }: GateView,
  isFixable: boolean,
  say: Say,
): string => {
  if (ageSeconds === null)
    return say({
      en: `Follow it with: precheck watch ${precheckId}`,
      zh: `继续跟踪：precheck watch ${precheckId}`,
    })
  const age = ageOf(ageSeconds, say)
  return say({
    en: `By ${precheckId}, which ended ${age} ago${isFixable ? `; what to do: precheck last ${instanceId}` : '.'}`,
    zh: `依据 ${precheckId}（${age}前结束）${isFixable ? `；处理方法：precheck last ${instanceId}` : '。'}`,
  })
}

/** What the gate says, as a person reads it in the log of a job. */
export const gateReport = (answer: GateView, look: Look): string => {
  const { decision, reasons, databases, total } = answer
  const { paint, say, width } = look
  const of = databases.filter((each) => each.reasons.length > 0)
  const hidden = (total ?? databases.length) - databases.length
  const texts = [
    ...reasons.map((reason) => reasonText(reason, look)),
    ...of.flatMap((each) =>
      each.reasons.map((reason) => `${each.database}${say(colon)}${reasonText(reason, look)}`),
    ),
  ]
  const more = {
    en: `  … and ${hidden} more databases; name those of the job with --database`,
    zh: `  … 另有 ${hidden} 个数据库；可用 --database 指定作业涉及的数据库`,
  }
  return [
    ...wrapped(
      `${paint[tones[decision]](say(decisionWords[decision]))}${say(colon)}${sentenceOf(answer, say)}`,
      {
        width,
        hanging: 2,
      },
    ),
    ...texts.flatMap((text) => wrapped(`  ${text}`, { width, hanging: 4 })),
    ...(hidden > 0 ? [paint.dim(say(more))] : []),
    paint.dim(sourceText(answer, texts.length > 0, say)),
    '',
  ].join('\n')
}

import type { PrecheckView } from '../../../functions/api/views/precheck-view.ts'
import { allOperations } from '../../../shared/model/operation.ts'
import { comparisonLines } from './comparison-lines.ts'
import { firstFixedIn } from './finding-lines.ts'
import { isQuiet, quietLines, toldLines } from './item-lines.ts'
import { indented, statusTone, wrapped } from './layout.ts'
import { outcomeSentence } from './outcome-sentence.ts'
import { protectionLine } from './protection-report.ts'
import { readinessLines } from './readiness-table.ts'
import type { Look } from './terminal.ts'
import { colon, outcomeWords } from './words.ts'

type Item = PrecheckView['items'][number]

/** How many items were judged, where some could not be. */
const coverageLines = ({ coverage }: PrecheckView, { paint, say }: Look): string[] => {
  if (!coverage || coverage.judged >= coverage.total) return []
  const { judged, total } = coverage
  return [
    '',
    paint.fair(
      say({ en: `${judged} of ${total} check items judged`, zh: `${total} 个检查项中已判定 ${judged} 个` }),
    ),
  ]
}

/** Fingerprints of the findings that are acknowledged. */
const acknowledgedIn = (items: readonly Item[]): ReadonlySet<string> =>
  new Set(
    items.flatMap(({ findings }) =>
      findings.flatMap(({ acknowledgement, fingerprint }) => (acknowledgement ? [fingerprint] : [])),
    ),
  )

/** The table of the operations that the plan uses; `isWhole`: of all. */
const tableLines = (
  { readiness, items, operations }: PrecheckView,
  isWhole: boolean,
  look: Look,
): string[] => {
  if (!readiness) return []
  const table = { ...readiness, acknowledged: acknowledgedIn(items) }
  const lines = readinessLines(table, isWhole ? allOperations : operations, look)
  const title = look.paint.strong(look.say({ en: 'Readiness', zh: '可执行的操作' }))
  return ['', title, ...indented(lines, 2)]
}

/** A precheck as a person reads it, what it came to first; `isWhole`: with notes of what passed, and operations that the plan does not use. */
export const report = (precheck: PrecheckView, look: Look, isWhole = false): string => {
  const { instanceId, engine, region, id, outcome, startedAt, completedAt, items, protection } = precheck
  const { paint, say } = look
  const seconds = completedAt ? (Date.parse(completedAt) - Date.parse(startedAt)) / 1000 : 0
  const verdict = outcome
    ? paint[statusTone[outcome]](say(outcomeWords[outcome]).toUpperCase())
    : say({ en: 'RUNNING', zh: '检查中' })
  const where = say({ en: `${engine} in ${region}`, zh: `${engine}，${region}` })
  const took = say({ en: `  in ${seconds.toFixed(1)} s`, zh: `，用时 ${seconds.toFixed(1)} 秒` })
  const sentence = outcome ? [verdict + say(colon) + outcomeSentence(precheck, outcome, look)] : []
  const isTold = (item: Item): boolean =>
    !isQuiet(item, look) || (isWhole && item.findings.length + item.excluded.length > 0)
  const told = items.filter(isTold)
  const firstFixed = firstFixedIn(told)
  return [
    '',
    ...wrapped(`${paint.strong(instanceId)}  ${where}  ${paint.dim(id)}`, { width: look.width, hanging: 2 }),
    ...sentence.flatMap((text) => wrapped(text, { width: look.width, hanging: 2 })),
    '',
    ...toldLines(told, firstFixed, look),
    ...quietLines(
      items.filter((item) => !isTold(item)),
      look,
    ),
    ...coverageLines(precheck, look),
    ...tableLines(precheck, isWhole, look),
    ...comparisonLines(precheck, look),
    '',
    ...(protection ? [protectionLine(protection, look)] : []),
    `${paint.strong(say({ en: 'Outcome', zh: '结果' }))}${say(colon)}${verdict}${completedAt ? paint.dim(took) : ''}`,
    '',
  ].join('\n')
}

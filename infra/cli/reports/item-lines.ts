import type { PrecheckView } from '../../../functions/api/views/precheck-view.ts'
import { notApplicable } from '../../../shared/model/outcome.ts'
import { padded } from './cells.ts'
import { type FirstFixed, block, findingLines, itemIndent } from './finding-lines.ts'
import { statusMarks, statusTone, wrapped } from './layout.ts'
import type { Look } from './terminal.ts'
import { statusWords } from './words.ts'

type Item = PrecheckView['items'][number]

/** Cells of the longest status. */
const statusCells = 9

/** One line for an item: what the live progress prints. */
export const itemLine = (item: Item, { paint, say }: Look): string => {
  const { status, durationMs, checkItem } = item
  const head = paint[statusTone[status]](
    `${statusMarks[status]} ${padded(say(statusWords[status]), statusCells)}`,
  )
  return `${head} ${checkItem}${durationMs === null ? '' : paint.dim(` ${durationMs} ms`)}`
}

/** From where an item looked, where that matters. */
const vantageOf = ({ vantage, observed }: Item, { say }: Look): string => {
  if (vantage === 'instance')
    return say({ en: ' (measured on the ECS instance itself)', zh: '（在 ECS 实例上测得）' })
  return observed['endpoints'] === undefined
    ? ''
    : say({
        en: ' (measured from the checker, not on the host of the instance)',
        zh: '（从检查端测得，而非在实例所在主机上）',
      })
}

/** What is left out of an item that found very much, and where it is. */
const cutText = ({ findings, totals }: Item, { paint, say }: Look): string[] => {
  if (!totals || findings.length >= totals.findings) return []
  const [shown, all, how] = [findings.length, totals.findings, `precheck api GET "${totals.rest}"`]
  return [
    paint.fair(
      say({
        en: `${shown} of ${all} findings; all of them: ${how}`,
        zh: `共 ${all} 条，显示 ${shown} 条；全部：${how}`,
      }),
    ),
  ]
}

/** An item with all that is to be said of it. */
const itemLines = (item: Item, firstFixed: FirstFixed, look: Look): string[] => {
  const { reason, excluded, findings, title, retried } = item
  const { paint, say } = look
  const left = (name: string, why: string) =>
    say({ en: `excluded ${name}: ${why}`, zh: `已排除 ${name}：${why}` })
  const texts = [
    paint.dim(title + vantageOf(item, look)),
    ...(reason ? [reason.text, ...(reason.advice ? [`→ ${reason.advice}`] : [])] : []),
    ...(retried ? [paint.dim(retried.text)] : []),
  ]
  const after = [
    ...cutText(item, look),
    ...excluded.map(({ name, reason: why }) => paint.dim(left(name, why.text))),
  ]
  return [
    itemLine(item, look),
    ...texts.flatMap((text) => block(text, itemIndent, look)),
    ...findings.flatMap((finding) => findingLines(finding, firstFixed, look)),
    ...after.flatMap((text) => block(text, itemIndent, look)),
  ]
}

/** Skipped because the instance does not need it. */
const isNeedless = ({ reason }: Item): boolean => reason?.code === notApplicable

/** Passed with no more to say than notes, not even from where it looked or that it had to try twice. */
export const isQuiet = (item: Item, look: Look): boolean =>
  isNeedless(item) ||
  (item.status === 'passed' &&
    item.findings.every(({ level }) => level === 'note') &&
    vantageOf(item, look) === '' &&
    item.retried === undefined)

/** Cells in which a list of items is broken into lines, where the terminal is not narrower. */
const listWidth = 100

/** Items that need no other words than these, in as few lines as it takes. */
const togetherLines = (
  status: Item['status'],
  words: string,
  items: readonly Item[],
  look: Look,
): string[] => {
  if (items.length === 0) return []
  const { paint, say } = look
  const head = paint[statusTone[status]](
    `${statusMarks[status]} ${padded(say(statusWords[status]), statusCells)}`,
  )
  const ids = items.map(({ checkItem }) => checkItem).join(', ')
  return wrapped(`${head} ${words}${ids}`, { width: Math.min(look.width, listWidth), hanging: itemIndent })
}

/** Whether two items could not be judged for one reason, and neither has more to say: a login that fails, as a rule. */
const isAlike = (one: Item, other: Item): boolean =>
  one.reason !== null &&
  one.reason.text === other.reason?.text &&
  one.status === other.status &&
  [one, other].every(({ findings, excluded }) => findings.length + excluded.length === 0)

/** Items with all that is to be said of them, and a reason that several have once. */
export const toldLines = (items: readonly Item[], firstFixed: FirstFixed, look: Look): string[] =>
  items.flatMap((item, index) => {
    const first = items.find((each) => isAlike(each, item)) ?? item
    if (first !== item) return []
    const others = items.slice(index + 1).filter((each) => isAlike(item, each))
    const words = look.say({ en: 'for the same reason: ', zh: '原因相同：' })
    return [...itemLines(item, firstFixed, look), ...togetherLines(item.status, words, others, look)]
  })

/** What does not apply, and what passed without anything to say. */
export const quietLines = (items: readonly Item[], look: Look): string[] => [
  ...togetherLines(
    'skipped',
    look.say({ en: 'not applicable: ', zh: '不适用：' }),
    items.filter(isNeedless),
    look,
  ),
  ...togetherLines(
    'passed',
    '',
    items.filter((item) => !isNeedless(item)),
    look,
  ),
]

import { describe, expect, it } from 'vitest'
import { notDetermined, notNeeded } from '../../functions/api/views/precheck-view.ts'
import { catalogue } from '../../shared/checks/catalogue.ts'
import { problems } from '../../shared/checks/problem-catalogue.ts'
import { scriptTexts } from '../../shared/checks/remediation-script.ts'
import { renderMessage, vocabulary } from '../../shared/checks/render.ts'
import { stepTexts } from '../../shared/checks/step-catalogue.ts'
import { givenUpCodes, renderGivenUp } from '../../shared/model/dead-letter.ts'
import { renderNotRun } from '../../shared/model/not-run-reasons.ts'
import { type Sweep, notRunCodes } from '../../shared/model/sweep.ts'
import { maxDigestEntries } from '../../shared/webhooks/events/digest-parts.ts'
import { digestOf } from '../../shared/webhooks/events/digest.ts'
import {
  type WebhookEvent,
  precheckEvent,
  sampleEvent,
  sweepEvent,
} from '../../shared/webhooks/events/event.ts'
import { sampleText } from '../../shared/webhooks/events/sample-data.ts'
import { wordsOf } from '../../shared/webhooks/events/words.ts'
import {
  acknowledgementOf,
  itemResult,
  lastOf,
  simpleDatabase,
  undeterminedItem,
} from '../support/completed-prechecks.ts'
import { breachesIn } from '../support/chinese.ts'

describe('the rule', () => {
  it.each([
    ['连接 {host}:{port} 失败（{cause}）：请重试。', []],
    ['无法解析域名 {host}({cause}）。', ['(']],
    ['无法解析,请重试。', [',']],
    ['原因:未知。', [':']],
    ['检查OSS 的连接性。', ['查O']],
    ['耗时 {ms}毫秒。', ['}毫']],
    ['失败 （{cause}）。', [' （']],
    ['请 重试。', ['请 重']],
    ['请 restart the service now。', ['restart the service now']],
  ])('for %s', (text, breaches) => {
    expect(breachesIn(text)).toEqual(breaches)
  })
})

const ofCatalogue = catalogue.flatMap(({ id, title, failureTitle, description, texts }) =>
  Object.entries({ title, failureTitle, description, ...texts }).map(
    ([code, { zh }]) => [`${id} ${code}`, zh] as const,
  ),
)

const ofProblems = Object.entries(problems).flatMap(([code, { text, advice }]) => [
  [`${code} text`, text.zh] as const,
  [`${code} advice`, advice.zh] as const,
])

/** With its parameters filled by Latin characters. */
const ofGivenUp = givenUpCodes.map((code) => {
  const params = { condition: 'UnhandledInvocationError', received: 7 }
  return [code, renderGivenUp({ code, params }, 'zh')] as const
})

const ofNotRun = notRunCodes.map((code) => {
  const params = { until: '23:00Z', latestAt: '23:00Z', reason: 'X', precheckId: 'pc_1', host: 'X', limit: 4 }
  return [code, renderNotRun({ code, params }, 'zh').replaceAll('23:00Z', 'X')] as const
})

const ofTexts = Object.entries({
  ...stepTexts,
  ...scriptTexts,
  ...vocabulary,
  notDetermined,
  notNeeded,
  sampleText,
}).map(([code, { zh }]) => [code, zh] as const)

const isOnlyPlaceholders = (text: string): boolean => text.replaceAll(/\{\w+\}/g, '').search(/\p{L}/u) < 0

describe('a Chinese text', () => {
  it.each([...ofCatalogue, ...ofProblems, ...ofNotRun, ...ofGivenUp, ...ofTexts])(
    'has full-width punctuation, and spaces between Han and Latin only: %s',
    (_, text) => {
      if (!isOnlyPlaceholders(text)) expect(text).toMatch(/\p{sc=Han}/u)
      expect(breachesIn(text)).toEqual([])
    },
  )

  const pairs = Object.entries({ ...stepTexts, ...scriptTexts, ...vocabulary })
  it.each(pairs)(
    'of a step, a script or a term has the parameters of the English one: %s',
    (_, { en, zh }) => {
      const placeholders = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).sort()
      expect(placeholders(zh)).toEqual(placeholders(en))
      expect(en).toMatch(/\w/)
      expect(en).not.toMatch(/\p{sc=Han}/u)
    },
  )

  it('is full of terms without needless spaces', () => {
    const message = { code: 'RECOVERY_MODEL_SIMPLE', params: { database: 'HR', operations: ['full', 'log'] } }
    const text = renderMessage('SQL_SERVER_DB_IN_SIMPLE_RECOVERY_MODE', message, 'zh')
    expect(text).toContain('无法执行：全量备份、日志备份。')
    expect(breachesIn(text)).toEqual([])
    const params = { number: ['log-used-bytes'], name: 'Sales', when: 'X', hours: 3, points: 30 }
    const forecast = renderMessage('LIMIT_TREND', { code: 'TREND_REACHES_LIMIT', params }, 'zh')
    expect(forecast).toContain('达到上限：事务日志已用空间。')
    expect(breachesIn(forecast)).toEqual([])
  })
})

const words = wordsOf.zh
const totals = { blocked: 2, findings: 3, undetermined: 1, resolved: 1 }
const counts = {
  waiting: 0,
  started: 9,
  running: 0,
  passed: 1,
  warning: 1,
  failed: 7,
  inconclusive: 1,
  notRun: 1,
}

/** Everything that `wordsOf` can say; names, times and paths left out. */
const counted = [
  { name: '全量备份', count: 7, total: 9 },
  { name: '恢复', count: 9, total: 9 },
]

const ofWords: readonly string[] = [
  words.product,
  ...Object.values(words.outcomes),
  words.recovered + words.inParentheses('X'),
  `${words.instance}${words.colon}${words.unnamed}`,
  words.blocked('全量备份'),
  ...Object.values(words.effects),
  ...Object.values(words.changes),
  words.undetermined,
  words.resolved,
  words.before('X'),
  words.fix('在线执行', 'X'),
  words.readyDatabases(counted),
  words.judgedItems(counted),
  words.advice,
  words.moreSteps(2),
  words.elsewhere,
  words.others(2),
  words.more(2),
  ...words.totals(totals),
  words.sweep('nightly', 'X'),
  words.sweep('requested', 'X'),
  ...words.counts(counts),
  words.troubled('failed', ['a-1', 'a-2'], 7),
  words.sample,
  words.example,
  words.details('X'),
]

describe('the words of webhooks', () => {
  it.each(ofWords)('keep the rule: %s', (text) => {
    expect(breachesIn(text)).toEqual([])
  })
})

const nights = [
  { results: [itemResult([simpleDatabase('Sales'), simpleDatabase('Old'), simpleDatabase('HR')])] },
  {
    results: [itemResult([simpleDatabase('Sales'), simpleDatabase('HR')]), undeterminedItem()],
    acknowledgements: [acknowledgementOf('HR')],
  },
] as const

const sweep: Sweep = {
  id: '2026-11-21',
  kind: 'nightly',
  state: 'completed',
  filter: {},
  listing: null,
  startedAt: '2026-11-20T18:00:00.000Z',
  completedAt: '2026-11-20T20:00:00.000Z',
  counts,
  troubled: { failed: ['a-1', 'a-2'], inconclusive: ['b-1'], notRun: ['c-1'] },
}

describe('a Chinese message of a webhook', () => {
  it.each<[string, WebhookEvent]>([
    ['a failed precheck', precheckEvent(lastOf(...nights), 'precheck.failed', 'zh')],
    [
      'a recovered precheck',
      precheckEvent(lastOf(nights[0], { results: [itemResult([])] }), 'precheck.recovered', 'zh'),
    ],
    ['a sweep', sweepEvent(sweep, 'zh')],
    ['a sample', sampleEvent('2026-11-21T02:00:00.000Z', 'zh')],
  ])('has no half-width punctuation beside Han: %s', (_, event) => {
    const text = JSON.stringify(digestOf(event, maxDigestEntries))
    expect(text).toMatch(/\p{sc=Han}/u)
    expect(text).not.toMatch(/\p{sc=Han}[,;:!?()]|[,;:!?()] ?\p{sc=Han}/u)
  })
})

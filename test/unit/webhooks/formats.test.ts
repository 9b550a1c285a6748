import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Check } from '../../../shared/checks/framework/define-check.ts'
import backupRights from '../../../shared/checks/mysql/mysql-backup-rights.ts'
import binlog from '../../../shared/checks/mysql/mysql-binlog.ts'
import type { Locale } from '../../../shared/model/message.ts'
import type { CompletedPrecheck } from '../../../shared/model/precheck.ts'
import type { EventType, CalledFormat } from '../../../shared/webhooks/model/webhook.ts'
import { digestOf } from '../../../shared/webhooks/events/digest.ts'
import {
  type WebhookEvent,
  missedEvent,
  nightEvent,
  precheckEvent,
  sampleEvent,
  sweepEvent,
} from '../../../shared/webhooks/events/event.ts'
import { mailOf } from '../../../shared/webhooks/formats/email.ts'
import { formats } from '../../../shared/webhooks/formats/catalogue.ts'
import type { CallRequest } from '../../../shared/webhooks/formats/format.ts'
import {
  acknowledgementOf,
  completedOf,
  itemResult,
  lastOf,
  simpleDatabase,
  undeterminedItem,
} from '../../support/completed-prechecks.ts'
import { contextFor, judged } from '../../support/context.ts'
import { accountsWith, mysqlFacts, settings } from '../../support/facts/mysql.ts'
import { detailsOf, entryOf, missedEntry } from '../../support/nights.ts'
import { propertyRuns } from '../../support/property-runs.ts'

const failed = (precheck: CompletedPrecheck, locale: Locale = 'en'): WebhookEvent =>
  precheckEvent(precheck, 'precheck.failed', locale)

const withDatabases = (...names: string[]): CompletedPrecheck =>
  completedOf({ results: [itemResult(names.map((name) => simpleDatabase(name))), undeterminedItem()] })

/** What one item finds on a MySQL without a binary log, whose backup account lacks a right. */
const mySql = (check: Check): CompletedPrecheck => {
  const answer = mysqlFacts({
    settings: settings({ log_bin: 'OFF' }),
    accounts: accountsWith({ trigger_priv: 'N' }),
  })
  const context = contextFor('mysql', { backupAccount: 'backup' })
  return completedOf({ results: [judged(check, { answer }, context)], over: { engine: 'mysql' } })
}

const bodyOf = (format: CalledFormat, event: WebhookEvent, over: Partial<CallRequest> = {}): string =>
  formats[format].callOf({
    event,
    address: 'https://hooks.example.com/robot',
    secrets: [],
    signingSecret: null,
    now: new Date('2026-11-21T02:00:10.500Z'),
    ...over,
  }).body

const dingTalk = (event: WebhookEvent) =>
  JSON.parse(bodyOf('dingtalk', event)) as { markdown: { title: string; text: string }; at: object }
const slack = (event: WebhookEvent) =>
  JSON.parse(bodyOf('slack', event)) as { text: string; blocks: object[] }

const markdownOfDingTalk = (event: WebhookEvent): string => dingTalk(event).markdown.text
const markdownOfWeCom = (event: WebhookEvent): string =>
  (JSON.parse(bodyOf('wecom', event)) as { markdown_v2: { content: string } }).markdown_v2.content

/** Every value of a key, however deep. */
const valuesOf = (node: unknown, key: string): unknown[] => {
  if (Array.isArray(node)) return node.flatMap((each) => valuesOf(each, key))
  if (typeof node !== 'object' || node === null) return []
  return Object.entries(node as Readonly<Record<string, unknown>>).flatMap(([name, value]) => [
    ...(name === key ? [value] : []),
    ...valuesOf(value, key),
  ])
}

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#39': "'",
  nbsp: ' ',
}

/** The text of a page, without its tags. */
const shownBy = (html: string): string =>
  html.replaceAll(/<[^>]*>/g, '').replaceAll(/&([a-z0-9#]+);/g, (_, name: string) => entities[name] ?? '')

/** What a person reads of a message. */
const readings: readonly (readonly [string, (event: WebhookEvent) => string])[] = [
  ['dingtalk', markdownOfDingTalk],
  ['wecom', markdownOfWeCom],
  ['feishu', (event) => valuesOf(JSON.parse(bodyOf('feishu', event)), 'content').join('\n')],
  ['slack', (event) => valuesOf(slack(event).blocks, 'text').join('')],
  ['e-mail, as text', (event) => mailOf(event, null).text],
  ['e-mail, as HTML', (event) => shownBy(mailOf(event, null).html)],
]

describe.each(readings)('a message to %s', (_, read) => {
  it('names instance, outcome, database, what is blocked and the fix', () => {
    const text = read(failed(withDatabases('Sales')))
    for (const part of [
      '✘ Backup precheck · db1: failed',
      'Sales',
      'blocked: incremental backup, log backup · new',
      'Sales uses the SIMPLE recovery model',
      'Fix (risk: no downtime, needs: ALTER ANY DATABASE): ',
      'databases ready: full backup 0 of 1, incremental backup 0 of 1, log backup 0 of 1, restore 0 of 1',
      'check items judged: full backup 1 of 2, incremental backup 1 of 2, log backup 1 of 2, restore 1 of 2',
      'ALTER DATABASE [Sales] SET RECOVERY FULL;',
      'then 1 more step',
      'did not finish within 20000 ms',
      `GET /v1/prechecks/pc_${'21'.repeat(16)}`,
    ]) {
      expect(text).toContain(part)
    }
  })

  it('says the same of a MySQL, whose steps are for its client or by hand', () => {
    const off = read(failed(mySql(binlog)))
    for (const part of [
      '✘ Backup precheck · db1: failed',
      'MySQL · cn-hangzhou',
      'The server writes no binary log',
      'blocked: log backup',
      'set log_bin = binlog',
      'then 2 more steps',
    ]) {
      expect(off).toContain(part)
    }
    expect(read(failed(mySql(backupRights)))).toContain("GRANT TRIGGER ON *.* TO 'backup'@'%';")
    expect(read(failed(mySql(backupRights), 'zh'))).toContain('缺少权限 TRIGGER')
  })

  it('says so in Chinese', () => {
    const text = read(failed(withDatabases('Sales'), 'zh'))
    for (const part of [
      '✘ 备份预检 · db1：未通过',
      '无法执行：增量备份、日志备份 · 新增',
      'Sales 处于简单（SIMPLE）恢复模式',
      '修复方法（风险：在线执行；权限：ALTER ANY DATABASE）：',
      '就绪的数据库：',
      '日志备份 1 个中 0 个',
      '已判定的检查项：',
      '日志备份 2 个中 1 个',
      'ALTER DATABASE [Sales] SET RECOVERY FULL;',
      '详情：GET /v1/prechecks/',
    ]) {
      expect(text).toContain(part)
    }
    expect(text).not.toMatch(/blocked|Fix|more/)
  })

  it('does not count the check items where all of them were judged', () => {
    const text = read(failed(completedOf({ results: [itemResult([simpleDatabase('Sales')])] })))
    expect(text).toContain('databases ready: ')
    expect(text).not.toContain('check items judged')
  })

  it('says what is resolved when it recovers', () => {
    const nights = [{ results: [itemResult([simpleDatabase('Sales')])] }, { results: [itemResult([])] }]
    const text = read(precheckEvent(lastOf(...nights), 'precheck.recovered', 'en'))
    expect(text).toContain('✔ Backup precheck · db1: recovered (failed → passed)')
    expect(text).toMatch(/Sales.* — resolved/)
    expect(text).toContain('Before: Sales uses the SIMPLE recovery model')
  })

  it('never says how it should be without saying first that this is not known', () => {
    const text = read(failed(lastOf({ results: [] }, { results: [undeterminedItem()] })))
    expect(text).toMatch(/Could not be checked.* — “The control network can be reached” · new/)
  })

  it('counts what there is no room for', () => {
    const names = Array.from({ length: 80 }, (__, index) => `Tenant_${index}`)
    const text = read(failed(withDatabases(...names)))
    const told = names.filter((name) => text.includes(`[${name}]`)).length
    expect(told).toBeGreaterThan(3)
    // The item that was not determined comes after the databases, and has room in a mail alone.
    const toldItems = text.includes('did not finish within') ? 1 : 0
    expect(text).toContain(`… and ${81 - told - toldItems} more`)
  })

  it('says of a night what is wrong, what is news first, and what recovered', () => {
    const entries = [
      entryOf('billing', 'failed'),
      entryOf('crm', 'passed', { change: 'recovered' }),
      missedEntry('hr'),
      entryOf('orders', 'failed', { change: 'changed' }),
    ]
    const text = read(nightEvent(detailsOf(entries), 'en'))
    for (const part of [
      '✘ Backup precheck · night of 2026-11-22: 3 of 4 instances in trouble',
      'new or changed: 1',
      'recovered: crm',
      'failed · blocked: incremental backup, log backup · new',
      'Sales uses the SIMPLE recovery model',
      'ALTER DATABASE [Sales] SET RECOVERY FULL;',
      'failed · blocked: incremental backup, log backup · unchanged since 2026-11-21',
      'the service was not running or too busy',
      'GET /v1/sweeps/2026-11-22',
    ]) {
      expect(text).toContain(part)
    }
    // In a mail the counts stand side by side, each above its word.
    expect(text).toMatch(/started 3, not run 1|1not run/)
    const [orders, billing, hr] = ['orders', 'billing', 'hr'].map((name) => text.indexOf(name))
    expect(orders! < billing! && billing! < hr!).toBe(true)
    expect(read(nightEvent(detailsOf(entries), 'zh'))).toContain('2026-11-22 夜间预检：4 个实例中 3 个有问题')
  })

  it('says since when what it reminds of is unchanged', () => {
    const broken = { results: [itemResult([simpleDatabase('Sales')])] }
    const precheck = lastOf(broken, broken)
    const text = read(precheckEvent(precheck, 'precheck.reminder', 'en'))
    expect(text).toContain('✘ Backup precheck · db1: failed (unchanged since 2026-11-21)')
    expect(read(precheckEvent(precheck, 'precheck.reminder', 'zh'))).toContain(
      '未通过（自 2026-11-21 起无变化）',
    )
  })

  it('says of prechecks that did not run how many, which and when they were due', () => {
    const details = detailsOf([entryOf('crm', 'passed'), missedEntry('billing'), missedEntry('hr')])
    const text = read(missedEvent(details, 'en')!)
    for (const part of [
      '✘ Backup precheck · night of 2026-11-22: 2 of 3 prechecks did not run',
      'due from 2026-11-21 18:00 to 2026-11-21 18:00 (UTC), when the service was not running or too busy',
      'not run: billing, hr',
      'GET /v1/sweeps/2026-11-22',
    ]) {
      expect(text).toContain(part)
    }
    expect(read(missedEvent(details, 'zh')!)).toContain('2026-11-22 夜间预检：3 个实例中 2 个未执行')
    expect(missedEvent(detailsOf([entryOf('crm', 'passed')]), 'en')).toBeNull()
  })

  it('says of a quiet night that it was one', () => {
    const text = read(nightEvent(detailsOf([entryOf('crm', 'passed')]), 'en'))
    expect(text).toContain('✔ Backup precheck · night of 2026-11-22: nothing failed in 1 instance')
  })

  it('counts the instances of a night for which there is no room', () => {
    const names = Array.from({ length: 60 }, (__, index) => `instance-${index}`)
    const text = read(nightEvent(detailsOf(names.map((name) => entryOf(name, 'failed'))), 'en'))
    const told = names.filter((name) => new RegExp(`${name}(?!\\d)`).test(text)).length
    expect(told).toBeGreaterThan(3)
    expect(text).toContain(`… and ${60 - told} more`)
  })

  it('shows a sample that says that it is one', () => {
    const text = read(sampleEvent('2026-11-21T02:00:00.000Z', 'en'))
    expect(text).toContain('sample, nothing is wrong')
    expect(text).toContain('ALTER DATABASE [SampleDatabase] SET RECOVERY FULL;')
  })

  it('gives the counts of a sweep, and names instances', () => {
    const text = read(
      sweepEvent(
        {
          id: '2026-11-21',
          kind: 'nightly',
          state: 'completed',
          filter: {},
          listing: null,
          startedAt: '2026-11-20T18:00:00.000Z',
          completedAt: '2026-11-20T20:00:00.000Z',
          counts: {
            waiting: 0,
            started: 13,
            running: 0,
            passed: 5,
            warning: 1,
            failed: 7,
            inconclusive: 0,
            notRun: 1,
          },
          troubled: {
            failed: ['a-1', 'a-2', 'a-3', 'a-4', 'a-5', 'a-6', 'a-7'],
            inconclusive: [],
            notRun: ['b-1'],
          },
        },
        'en',
      ),
    )
    for (const part of [
      '✘',
      'nightly sweep 2026-11-21',
      'started 13, not run 1',
      'failed 7',
      'a-1, a-2, a-3, a-4, a-5 and 2 more',
      'b-1',
    ]) {
      expect(text).toContain(part)
    }
  })
})

/** Names that an owner of a database can choose freely, and that would do something if a message were careless. */
const hostileNames: readonly string[] = [
  '<!channel>',
  '<!here|here>',
  '<!subteam^S123>',
  '<@U123>',
  '<#C123|general>',
  '<http://evil.example|Sales>',
  '@all',
  '@所有人',
  '@13800000000',
  '<@all>',
  '<at user_id="all">',
  '<at id=all></at>',
  '</at>',
  '<font color="warning">x</font>',
  '<a href="http://evil.example">x</a>',
  '<img src=x>',
  '](http://evil.example)',
  '[x](http://evil.example)',
  '[[x](http://evil.example)',
  '![x](http://evil.example/x.png)',
  '[x]: http://evil.example',
  'http://evil.example',
  'HTTPS://evil.example',
  'www.evil.example',
  'x@evil.example',
  '`',
  '``` x',
  '`x`',
  '**',
  '**x**',
  '*x*',
  '__x__',
  '_x_',
  '~~x~~',
  '\\',
  'x\\',
  '| a | b |',
  '&lt;!channel&gt;',
  '&#64;all',
  '# x',
  '#x',
  '- x',
  '+ x',
  '===',
  '---',
  '1. x',
  '12) x',
  'x\n# y',
  'x\n\n### ✔ Backup precheck',
  'x\r\n> y',
  'x\n- y',
  'x\u0085y',
  'x\u2028y',
  'x\u2029y',
  'x\u202Egnp.exe',
  '\u200B',
  '\uD800',
  '\u0000',
  ' ',
  '{database}',
  '$&$1',
  '*/ -- x',
]

const harmless = failed(withDatabases('Sales'))

/** The parts of Markdown that are not inline code. */
const outsideCode = (markdown: string): string => markdown.replaceAll(/`[^`\n]+`/g, '')

/** Markdown in which nothing has a meaning but what the format itself wrote. */
const expectNeutral = (markdown: string): void => {
  const text = outsideCode(markdown)
  expect(text).not.toMatch(/[`[\]<>~\\@&|]/)
  expect(text).not.toMatch(/:\/\/|www\./i)
  // oxlint-disable-next-line no-control-regex
  expect(text).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u0085\u200B\u2028\u2029\u202E]/)
  for (const line of text.split('\n')) {
    if (line.includes('*')) expect(line).toMatch(/^\*\*[^*]+\*\* — [^*]+$/)
    if (/^\s*(#|>|-|\+|\d+[.)]|=)/.test(line)) expect(line).toMatch(/^### ✘ Backup precheck · db1: failed$/)
    expect(line).not.toMatch(/(^|[^\p{L}\p{N}])_|_([^\p{L}\p{N}]|$)/u)
  }
}

const linesOf = (text: string): number => text.split('\n').length

const typesIn = (node: unknown): Set<unknown> => new Set(valuesOf(node, 'type'))

describe.each(hostileNames)('a database named %j', (name) => {
  const event = failed(withDatabases(name))

  it.each([
    ['dingtalk', markdownOfDingTalk],
    ['wecom', markdownOfWeCom],
  ] as const)('has no meaning in the Markdown of %s', (_, read) => {
    const markdown = read(event)
    expectNeutral(markdown)
    expect(linesOf(markdown)).toBe(linesOf(read(harmless)))
  })

  it('is not mentioned by DingTalk, since nobody is', () => {
    const { markdown, at } = dingTalk(event)
    expect(at).toEqual({ isAtAll: false })
    expect(markdown.title).toBe('✘ Backup precheck · db1: failed')
  })

  it('stands in plain text only at Feishu', () => {
    const message = JSON.parse(bodyOf('feishu', event))
    expect(new Set(valuesOf(message, 'tag'))).toEqual(new Set(['div', 'note', 'plain_text']))
    const lines = (body: string) => valuesOf(JSON.parse(body), 'content').map((text) => linesOf(String(text)))
    expect(lines(bodyOf('feishu', event))).toEqual(lines(bodyOf('feishu', harmless)))
  })

  it('stands in runs without markup only at Slack, and not in the text of the notification', () => {
    const message = slack(event)
    expect(typesIn(message)).toEqual(new Set(['rich_text', 'rich_text_section', 'text']))
    expect(message.text).toBe('✘ Backup precheck · db1: failed')
    const runs = valuesOf(message.blocks, 'text').map(String)
    expect(runs.every((text) => text.length > 0)).toBe(true)
    expect(linesOf(runs.join(''))).toBe(linesOf(valuesOf(slack(harmless).blocks, 'text').join('')))
  })
})

describe('the markup of names', () => {
  it('is taken from every name there can be', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 128 }), (name) => {
        const event = failed(withDatabases(name))
        expectNeutral(markdownOfWeCom(event))
        expectNeutral(markdownOfDingTalk(event))
      }),
    )
  })

  it('is not taken from ordinary ones, so that they can be searched for', () => {
    expect(markdownOfWeCom(failed(withDatabases('HR_Prod-2026')))).toContain('**HR_Prod-2026** — ')
  })
})

describe('a command', () => {
  it.each(['**x**', '_x_', '$&', '@all', 'x\\', '~~x~~', 'a]b'])(
    'with the name %j is shown exactly as it is to be typed',
    (name) => {
      const command = `ALTER DATABASE [${name.replaceAll(']', ']]')}] SET RECOVERY FULL;`
      const event = failed(withDatabases(name))
      expect(markdownOfWeCom(event)).toContain(`\`${command}\``)
      expect(valuesOf(slack(event).blocks, 'text')).toContain(command)
      expect(bodyOf('feishu', event)).toContain(JSON.stringify(command).slice(1, -1))
    },
  )

  it('is not shown in Markdown where it would be a link or a tag for a client without inline code', () => {
    for (const name of ['[x](http://evil.example)', '<at id=all></at>', '<@all>', '`', '</font>']) {
      for (const read of [markdownOfDingTalk, markdownOfWeCom]) {
        const text = read(failed(withDatabases(name)))
        expect(text).not.toContain('ALTER DATABASE')
        expect(text).toContain('for the command, see the remediation script of the precheck')
      }
    }
  })

  it('is not shown at all where a part of it would be hidden or on a line of its own', () => {
    const elsewhere = 'for the command, see the remediation script of the precheck'
    for (const [name, instead] of [
      ['x\nFix: DROP DATABASE Sales', 'No command is given to be run'],
      ['x\u202Ey', elsewhere],
      ['x'.repeat(400), elsewhere],
    ] as const) {
      for (const [, read] of readings) {
        const text = read(failed(withDatabases(name)))
        expect(text).not.toContain('ALTER DATABASE')
        expect(text).toContain(instead)
      }
    }
  })
})

describe('the size of a message', () => {
  const prechecks = fc
    .record({
      names: fc.uniqueArray(
        fc.oneof(
          fc.string({ unit: 'binary', minLength: 1, maxLength: 128 }),
          fc.string({
            unit: fc.constantFrom('数', '"', '\\', '\u0001', '😀'),
            minLength: 100,
            maxLength: 128,
          }),
        ),
        { maxLength: 60 },
      ),
      gone: fc.uniqueArray(fc.string({ unit: 'binary', minLength: 1, maxLength: 128 }), { maxLength: 30 }),
      undetermined: fc.nat(20),
      accepted: fc.boolean(),
    })
    .map(({ names, gone, undetermined, accepted }) => {
      const items = Array.from({ length: undetermined }, (_, index) => undeterminedItem(`ITEM_${index}`))
      const [first = 'x'] = names
      return lastOf(
        { results: [itemResult(gone.map((name) => simpleDatabase(name)))] },
        {
          results: [itemResult(names.map((name) => simpleDatabase(name))), ...items],
          ...(accepted && { acknowledgements: [acknowledgementOf(first)] }),
        },
      )
    })
  const types = fc.constantFrom<EventType>('precheck.failed', 'precheck.recovered', 'precheck.completed')

  it('is within the limits of every robot, whatever was found', () => {
    fc.assert(
      fc.property(prechecks, types, fc.constantFrom('en', 'zh'), (precheck, type, locale) => {
        const event = precheckEvent(precheck, type, locale)
        expect(Buffer.byteLength(markdownOfWeCom(event))).toBeLessThanOrEqual(4096)
        expect(Buffer.byteLength(bodyOf('dingtalk', event))).toBeLessThanOrEqual(20_000)
        expect(markdownOfDingTalk(event).length).toBeLessThanOrEqual(5000)
        expect(Buffer.byteLength(bodyOf('feishu', event, { signingSecret: 'SEC1' }))).toBeLessThanOrEqual(
          20_000,
        )
        const runs = valuesOf(slack(event).blocks, 'text').map(String)
        expect(runs.join('').length).toBeLessThanOrEqual(10_000)
      }),
      { numRuns: propertyRuns(40) },
    )
  })

  it('leaves out nothing without counting it', () => {
    fc.assert(
      fc.property(prechecks, fc.integer({ min: 0, max: 10 }), (precheck, most) => {
        const { entries, more } = digestOf(failed(precheck), most)
        const total = precheck.results.reduce(
          (sum, { findings, reason }) => sum + findings.length + (reason ? 1 : 0),
          0,
        )
        const left = Number(/\d+/.exec(more ?? '0')?.[0])
        // Every database has one finding, so that every entry stands for one.
        expect(entries.length + left).toBe(total)
      }),
      { numRuns: propertyRuns(30) },
    )
  })
})

describe('a mail', () => {
  const tagsOf = (html: string) => html.match(/<[^>]*>/g)

  it('has no tag, attribute or header of what servers name', () => {
    const plain = mailOf(failed(withDatabases('Sales')), null)
    const hostile = [`</td><script>alert(1)</script>`, `"'><img src=x onerror=alert(1)>`, `&lt;b&gt;`]
    for (const name of hostile) {
      const { html } = mailOf(failed(withDatabases(name)), null)
      expect(tagsOf(html)).toEqual(tagsOf(plain.html))
    }
  })

  it('loads nothing from elsewhere', () => {
    const { html } = mailOf(
      nightEvent(detailsOf([entryOf('orders', 'failed')]), 'en'),
      'https://precheck.example',
    )
    expect(html).not.toMatch(/src=|url\(|<link|<script|@import/)
    expect(html.match(/https?:/g)).toHaveLength(2)
  })

  it.each([
    [
      'a night',
      nightEvent(detailsOf([entryOf('a', 'passed')]), 'en'),
      'https://p.example/console/#/nights/2026-11-22',
    ],
    ['a precheck', failed(withDatabases('Sales')), 'https://p.example/console/#/instances/db1'],
  ])('links to what the console shows of %s', (_, event, link) => {
    const { text, html } = mailOf(event, 'https://p.example')
    expect(text).toContain(link)
    expect(html).toContain(`href="${link}"`)
    expect(mailOf(event, null).text).toContain('GET /v1/')
  })
})

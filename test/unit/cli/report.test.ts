import { describe, expect, it } from 'vitest'
import { PrecheckView, precheckView } from '../../../functions/api/views/precheck-view.ts'
import { retriedAt } from '../../../shared/model/retry.ts'
import { look } from './look.ts'
import { report } from '../../../infra/cli/reports/report.ts'
import { findCheck } from '../../../shared/checks/catalogue.ts'
import type { ProbeOutcome } from '../../../shared/checks/judge.ts'
import type { Acknowledgement } from '../../../shared/model/acknowledgement.ts'
import { previousOf } from '../../../shared/model/comparison.ts'
import type { ItemResult, Vantage } from '../../../shared/model/item-result.ts'
import { notApplicable } from '../../../shared/model/outcome.ts'
import {
  type CompletedPrecheck,
  type RunningPrecheck,
  completePrecheck,
} from '../../../shared/model/precheck.ts'
import { seen } from '../../support/facts/memory.ts'
import { database, sqlServerFacts, systemDatabases } from '../../support/facts/sqlserver.ts'
import {
  itemResult,
  itemWithoutRight,
  lastOf,
  simpleDatabase,
  undeterminedItem,
} from '../../support/completed-prechecks.ts'
import { contextFor, judged } from '../../support/context.ts'

const reach = {
  url: 'https://a.example/',
  address: '192.0.2.1',
  phases: { dns: 1, connect: 1, tls: 1, http: 1 },
  status: 403,
  failure: null,
}
const answered: ProbeOutcome = { answer: [reach] }
const offline: ProbeOutcome = {
  problem: { code: 'CLOUD_ASSISTANT_OFFLINE', params: { ecsInstanceId: 'i-1', cause: 'ClientNotRunning' } },
}
const missing: ProbeOutcome = { problem: { code: 'DEADLINE_PASSED', params: { deadlineAt: 'x' } } }

const reportOn = (outcome: ProbeOutcome, vantage: Vantage): string => {
  const checkItem = 'SERVICE_CONNECTIVITY'
  const check = findCheck(checkItem)!
  const precheck: RunningPrecheck = {
    state: 'running',
    id: `pc_${'0'.repeat(32)}`,
    instanceId: 'db1',
    engine: 'oracle',
    region: 'cn-hangzhou',
    profile: 'cloud-backup',
    operations: ['full'],
    trigger: 'request',
    scope: 'partial',
    checkItems: [{ checkItem, affects: ['full'] }],
    results: [{ ...judged(check, outcome, contextFor('oracle')), vantage }],
    startedAt: '2026-11-21T02:00:00Z',
    deadlineAt: '2026-11-21T02:01:00Z',
  }
  return report(precheckView(precheck, 'en'), look)
}

describe('the report of a connectivity item', () => {
  it.each([
    ['instance', answered, true, false],
    ['instance', offline, true, false],
    ['checker', answered, false, true],
    ['checker', missing, false, false],
  ] as const)('says from where it looked: %s, %j', (vantage, outcome, isOnInstance, isFromChecker) => {
    const text = reportOn(outcome, vantage)
    expect(text.includes('on the ECS instance itself')).toBe(isOnInstance)
    expect(text.includes('from the checker')).toBe(isFromChecker)
  })
})

describe('the heading of an item', () => {
  const refused = {
    ...reach,
    status: null,
    failure: { phase: 'connect', kind: 'refused', cause: 'ECONNREFUSED' },
  }

  it.each([
    ['the healthy state when it holds', answered, 'The control network can be reached'],
    ['the broken state when it does not', { answer: [refused] }, 'The control network cannot be reached'],
    [
      'that nobody knows when it could not be checked',
      offline,
      'Not determined: The control network can be reached',
    ],
    [
      'that nobody has to know when it does not apply',
      { problem: { code: 'NOT_APPLICABLE', params: {} } },
      'skipped   not applicable: SERVICE_CONNECTIVITY',
    ],
  ])('says %s', (_, outcome, heading) => {
    expect(reportOn(outcome, 'checker')).toContain(heading)
  })
})

describe('the items of a report', () => {
  const reportOf = (...results: Parameters<typeof itemResult>[]) => {
    const items = results.map((result) => itemResult(...result))
    const precheck = lastOf({ results: [...items, itemWithoutRight('SQL_SERVER_SERVICES')] })
    return report(precheckView(precheck, 'en'), look)
  }

  it('stand together where they passed and have nothing to say', () => {
    const text = reportOf(
      [[], 'SQL_SERVER_LOG_SPACE'],
      [[simpleDatabase('Sales')]],
      [[], 'SQL_SERVER_VERSION'],
    )
    expect(text).toContain('✔ passed    SQL_SERVER_LOG_SPACE, SQL_SERVER_VERSION\n')
    expect(text).toContain('✘ failed    SQL_SERVER_DB_IN_SIMPLE_RECOVERY_MODE')
    expect(text).toContain('3 of 4 check items judged')
  })

  it('leave the cells as the others say, with how many of them were judged', () => {
    const text = reportOf([[simpleDatabase('Sales')]], [[], 'SQL_SERVER_VERSION'])
    expect(text).toMatch(/\(whole instance\) +ready 2\/3 +blocked 2\/3 +blocked 2\/3 +ready 2\/3\s/)
    expect(text).toMatch(/Sales +ready 2\/3 +blocked 2\/3 +blocked 2\/3 +ready 2\/3\s/)
    expect(textOf(night(21, ['Archive']))).not.toMatch(/(ready|blocked) \d/)
  })

  it('stand by themselves where the first connection was reset, and say so', () => {
    const again = { ...itemResult([], 'SQL_SERVER_VERSION'), retried: retriedAt(['db1'], 'SECOND_ANSWERED') }
    const precheck = lastOf({ results: [itemResult([], 'SQL_SERVER_LOG_SPACE'), again] })
    const text = report(precheckView(precheck, 'en'), look)
    expect(text).toContain('✔ passed    SQL_SERVER_LOG_SPACE\n')
    expect(text).toContain('The first connection to db1 was reset; the second answered.')
    expect(precheckView(precheck, 'zh').items[1]?.retried?.text).toBe(
      '到 db1 的首次连接被重置，第二次连接成功。',
    )
  })

  it('stand together where they do not apply', () => {
    const needless = ['CLOCK_SKEW', 'HOST_DISK_SPACE'].map((id): ItemResult => ({
      ...itemResult([], id),
      status: 'skipped',
      reason: { code: notApplicable, params: {} },
    }))
    const view = precheckView(lastOf({ results: needless }), 'en')
    const text = report(view, look)
    expect(view.items[0]?.title).toBe('Not applicable: The clock of the host is right')
    expect(text).toContain('- skipped   not applicable: CLOCK_SKEW, HOST_DISK_SPACE\n')
    expect(text).not.toContain('Not applicable: The clock')
  })

  it('say a reason once that several of them have', () => {
    const reason = { code: 'CONNECTION_REFUSED', params: { host: 'db1', port: 1433 } }
    const unreached = ['SQL_SERVER_VERSION', 'SQL_SERVER_LOG_SPACE', 'SQL_SERVER_SERVICES'].map(
      (id): ItemResult => ({ ...itemResult([], id), status: 'error', reason }),
    )
    const text = report(precheckView(lastOf({ results: unreached }), 'en'), look)
    expect(text.split('db1:1433 refused the connection')).toHaveLength(2)
    expect(text).toContain('? error     for the same reason: SQL_SERVER_LOG_SPACE, SQL_SERVER_SERVICES\n')
  })

  it('stand in several lines where they are many', () => {
    const ids = Array.from({ length: 12 }, (_, index) => `SQL_SERVER_ITEM_${index}`)
    const lines = reportOf(...ids.map((id): Parameters<typeof itemResult> => [[], id])).split('\n')
    expect(lines.filter((line) => line.includes('SQL_SERVER_ITEM_')).length).toBe(3)
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(110)
  })
})

/** A night in which these databases are offline. */
const night = (
  day: number,
  offlineDatabases: readonly string[],
  previous: CompletedPrecheck | null = null,
  acknowledgements: readonly Acknowledgement[] = [],
): CompletedPrecheck => {
  const checkItem = 'SQL_SERVER_DB_NOT_ONLINE'
  const rows = offlineDatabases.map((name, index) => database(index + 5, name, { state_desc: 'OFFLINE' }))
  const answer = sqlServerFacts({ databases: [...systemDatabases, ...rows] })
  const startedAt = `2026-11-${day}T02:00:00.000Z`
  const precheck: RunningPrecheck = {
    state: 'running',
    id: `pc_${String(day).padStart(32, '0')}`,
    instanceId: 'db1',
    engine: 'sqlserver',
    region: 'cn-hangzhou',
    profile: 'cloud-backup',
    operations: ['full'],
    trigger: 'schedule',
    tags: { team: 'erp' },
    scope: 'full',
    checkItems: [{ checkItem, affects: ['full'] }],
    results: [judged(findCheck(checkItem)!, { answer }, contextFor('sqlserver'))],
    startedAt,
    deadlineAt: `2026-11-${day}T02:01:00.000Z`,
    ...(acknowledgements.length > 0 && { acknowledgements: [...acknowledgements] }),
  }
  return completePrecheck(precheck, previous && previousOf(previous), new Date(startedAt))
}

const textOf = (precheck: CompletedPrecheck): string => report(precheckView(precheck, 'en'), look)

/** The lines of the comparison. */
const changesOf = (precheck: CompletedPrecheck): string[] => {
  const lines = textOf(precheck).split('\n')
  const from = lines.findIndex((line) => line.startsWith('Against the last result'))
  return from < 0 ? [] : lines.slice(from, lines.indexOf('', from))
}

const accepted: Acknowledgement = {
  id: 'ack_0123456789abcdef',
  checkItem: 'SQL_SERVER_DB_NOT_ONLINE',
  database: 'Archive',
  reason: 'moves to another server',
  author: 'li',
  expiresAt: '2026-11-23T00:00:00Z',
  acknowledgedAt: '2026-11-20T08:00:00Z',
}

describe('the report of what changed', () => {
  it('is left out of the first result', () => {
    expect(changesOf(night(20, ['Archive']))).toEqual([])
  })

  it('names what is new, what is resolved, and what is still present since when', () => {
    const first = night(20, ['Archive', 'HR'])
    const second = night(21, ['Archive', 'HR'], first)
    expect(changesOf(night(22, ['Archive', 'Sales'], second))).toEqual([
      `Against the last result  ${second.id}, failed`,
      '  1 new:',
      expect.stringMatching(/^ {4}failed: .*Sales.*OFFLINE/),
      '  1 resolved:',
      expect.stringMatching(/^ {4}resolved: .*HR.* \(since 2026-11-20 02:00 UTC\)$/),
      '  1 still present:',
      expect.stringMatching(/^ {4}failed: .*Archive.* \(since 2026-11-20 02:00 UTC\)$/),
    ])
  })

  it('names the check items that cannot be determined any more', () => {
    const fine = { results: [itemResult([])] }
    const blind = { results: [itemResult([]), undeterminedItem()] }
    expect(changesOf(lastOf(fine, blind))).toContain('  no longer determined: SERVICE_CONNECTIVITY')
    expect(changesOf(lastOf(fine, blind, blind)).join()).not.toContain('no longer determined')
  })

  it('counts what there is no room for', () => {
    const names = Array.from({ length: 25 }, (_, index) => `Db${index}`)
    const lines = changesOf(night(21, names, night(20, [])))
    expect(lines[1]).toBe('  25 new:')
    expect(lines.slice(2).filter((line) => line.includes('failed: '))).toHaveLength(10)
    expect(lines).toContain('    … and 15 more (--output json lists all)')
  })

  it('tells when a finding was acknowledged, and when that is over', () => {
    const first = night(20, ['Archive'])
    const second = night(21, ['Archive'], first, [accepted])
    const third = night(22, ['Archive'], second, [accepted])
    const fourth = night(23, ['Archive'], third, [accepted])
    const told = [second, third, fourth].map((precheck) => changesOf(precheck).at(-1))
    expect(told).toEqual([
      expect.stringMatching(/^ {4}warning: .* \(since 2026-11-20 02:00 UTC, now acknowledged\)$/),
      expect.stringMatching(/^ {4}warning: .* \(since 2026-11-20 02:00 UTC, acknowledged\)$/),
      expect.stringMatching(/^ {4}failed: .* \(since 2026-11-20 02:00 UTC, no longer acknowledged\)$/),
    ])
  })
})

describe('an acknowledged finding', () => {
  it('stays in the report, with who accepted it, why and until when', () => {
    const text = textOf(night(21, ['Archive'], null, [accepted]))
    expect(text).toContain(
      'acknowledged by li until 2026-11-23 00:00 UTC, failed otherwise: moves to another server',
    )
    expect(text).toContain('ALTER DATABASE [Archive] SET ONLINE;')
    expect(text).toMatch(/Archive +blocked\*\n[^]*\n {2}\* acknowledged\n/)
    expect(text).toMatch(/\(whole instance\) +degraded\*\n/)
    expect(text).toMatch(/\(ready databases\) +3 of 4\n/)
    expect(text).toContain('Outcome: WARNING')
  })
})

describe('the view of a precheck', () => {
  it('has the shape that the API promises, with every text of the comparison', () => {
    const second = night(21, ['Archive', 'Sales'], night(20, ['Archive', 'HR']), [accepted])
    const view = PrecheckView.parse(precheckView(second, 'en'))
    const { still = [], resolved = [] } = view.comparison ?? {}
    expect(still).toMatchObject([{ acknowledged: true, newlyAcknowledged: true }])
    expect([...still, ...resolved].map(({ text }) => text)).toEqual([
      expect.stringContaining('Archive'),
      expect.stringContaining('HR'),
    ])
  })

  it('of a running one shows nothing that it carries for the service alone', () => {
    const { state: _, comparison: __, completedAt: ___, outcome: ____, ...plan } = night(21, [])
    const results = plan.results.map((result) => ({ ...result, identities: seen(), shared: [] }))
    const running = { ...plan, results, state: 'running' as const, acknowledgements: [accepted] }
    const view = precheckView(running, 'en')
    expect(PrecheckView.safeParse(view).error?.issues ?? []).toEqual([])
  })
})

describe('a report on a terminal', () => {
  const second = night(21, ['Archive', 'Sales'], night(20, ['Archive', 'HR']), [accepted])
  const textIn = (locale: 'en' | 'zh', width: number, isWhole = false): string =>
    report(precheckView(second, locale), { ...look, say: (text) => text[locale], width }, isWhole)

  it.each([
    ['en', 'FAILED: full blocked for 2 of 5 databases.\n'],
    ['zh', '未通过：全量备份：5 个数据库中 2 个受阻。\n'],
  ] as const)('in %s says first what it came to', (locale, sentence) => {
    expect(textIn(locale, 120).split('\n').slice(2, 3).join('')).toBe(sentence.trimEnd())
  })

  it('breaks no word and no command, however narrow it is', () => {
    const narrow = textIn('en', 60)
    expect(narrow.split(/\s+/)).toEqual(textIn('en', 1000).split(/\s+/))
    expect(narrow).toContain('\n                verify:\n')
    expect(narrow).toMatch(/\n +SELECT name, state_desc, .* WHERE name = N'Archive';\n/)
  })

  it('shows the operations of the plan, and with --all every one', () => {
    expect(textIn('en', 120)).toMatch(/\nReadiness\n +full\n/)
    expect(textIn('en', 120, true)).toMatch(/\nReadiness\n +full +incremental +log +restore\n/)
  })
})

import { describe, expect, it } from 'vitest'
import { defaultEndpointSettings } from '../../../../shared/checks/connectivity/endpoints.ts'
import check from '../../../../shared/checks/host/clock-skew.ts'
import type { ClockFacts } from '../../../../shared/checks/host/host-facts.ts'
import { definitionOf } from '../../../support/context.ts'
import { clock, linuxHost, second, windowsHost } from '../../../support/facts/host.ts'
import { type DetailRow, type VerdictRow, all, testCheckItem } from '../../../support/verdict-table.ts'

const manuals = {
  date: 'https://www.rfc-editor.org/rfc/rfc9110#name-date',
  oss: 'https://www.alibabacloud.com/help/en/oss/support/0002-00000504',
} as const
type Row = VerdictRow<Partial<ClockFacts>, keyof typeof manuals>

const on = 'instance db1'
/** The endpoint says that the host is ahead by so many seconds. */
const ahead = (seconds: number) => ({ date: second - seconds })
const wrong = [{ code: 'CLOCK_WRONG', on, blocks: all }]
const drifts = [{ code: 'CLOCK_DRIFTS', on, degrades: all }]

const verdicts: readonly Row[] = [
  {
    when: 'it is right',
    status: 'passed',
    findings: [],
    observed: { skewSeconds: 0, url: 'https://oss-cn-hangzhou-internal.aliyuncs.com/' },
    readiness: { instance: { full: 'ready', restore: 'ready' } },
    manual: 'date',
  },
  {
    when: 'the answer took its time: it came in the middle',
    facts: { after: second + 14, date: second + 7 },
    status: 'passed',
    findings: [],
    observed: { skewSeconds: 0, url: 'https://oss-cn-hangzhou-internal.aliyuncs.com/' },
    manual: 'date',
  },
  ...[300, -300].map((seconds): Row => ({
    when: `it is off by ${seconds} s, right at the limit`,
    facts: ahead(seconds),
    status: 'passed',
    findings: [],
    manual: 'date',
  })),
  ...[301, -301, 900, -900].map((seconds): Row => ({
    when: `it is off by ${seconds} s`,
    facts: ahead(seconds),
    registered: { host: windowsHost },
    status: 'warning',
    findings: drifts,
    readiness: { instance: { full: 'degraded', restore: 'degraded' } },
    manual: 'oss',
  })),
  ...[901, -901, 31_536_000].map((seconds): Row => ({
    when: `it is off by ${seconds} s, which OSS refuses`,
    facts: ahead(seconds),
    registered: { host: linuxHost },
    status: 'failed',
    findings: wrong,
    readiness: { instance: { full: 'blocked', restore: 'blocked' } },
    manual: 'oss',
  })),
  {
    when: 'no endpoint said the time',
    facts: { date: null },
    status: 'error',
    findings: [{ code: 'CLOCK_UNKNOWN', on, obscures: all }],
    observed: { skewSeconds: null, url: null },
    readiness: { instance: { full: 'unknown', restore: 'unknown' } },
    manual: 'date',
  },
]

const details: readonly DetailRow[] = [
  {
    when: 'it is off by -901 s, which OSS refuses',
    code: 'CLOCK_WRONG',
    on,
    params: { seconds: -901, limit: 900 },
    observed: { skewSeconds: -901 },
    expected: { skewSeconds: 0 },
    steps: ['online manual', 'online bash: chronyc makestep'],
    verify: 'bash: chronyc tracking',
  },
  {
    when: 'it is off by 301 s',
    code: 'CLOCK_DRIFTS',
    on,
    params: { seconds: 301, limit: 300 },
    observed: { skewSeconds: 301 },
    expected: { skewSeconds: 0 },
    steps: ['online manual', 'online powershell: w32tm /resync /force'],
    verify: 'powershell: w32tm /query /status',
  },
  {
    when: 'no endpoint said the time',
    code: 'CLOCK_UNKNOWN',
    on,
    params: {},
    observed: { skewSeconds: null },
    expected: {},
    steps: ['online manual'],
  },
]

describe('CLOCK_SKEW', () => {
  testCheckItem({
    check,
    engine: 'oracle',
    answer: clock,
    manuals,
    affects: { 'cloud-backup': all, native: all },
    verdicts,
    details,
  })

  const asked = (changes: object) => {
    const definition = definitionOf('oracle', { host: linuxHost, ...changes })
    if (check.question.probe !== 'host' || !definition.host) throw new Error('it asks no host')
    return check.question.ask(definition.host, definition, defaultEndpointSettings)
  }

  it('asks OSS for the time, and then the control network', () => {
    expect(asked({})).toEqual({
      part: 'clock',
      urls: ['https://oss-cn-hangzhou-internal.aliyuncs.com/', 'https://hbr-vpc.cn-hangzhou.aliyuncs.com/'],
    })
    expect(asked({ endpoints: { oss: 'https://a/', service: ['https://b/'], ca: undefined } })).toEqual({
      part: 'clock',
      urls: ['https://a/', 'https://b/'],
    })
  })

  it('asks nobody where the instance needs no endpoint, and the one that it names', () => {
    expect(asked({ profile: 'native' })).toBeNull()
    expect(asked({ profile: 'native', endpoints: { service: ['https://b/'] } })).toEqual({
      part: 'clock',
      urls: ['https://b/'],
    })
  })

  it('does not judge a clock that went back while it was looked at', () => {
    expect(check.conclude(clock({ before: second + 1 }), null as never)).toEqual({
      malformed: expect.stringContaining('the clock went back'),
    })
  })
})

import { describe, expect, it } from 'vitest'
import type { Reach } from '../../../../shared/checks/framework/answer.ts'
import check from '../../../../shared/checks/connectivity/service-connectivity.ts'
import { contextFor, judged } from '../../../support/context.ts'
import { notReached, reach } from '../../../support/facts/connectivity.ts'
import { type VerdictRow, all, testCheckItem } from '../../../support/verdict-table.ts'
import { reachDetails, reachManuals, reachVerdicts, reaches } from './reaches.ts'

const manuals = {
  ...reachManuals,
  controlEndpoints:
    'https://www.alibabacloud.com/help/en/cloud-backup/developer-reference/api-hbr-2017-09-08-endpoint',
} as const
type Row = VerdictRow<readonly Reach[], keyof typeof manuals>

const refused = (url: string) => notReached('connect', 'refused', 'ECONNREFUSED', { url })

/** Every control endpoint has to be reached. */
const ofSeveral: readonly Row[] = [
  {
    when: 'the first of two is reached',
    facts: [reach(), refused('https://control.example/')],
    status: 'failed',
    findings: [{ code: 'TCP_REFUSED', on: 'instance control.example', blocks: all }],
    observed: {
      endpoints: 2,
      reached: 1,
      url: 'https://oss-cn-hangzhou-internal.aliyuncs.com/',
      address: '100.118.28.1',
      ms: 10,
    },
    manual: 'controlEndpoints',
  },
  {
    when: 'none is reached on one host: they are told apart by port and by path',
    facts: ['https://a.example/', 'https://a.example:8443/', 'https://a.example/control'].map(refused),
    status: 'failed',
    findings: [
      { code: 'TCP_REFUSED', on: 'instance a.example', blocks: all },
      { code: 'TCP_REFUSED', on: 'instance a.example:8443', blocks: all },
      { code: 'TCP_REFUSED', on: 'instance a.example/control', blocks: all },
    ],
    manual: 'controlEndpoints',
  },
]

describe('SERVICE_CONNECTIVITY', () => {
  testCheckItem({
    check,
    engine: 'sqlserver',
    answer: reaches,
    manuals,
    affects: { 'cloud-backup': all, native: all },
    verdicts: [...reachVerdicts, ...ofSeveral],
    details: reachDetails,
    never: { error: 'an endpoint is reached or it is not: only a probe that fails leaves that open' },
  })

  it.each([
    ['an endpoint of its own', 'https://a.example/', { host: 'a.example', port: '443' }],
    ['one on a port of its own', 'https://a.example:8443/', { host: 'a.example', port: '8443' }],
    ['one of Alibaba Cloud, whose addresses are known', 'https://hbr.cn-hangzhou.aliyuncs.com/', {}],
  ])('has the way opened to %s, and nothing fails then', (_which, url, params) => {
    const { findings } = judged(check, { answer: [refused(url)] }, contextFor('sqlserver'))
    const fixes = findings.map(({ remediation }) => [
      remediation?.steps.map(({ message }) => message.params),
      remediation?.changes,
    ])
    expect(fixes).toEqual([[[params], { failure: null }]])
  })
})

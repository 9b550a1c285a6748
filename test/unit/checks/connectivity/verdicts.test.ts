import { describe, expect, it } from 'vitest'
import { defaultEndpointSettings } from '../../../../shared/checks/connectivity/endpoints.ts'
import oss from '../../../../shared/checks/connectivity/oss-internal-endpoint-connectivity.ts'
import service from '../../../../shared/checks/connectivity/service-connectivity.ts'
import type { Check } from '../../../../shared/checks/framework/define-check.ts'
import { contextFor, definitionOf, judged } from '../../../support/context.ts'
import { makeCertificates } from '../../../support/certificates.ts'

const reach = (changes: Readonly<Record<string, unknown>> = {}) => ({
  url: 'https://oss-cn-hangzhou-internal.aliyuncs.com/',
  address: '100.118.28.1',
  phases: { dns: 1, connect: 2, tls: 4, http: 3 },
  status: 403,
  failure: null,
  ...changes,
})

const failure = (phase: string, kind: string, cause: string) => ({
  status: null,
  failure: { phase, kind, cause },
})
const all = 'full,incremental,log,restore'
const regions = 'help.aliyun.com/oss/user-guide/regions-and-endpoints'
const network = 'alibabacloud.com/help/doc-detail/89022: 100.64.0.0/10'

describe.each([
  ['OSS_INTERNAL_ENDPOINT_CONNECTIVITY', oss],
  ['SERVICE_CONNECTIVITY', service],
])('%s', (_, check) => {
  it.each([
    ['200', { status: 200 }, 'passed', null, regions],
    ['403, as OSS answers a stranger', { status: 403 }, 'passed', null, regions],
    ['500', { status: 500 }, 'passed', null, regions],
    [
      'no address',
      { address: null, ...failure('dns', 'other', 'ENOTFOUND') },
      'failed',
      'DNS_FAILED',
      network,
    ],
    ['a refused connection', failure('connect', 'refused', 'ECONNREFUSED'), 'failed', 'TCP_REFUSED', network],
    ['dropped packets', failure('connect', 'timeout', 'ETIMEDOUT'), 'failed', 'TCP_TIMEOUT', network],
    ['no route', failure('connect', 'other', 'EHOSTUNREACH'), 'failed', 'TCP_FAILED', network],
    ['a bad certificate', failure('tls', 'other', 'CERT_HAS_EXPIRED'), 'failed', 'TLS_FAILED', network],
    ['no HTTP', failure('http', 'timeout', 'ETIMEDOUT'), 'failed', 'HTTP_FAILED', network],
    [
      'a slow connection',
      { phases: { dns: 1, connect: 1001, tls: 4, http: 3 } },
      'warning',
      'SLOW_CONNECT',
      network,
    ],
    [
      'a connection of just a second',
      { phases: { dns: 1, connect: 1000, tls: 4, http: 3 } },
      'passed',
      null,
      network,
    ],
  ] as const)('judges %s', (_what, changes, status, code, _manual) => {
    const result = judged(check, { answer: [reach(changes)] }, contextFor('oracle'))
    expect([result.status, result.findings[0]?.message.code ?? null]).toEqual([status, code])
    expect(result.findings[0]?.blocks.join() ?? all).toBe(status === 'warning' ? '' : all)
  })

  it.each([[[]], [null], [[{ url: 'x' }]]])('never passes on %j', (answer) => {
    expect(judged(check, { answer }, contextFor('oracle')).status).toBe('error')
  })
})

it('wants every control endpoint reached, and names the one that is not', () => {
  const other = reach({ url: 'https://control.example/', ...failure('connect', 'refused', 'ECONNREFUSED') })
  const { status, findings } = judged(service, { answer: [reach(), other] }, contextFor('oracle'))
  expect([status, findings.map(({ object }) => object.name)]).toEqual(['failed', ['control.example']])
})

describe('endpoints', () => {
  const urlsOf = ({ question }: Check, definition = definitionOf('oracle')) =>
    question.probe === 'https' ? question.endpoints(definition, defaultEndpointSettings) : null

  it('are those of the region of the instance', () => {
    expect(urlsOf(oss)?.urls).toEqual(['https://oss-cn-hangzhou-internal.aliyuncs.com/'])
    expect(urlsOf(service)?.urls).toEqual(['https://hbr-vpc.cn-hangzhou.aliyuncs.com/'])
  })

  it('are those of the registration where it names some, with its authority', async () => {
    const { ca } = await makeCertificates()
    const endpoints = {
      oss: 'https://oss.example/',
      service: ['https://a.example/', 'https://b.example/'],
      ca,
    }
    const definition = definitionOf('sqlserver', { endpoints })
    expect(urlsOf(oss, definition)).toEqual({ urls: ['https://oss.example/'], ca })
    expect(urlsOf(service, definition)).toEqual({ urls: ['https://a.example/', 'https://b.example/'], ca })
  })
})

describe('what a finding says', () => {
  const findingsOf = (...answer: readonly unknown[]) =>
    judged(service, { answer }, contextFor('oracle')).findings

  it('is how far the probe came, the address that it tried and the time that it took', () => {
    const phases = { dns: 4.2, connect: 3000.4, tls: null, http: null }
    const [finding] = findingsOf(reach({ phases, ...failure('connect', 'timeout', 'ETIMEDOUT') }))
    expect(finding?.message.params).toEqual({
      host: 'oss-cn-hangzhou-internal.aliyuncs.com',
      where: '100.118.28.1',
      cause: 'ETIMEDOUT',
      ms: 3005,
    })
    expect(finding?.observed).toMatchObject({ address: '100.118.28.1', status: null, connect: 3000.4 })
  })

  it('names the host where there is no address', () => {
    const phases = { dns: 31, connect: null, tls: null, http: null }
    const [finding] = findingsOf(reach({ address: null, phases, ...failure('dns', 'other', 'ENOTFOUND') }))
    expect(finding?.message.params).toMatchObject({ where: 'oss-cn-hangzhou-internal.aliyuncs.com', ms: 31 })
  })

  it('tells two endpoints on one host apart, by port and by path', () => {
    const refused = failure('connect', 'refused', 'ECONNREFUSED')
    const urls = ['https://a.example/', 'https://a.example:8443/', 'https://a.example/control']
    const findings = findingsOf(...urls.map((url) => reach({ url, ...refused })))
    expect(findings.map(({ object }) => object.name)).toEqual([
      'a.example',
      'a.example:8443',
      'a.example/control',
    ])
    expect(new Set(findings.map(({ fingerprint }) => fingerprint)).size).toBe(3)
  })

  it('lets no address out of the quotes of the command that verifies the fix', () => {
    const url = "https://a.example/'; reboot '"
    const [finding] = findingsOf(reach({ url, ...failure('connect', 'refused', 'ECONNREFUSED') }))
    expect(finding?.remediation?.verify?.query).toMatch(/ 'https:[^']*'$/)
  })

  it('counts what was reached over the whole item', () => {
    const down = reach({ url: 'https://b.example/', ...failure('tls', 'other', 'CERT_HAS_EXPIRED') })
    const { observed } = judged(service, { answer: [reach(), down] }, contextFor('oracle'))
    expect(observed).toMatchObject({ endpoints: 2, reached: 1, address: '100.118.28.1', ms: 10 })
  })

  it('is gone after the fix', () => {
    expect(findingsOf(reach(failure('connect', 'timeout', 'ETIMEDOUT')))).toHaveLength(1)
    expect(findingsOf(reach())).toEqual([])
  })
})

describe('a connectivity item that was not determined', () => {
  it.each([
    ['OSS_INTERNAL_ENDPOINT_CONNECTIVITY', oss],
    ['SERVICE_CONNECTIVITY', service],
  ])('%s leaves every operation unknown', (_, check) => {
    expect(check.affects('cloud-backup').join()).toBe(all)
  })
})

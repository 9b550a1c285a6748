import * as z from 'zod'
import type { Text } from '../../model/message.ts'
import { allOperations } from '../../model/operation.ts'
import type { Remediation } from '../../model/remediation.ts'
import { Reach } from '../framework/answer.ts'
import type { Evaluation, FindingDraft } from '../framework/define-check.ts'
import { bash } from '../framework/script-language.ts'
import { networkSteps } from './steps.ts'

/** Texts of both connectivity items. `{where}` is the address that was tried. */
export const reachTexts = {
  DNS_FAILED: {
    en: 'The host name {host} could not be resolved ({cause}, after {ms} ms).',
    zh: '无法解析域名 {host}（{cause}，{ms} 毫秒）。',
  },
  TCP_REFUSED: {
    en: '{host} ({where}) refused the connection ({cause}, after {ms} ms).',
    zh: '{host}（{where}）拒绝连接（{cause}，{ms} 毫秒）。',
  },
  TCP_TIMEOUT: {
    en: '{host} ({where}) did not answer within {ms} ms: a firewall or security group drops the packets, or there is no route.',
    zh: '{host}（{where}）在 {ms} 毫秒内无响应：数据包可能被防火墙或安全组丢弃，或没有路由。',
  },
  TCP_FAILED: {
    en: 'The connection to {host} ({where}) failed ({cause}, after {ms} ms).',
    zh: '无法连接 {host}（{where}）（{cause}，{ms} 毫秒）。',
  },
  TLS_FAILED: {
    en: 'The TLS handshake with {host} ({where}) failed ({cause}, after {ms} ms).',
    zh: '与 {host}（{where}）的 TLS 握手失败（{cause}，{ms} 毫秒）。',
  },
  HTTP_FAILED: {
    en: '{host} ({where}) accepted the connection but gave no HTTP answer ({cause}, after {ms} ms).',
    zh: '{host}（{where}）接受了连接，但没有返回 HTTP 响应（{cause}，{ms} 毫秒）。',
  },
  SLOW_CONNECT: {
    en: 'Connecting to {host} ({where}) took {ms} ms; inside a region, more than 1000 ms is not normal.',
    zh: '连接 {host}（{where}）耗时 {ms} 毫秒；同地域内通常不超过 1000 毫秒。',
  },
} as const satisfies Record<string, Text>
type Code = keyof typeof reachTexts

/** A connection inside a region that takes longer than this, ms, is a warning. */
const slowConnectMs = 1000

/** Answer of the HTTPS probe: one reach for every URL, at least one. */
export const ReachFacts = z.tuple([Reach], Reach)
type ReachFacts = Readonly<z.output<typeof ReachFacts>>

const openNetwork = (url: string): Remediation => ({
  steps: [networkSteps.allowOutbound({})],
  verify: {
    language: bash.name,
    query: `curl -sS -o /dev/null --connect-timeout 5 -w '%{http_code} %{remote_ip}\\n' '${url.replaceAll("'", '%27')}'`,
  },
  changes: { failure: null },
})

const trustTheEndpoint = (url: string): Remediation => ({
  steps: [networkSteps.trustTheEndpoint({})],
  verify: {
    language: bash.name,
    query: `openssl s_client -connect '${new URL(url).hostname}:${new URL(url).port || '443'}' </dev/null | openssl x509 -noout -subject -issuer -enddate`,
  },
  // Nobody knows which server answers before somebody has looked.
  changes: {},
})

/** Codes of OpenSSL and Node.js that concern the certificate ("X509 certificate error codes", Node.js manual of tls). */
const certificateFault = /CERT|ISSUER|CRL|SIGNATURE|ALTNAME/

const codeOfPhase = { dns: 'DNS_FAILED', tls: 'TLS_FAILED', http: 'HTTP_FAILED' } as const
const codeOfConnect = { refused: 'TCP_REFUSED', timeout: 'TCP_TIMEOUT', other: 'TCP_FAILED' } as const

const failureCode = ({ phase, kind }: NonNullable<Reach['failure']>): Code =>
  phase === 'connect' ? codeOfConnect[kind] : codeOfPhase[phase]

const totalMs = ({ phases }: Reach): number =>
  Math.round(Object.values(phases).reduce<number>((sum, ms) => sum + (ms ?? 0), 0))

const judgeReach = (reach: Reach): FindingDraft<Code>[] => {
  const { host, pathname } = new URL(reach.url)
  const about = {
    // With the path, so that two endpoints on one host are told apart.
    object: { type: 'instance', name: pathname === '/' ? host : host + pathname } as const,
    observed: { url: reach.url, address: reach.address, status: reach.status, ...reach.phases },
    expected: { status: 'any' },
  }
  const where = reach.address ?? host
  if (reach.failure) {
    const { cause } = reach.failure
    return [
      {
        ...about,
        code: failureCode(reach.failure),
        params: { host, where, cause, ms: totalMs(reach) },
        blocks: [...allOperations],
        remediation: certificateFault.test(cause) ? trustTheEndpoint(reach.url) : openNetwork(reach.url),
      },
    ]
  }
  const connect = reach.phases.connect ?? 0
  if (connect <= slowConnectMs) return []
  return [
    {
      ...about,
      code: 'SLOW_CONNECT',
      params: { host, where, ms: Math.ceil(connect) },
      degrades: [...allOperations],
    },
  ]
}

/** Judges how far the probe came with each endpoint: any HTTP status means connected, and every endpoint must be. */
export const judgeReaches = (reaches: ReachFacts): Evaluation<Code> => {
  const [first] = reaches
  return {
    findings: reaches.flatMap(judgeReach),
    observed: {
      endpoints: reaches.length,
      reached: reaches.filter(({ failure }) => failure === null).length,
      url: first.url,
      address: first.address,
      ms: totalMs(first),
    },
  }
}

import * as z from 'zod'
import type { Params } from '../../model/message.ts'
import { allOperations } from '../../model/operation.ts'
import type { Remediation, RemediationStep } from '../../model/remediation.ts'
import { Reach } from '../framework/answer.ts'
import type { Evaluation, FindingDraft } from '../framework/define-check.ts'
import { bash } from '../framework/script-language.ts'
import { failureCode, proxyStatuses } from './failure-code.ts'
import { networkSteps } from './steps.ts'
import type { ReachCode } from './texts.ts'

/** A connection inside a region that takes longer than this, ms, is a warning. */
const slowConnectMs = 1000

/** From here on a status says that the server failed (RFC 9110, section 15.6). */
const firstServerError = 500

/** Answer of the HTTPS probe: one reach for every URL, at least one. */
export const ReachFacts = z.tuple([Reach], Reach)
type ReachFacts = Readonly<z.output<typeof ReachFacts>>

type Verify = (url: string) => Remediation['verify']

const answersCurl: Verify = (url) => ({
  language: bash.name,
  query: `curl -sS -o /dev/null --connect-timeout 5 -w '%{http_code} %{remote_ip}\\n' '${url.replaceAll("'", '%27')}'`,
})

const showsCertificate: Verify = (url) => ({
  language: bash.name,
  query: `openssl s_client -connect '${new URL(url).hostname}:${new URL(url).port || '443'}' </dev/null | openssl x509 -noout -subject -issuer -dates`,
})

/** What to do about whoever answers: nobody knows who that is, nor what will be different, before somebody has looked. */
const remedies: Partial<Record<ReachCode, readonly [step: RemediationStep, verify: Verify]>> = {
  CERTIFICATE_EXPIRED: [networkSteps.renewCertificate({}), showsCertificate],
  CERTIFICATE_NOT_YET_VALID: [networkSteps.renewCertificate({}), showsCertificate],
  CERTIFICATE_OF_ANOTHER_NAME: [networkSteps.letThrough({}), showsCertificate],
  CERTIFICATE_UNTRUSTED: [networkSteps.trustTheEndpoint({}), showsCertificate],
  NOT_TLS: [networkSteps.letThrough({}), answersCurl],
  PROXY_ANSWERED: [networkSteps.letThrough({}), answersCurl],
}

/** Where the endpoints of Alibaba Cloud are, whose addresses are known. */
const ofAlibabaCloud = '.aliyuncs.com'

/** What lets a connection out to an endpoint. */
const outbound = (url: string): RemediationStep => {
  const { hostname, port } = new URL(url)
  if (hostname.endsWith(ofAlibabaCloud)) return networkSteps.allowOutbound({})
  return networkSteps.allowOutboundTo({ host: hostname, port: port || '443' })
}

const remediationOf = (code: ReachCode, url: string): Remediation => {
  const remedy = remedies[code]
  if (!remedy) return { steps: [outbound(url)], verify: answersCurl(url), changes: { failure: null } }
  const [step, verify] = remedy
  return { steps: [step], verify: verify(url), changes: {} }
}

const totalMs = ({ phases }: Reach): number =>
  Math.round(Object.values(phases).reduce<number>((sum, ms) => sum + (ms ?? 0), 0))

const judgeReach = (reach: Reach): FindingDraft<ReachCode>[] => {
  const { host, pathname } = new URL(reach.url)
  const about = {
    // With the path, so that two endpoints on one host are told apart.
    object: { type: 'instance', name: pathname === '/' ? host : host + pathname } as const,
    observed: { url: reach.url, address: reach.address, status: reach.status, ...reach.phases },
    expected: { status: 'any' },
  }
  const where = reach.address ?? host
  const blocked = (code: ReachCode, params: Params): FindingDraft<ReachCode>[] => {
    const remediation = remediationOf(code, reach.url)
    return [{ ...about, code, params: { host, where, ...params }, blocks: [...allOperations], remediation }]
  }
  if (reach.failure) {
    return blocked(failureCode(reach.failure), { cause: reach.failure.cause, ms: totalMs(reach) })
  }
  if (reach.status !== null && proxyStatuses.includes(reach.status)) {
    return blocked('PROXY_ANSWERED', { status: reach.status })
  }
  const notes: FindingDraft<ReachCode>[] = []
  const connect = reach.phases.connect ?? 0
  if (connect > slowConnectMs) {
    notes.push({
      ...about,
      code: 'SLOW_CONNECT',
      params: { host, where, ms: Math.ceil(connect) },
      degrades: [...allOperations],
    })
  }
  // Whoever answers is reached: what is wrong with it is noted, and blocks nothing.
  if (reach.status !== null && reach.status >= firstServerError) {
    notes.push({ ...about, code: 'SERVER_ERROR', params: { host, where, status: reach.status } })
  }
  return notes
}

/**
 * Judges how far the probe came with each endpoint, and every one must be connected. Any HTTP status says so but those
 * of proxies; a redirect or a page does too, for TLS has shown that nobody answers in place of the endpoint.
 */
export const judgeReaches = (reaches: ReachFacts): Evaluation<ReachCode> => {
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

import type { Reach } from '../../../../shared/checks/framework/answer.ts'
import { notReached, reach } from '../../../support/facts/connectivity.ts'
import { type DetailRow, type ExpectedFinding, type VerdictRow, all } from '../../../support/verdict-table.ts'

/** What both connectivity items say of one endpoint. */
export const reachManuals = {
  endpoints: 'https://www.alibabacloud.com/help/en/oss/user-guide/regions-and-endpoints',
  network: 'Cloud Backup, Limits: network access to 100.64.0.0/10',
  certificates: 'https://nodejs.org/api/tls.html#x509-certificate-error-codes',
  curl: 'https://curl.se/libcurl/c/libcurl-errors.html',
  windows: 'https://learn.microsoft.com/en-us/dotnet/api/system.net.security.sslstream.authenticateasclient',
  http: 'https://www.rfc-editor.org/rfc/rfc9110#name-status-codes',
  portal: 'https://www.rfc-editor.org/rfc/rfc6585#section-6',
} as const
type Row = VerdictRow<readonly Reach[], keyof typeof reachManuals>

const host = 'oss-cn-hangzhou-internal.aliyuncs.com'
const on = `instance ${host}`
const blocked = (code: string): readonly ExpectedFinding[] => [{ code, on, blocks: all }]
const connectedIn = (connect: number | null) => reach({ phases: { dns: 1, connect, tls: 4, http: 3 } })
const untrusted = (cause: string) => [notReached('tls', 'other', cause)]

export const reachVerdicts: readonly Row[] = [
  {
    when: 'answered with 200',
    facts: [reach({ status: 200 })],
    status: 'passed',
    findings: [],
    readiness: { instance: { full: 'ready', incremental: 'ready', log: 'ready', restore: 'ready' } },
    observed: { endpoints: 1, reached: 1, url: `https://${host}/`, address: '100.118.28.1', ms: 10 },
    manual: 'endpoints',
  },
  {
    when: 'answered with 403, as OSS answers a stranger',
    facts: [reach({ status: 403 })],
    status: 'passed',
    findings: [],
    manual: 'endpoints',
  },
  {
    when: 'answered with 500: whoever answers is reached, and the error is noted',
    facts: [reach({ status: 500 })],
    status: 'passed',
    findings: [{ code: 'SERVER_ERROR', on }],
    manual: 'http',
  },
  {
    when: 'no address',
    facts: [
      notReached('dns', 'other', 'ENOTFOUND', {
        address: null,
        phases: { dns: 31, connect: null, tls: null, http: null },
      }),
    ],
    status: 'failed',
    findings: blocked('DNS_FAILED'),
    readiness: { instance: { full: 'blocked', incremental: 'blocked', log: 'blocked', restore: 'blocked' } },
    observed: { endpoints: 1, reached: 0, url: `https://${host}/`, address: null, ms: 31 },
    manual: 'network',
  },
  {
    when: 'a refused connection',
    facts: [notReached('connect', 'refused', 'ECONNREFUSED')],
    status: 'failed',
    findings: blocked('TCP_REFUSED'),
    manual: 'network',
  },
  {
    when: 'dropped packets',
    facts: [
      notReached('connect', 'timeout', 'ETIMEDOUT', {
        phases: { dns: 4.2, connect: 3000.4, tls: null, http: null },
      }),
    ],
    status: 'failed',
    findings: blocked('TCP_TIMEOUT'),
    manual: 'network',
  },
  {
    when: 'no route',
    facts: [notReached('connect', 'other', 'EHOSTUNREACH')],
    status: 'failed',
    findings: blocked('TCP_FAILED'),
    manual: 'network',
  },
  {
    when: 'a certificate that has expired',
    facts: untrusted('CERT_HAS_EXPIRED'),
    status: 'failed',
    findings: blocked('CERTIFICATE_EXPIRED'),
    manual: 'certificates',
  },
  {
    when: 'a certificate of an unknown authority, on a port of its own',
    facts: [
      notReached('tls', 'other', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', { url: 'https://oss.example:8443/' }),
    ],
    status: 'failed',
    findings: [{ code: 'CERTIFICATE_UNTRUSTED', on: 'instance oss.example:8443', blocks: all }],
    manual: 'certificates',
  },
  {
    when: 'a certificate of another name',
    facts: untrusted('ERR_TLS_CERT_ALTNAME_INVALID'),
    status: 'failed',
    findings: blocked('CERTIFICATE_OF_ANOTHER_NAME'),
    manual: 'certificates',
  },
  {
    when: 'a certificate that is not valid yet',
    facts: untrusted('CERT_NOT_YET_VALID'),
    status: 'failed',
    findings: blocked('CERTIFICATE_NOT_YET_VALID'),
    manual: 'certificates',
  },
  {
    when: 'a certificate that signed itself',
    facts: untrusted('DEPTH_ZERO_SELF_SIGNED_CERT'),
    status: 'failed',
    findings: blocked('CERTIFICATE_UNTRUSTED'),
    manual: 'certificates',
  },
  {
    when: 'a certificate that has expired, in the words of curl',
    facts: untrusted('curl: (60) SSL certificate problem: certificate has expired'),
    status: 'failed',
    findings: blocked('CERTIFICATE_EXPIRED'),
    manual: 'curl',
  },
  {
    when: 'a certificate that is not valid yet, in the words of curl',
    facts: untrusted('curl: (60) SSL certificate problem: certificate is not yet valid'),
    status: 'failed',
    findings: blocked('CERTIFICATE_NOT_YET_VALID'),
    manual: 'curl',
  },
  {
    when: 'a certificate of another name, in the words of curl',
    facts: untrusted(
      "curl: (60) SSL: no alternative certificate subject name matches target host name 'oss.example'",
    ),
    status: 'failed',
    findings: blocked('CERTIFICATE_OF_ANOTHER_NAME'),
    manual: 'curl',
  },
  {
    when: 'a certificate of another name, in the words of an older curl',
    facts: untrusted(
      "curl: (51) SSL: certificate subject name (proxy.example) does not match target host name 'oss.example'",
    ),
    status: 'failed',
    findings: blocked('CERTIFICATE_OF_ANOTHER_NAME'),
    manual: 'curl',
  },
  {
    when: 'a certificate of an unknown authority, in the words of curl',
    facts: untrusted('curl: (60) SSL certificate problem: unable to get local issuer certificate'),
    status: 'failed',
    findings: blocked('CERTIFICATE_UNTRUSTED'),
    manual: 'curl',
  },
  {
    when: 'a certificate that Windows refuses',
    facts: untrusted('The remote certificate is invalid according to the validation procedure.'),
    status: 'failed',
    findings: blocked('CERTIFICATE_UNTRUSTED'),
    manual: 'windows',
  },
  {
    when: 'plain HTTP',
    facts: untrusted('ERR_SSL_WRONG_VERSION_NUMBER'),
    status: 'failed',
    findings: blocked('NOT_TLS'),
    manual: 'network',
  },
  {
    when: 'plain HTTP, to a later OpenSSL',
    facts: untrusted('ERR_SSL_PACKET_LENGTH_TOO_LONG'),
    status: 'failed',
    findings: blocked('NOT_TLS'),
    manual: 'network',
  },
  {
    when: 'plain HTTP, in the words of curl',
    facts: untrusted('curl: (35) error:0A00010B:SSL routines::wrong version number'),
    status: 'failed',
    findings: blocked('NOT_TLS'),
    manual: 'curl',
  },
  {
    when: 'plain HTTP, in the words of curl with GnuTLS',
    facts: untrusted('curl: (35) gnutls_handshake() failed: An unexpected TLS packet was received.'),
    status: 'failed',
    findings: blocked('NOT_TLS'),
    manual: 'curl',
  },
  {
    when: 'plain HTTP, in the words of Windows',
    facts: untrusted('The handshake failed due to an unexpected packet format.'),
    status: 'failed',
    findings: blocked('NOT_TLS'),
    manual: 'windows',
  },
  {
    when: 'a proxy that wants a login',
    facts: [reach({ status: 407 })],
    status: 'failed',
    findings: blocked('PROXY_ANSWERED'),
    manual: 'http',
  },
  {
    when: 'a captive portal that wants a login',
    facts: [reach({ status: 511 })],
    status: 'failed',
    findings: blocked('PROXY_ANSWERED'),
    manual: 'portal',
  },
  {
    when: 'answered with a redirect: TLS has shown who answers',
    facts: [reach({ status: 302 })],
    status: 'passed',
    findings: [],
    manual: 'http',
  },
  {
    when: 'TLS that breaks off, which is no matter of certificates',
    facts: untrusted('ECONNRESET'),
    status: 'failed',
    findings: blocked('TLS_FAILED'),
    manual: 'network',
  },
  {
    when: 'no HTTP',
    facts: [notReached('http', 'timeout', 'ETIMEDOUT')],
    status: 'failed',
    findings: blocked('HTTP_FAILED'),
    manual: 'network',
  },
  {
    when: 'a slow connection',
    facts: [connectedIn(1000.2)],
    status: 'warning',
    findings: [{ code: 'SLOW_CONNECT', on, degrades: all }],
    readiness: { instance: { full: 'degraded' } },
    manual: 'network',
  },
  {
    when: 'a connection of just a second',
    facts: [connectedIn(1000)],
    status: 'passed',
    findings: [],
    manual: 'network',
  },
  {
    when: 'a slow name server, and a connection that took no time of its own',
    facts: [reach({ phases: { dns: 1500, connect: null, tls: 4, http: 3 } })],
    status: 'passed',
    findings: [],
    manual: 'network',
  },
  {
    when: 'an address with a quote in it',
    facts: [notReached('connect', 'refused', 'ECONNREFUSED', { url: "https://a.example/'; reboot '" })],
    status: 'failed',
    findings: [{ code: 'TCP_REFUSED', on: "instance a.example/';%20reboot%20'", blocks: all }],
    manual: 'network',
  },
]

const expected = { status: 'any' }
const observed = {
  url: `https://${host}/`,
  address: '100.118.28.1',
  status: null,
  dns: 1,
  connect: 2,
  tls: 4,
  http: 3,
}
const where = '100.118.28.1'
const answersCurl = (url: string) =>
  `bash: curl -sS -o /dev/null --connect-timeout 5 -w '%{http_code} %{remote_ip}\\n' '${url}'`
const showsCertificate = (address: string) =>
  `bash: openssl s_client -connect '${address}' </dev/null | openssl x509 -noout -subject -issuer -dates`
const opensTheWay = { steps: ['online manual'], verify: answersCurl(`https://${host}/`) }

export const reachDetails: readonly DetailRow[] = [
  {
    when: 'answered with 500: whoever answers is reached, and the error is noted',
    code: 'SERVER_ERROR',
    on,
    params: { host, where, status: 500 },
    observed: { ...observed, status: 500 },
    expected,
    steps: [],
  },
  {
    when: 'no address',
    code: 'DNS_FAILED',
    on,
    params: { host, where: host, cause: 'ENOTFOUND', ms: 31 },
    observed: { ...observed, address: null, dns: 31, connect: null, tls: null, http: null },
    expected,
    ...opensTheWay,
  },
  {
    when: 'a refused connection',
    code: 'TCP_REFUSED',
    on,
    params: { host, where, cause: 'ECONNREFUSED', ms: 10 },
    observed,
    expected,
    ...opensTheWay,
  },
  {
    when: 'an address with a quote in it',
    code: 'TCP_REFUSED',
    on: "instance a.example/';%20reboot%20'",
    params: { host: 'a.example', where, cause: 'ECONNREFUSED', ms: 10 },
    observed: { ...observed, url: "https://a.example/'; reboot '" },
    expected,
    steps: ['online manual'],
    verify: answersCurl('https://a.example/%27; reboot %27'),
  },
  {
    when: 'dropped packets',
    code: 'TCP_TIMEOUT',
    on,
    params: { host, where, cause: 'ETIMEDOUT', ms: 3005 },
    observed: { ...observed, dns: 4.2, connect: 3000.4, tls: null, http: null },
    expected,
    ...opensTheWay,
  },
  {
    when: 'no route',
    code: 'TCP_FAILED',
    on,
    params: { host, where, cause: 'EHOSTUNREACH', ms: 10 },
    observed,
    expected,
    ...opensTheWay,
  },
  {
    when: 'a certificate that has expired',
    code: 'CERTIFICATE_EXPIRED',
    on,
    params: { host, where, cause: 'CERT_HAS_EXPIRED', ms: 10 },
    observed,
    expected,
    steps: ['online manual'],
    verify: showsCertificate(`${host}:443`),
  },
  {
    when: 'a certificate of an unknown authority, on a port of its own',
    code: 'CERTIFICATE_UNTRUSTED',
    on: 'instance oss.example:8443',
    params: { host: 'oss.example:8443', where, cause: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', ms: 10 },
    observed: { ...observed, url: 'https://oss.example:8443/' },
    expected,
    steps: ['online manual'],
    verify: showsCertificate('oss.example:8443'),
  },
  {
    when: 'a certificate that is not valid yet',
    code: 'CERTIFICATE_NOT_YET_VALID',
    on,
    params: { host, where, cause: 'CERT_NOT_YET_VALID', ms: 10 },
    observed,
    expected,
    steps: ['online manual'],
    verify: showsCertificate(`${host}:443`),
  },
  {
    when: 'a certificate of another name',
    code: 'CERTIFICATE_OF_ANOTHER_NAME',
    on,
    params: { host, where, cause: 'ERR_TLS_CERT_ALTNAME_INVALID', ms: 10 },
    observed,
    expected,
    steps: ['online manual'],
    verify: showsCertificate(`${host}:443`),
  },
  {
    when: 'plain HTTP',
    code: 'NOT_TLS',
    on,
    params: { host, where, cause: 'ERR_SSL_WRONG_VERSION_NUMBER', ms: 10 },
    observed,
    expected,
    steps: ['online manual'],
    verify: answersCurl(`https://${host}/`),
  },
  {
    when: 'a proxy that wants a login',
    code: 'PROXY_ANSWERED',
    on,
    params: { host, where, status: 407 },
    observed: { ...observed, status: 407 },
    expected,
    steps: ['online manual'],
    verify: answersCurl(`https://${host}/`),
  },
  {
    when: 'TLS that breaks off, which is no matter of certificates',
    code: 'TLS_FAILED',
    on,
    params: { host, where, cause: 'ECONNRESET', ms: 10 },
    observed,
    expected,
    ...opensTheWay,
  },
  {
    when: 'no HTTP',
    code: 'HTTP_FAILED',
    on,
    params: { host, where, cause: 'ETIMEDOUT', ms: 10 },
    observed,
    expected,
    ...opensTheWay,
  },
  {
    when: 'a slow connection',
    code: 'SLOW_CONNECT',
    on,
    params: { host, where, ms: 1001 },
    observed: { ...observed, status: 403, connect: 1000.2 },
    expected,
    steps: [],
  },
]

/** The reaches of a healthy network, but for the changes. */
export const reaches = (changes: readonly Reach[] = [reach()]): readonly Reach[] => changes

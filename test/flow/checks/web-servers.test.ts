import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { linuxScript } from '../../../shared/adapters/cloud-assistant/linux-script.ts'
import { httpsProbe } from '../../../shared/adapters/https/https-probe.ts'
import check from '../../../shared/checks/connectivity/oss-internal-endpoint-connectivity.ts'
import { renderMessage } from '../../../shared/checks/render.ts'
import type { ProbeOutcome } from '../../../shared/checks/judge.ts'
import { Locale } from '../../../shared/model/message.ts'
import { runShell } from '../../emulators/openapi/shell.ts'
import {
  type Authority,
  type ServerCertificate,
  makeAuthority,
  makeSelfSigned,
} from '../../support/certificates.ts'
import { contextFor, judged } from '../../support/context.ts'
import { inTime } from '../../support/in-time.ts'
import { type WebServer, hasNginx, startNginx } from '../../support/servers/nginx.ts'

/**
 * What stands at an endpoint, or in the way to one, as nginx shows it: looked at from here and, as on an ECS instance,
 * by the script with curl. Both say the same.
 */

/** Makes the certificate that the server shows; null: it speaks plain HTTP. */
type Certify = (authority: Authority) => Promise<ServerCertificate> | null

const well: Certify = ({ issue }) => issue('localhost', -1, 1)
const expired: Certify = ({ issue }) => issue('localhost', -2, -1)
const early: Certify = ({ issue }) => issue('localhost', 1, 2)
const ofAnother: Certify = ({ issue }) => issue('portal.example', -1, 1)
const own: Certify = () => makeSelfSigned('localhost')
const none: Certify = () => null

const page = "default_type text/html; return 200 '<html>Welcome. Please log in.</html>';"

const endpoints: readonly (readonly [what: string, certify: Certify, location: string, ends: string])[] = [
  ['answers 403, as OSS does', well, 'return 403;', 'passed'],
  ['answers with a page', well, page, 'passed'],
  ['answers 301 to itself', well, 'return 301 https://localhost/there;', 'passed'],
  ['answers 302 to another host', well, 'return 302 https://portal.example/;', 'passed'],
  ['answers 503', well, 'return 503;', 'SERVER_ERROR'],
  ['answers 407, as a proxy', well, 'return 407;', 'PROXY_ANSWERED'],
  ['answers 511, as a captive portal', well, 'return 511;', 'PROXY_ANSWERED'],
  ['has a certificate that expired', expired, 'return 403;', 'CERTIFICATE_EXPIRED'],
  ['has a certificate of tomorrow', early, 'return 403;', 'CERTIFICATE_NOT_YET_VALID'],
  ['has a certificate of another name', ofAnother, 'return 403;', 'CERTIFICATE_OF_ANOTHER_NAME'],
  ['has a certificate that it signed itself', own, 'return 403;', 'CERTIFICATE_UNTRUSTED'],
  ['is a captive portal with its own certificate', own, page, 'CERTIFICATE_UNTRUSTED'],
  ['speaks plain HTTP', none, 'return 403;', 'NOT_TLS'],
  ['is a captive portal without TLS', none, 'return 302 http://portal.example/;', 'NOT_TLS'],
]

let folder: string
let authority: Authority
let server: WebServer
beforeAll(async () => {
  if (!hasNginx) return
  folder = mkdtempSync(join(tmpdir(), 'precheck-web-'))
  authority = await makeAuthority()
  const sites = await Promise.all(
    endpoints.map(async ([, certify, location]) => {
      const certificate = await certify(authority)
      return { location, ...(certificate && { certificate }) }
    }),
  )
  server = await startNginx(folder, sites)
})
afterAll(async () => {
  if (!hasNginx) return
  await server.stop()
  rmSync(folder, { recursive: true })
})

/** Far more than any of them takes, ms. */
const limitMs = 20_000
const atOnceMs = 4000

const fromHere = (url: string): Promise<ProbeOutcome> =>
  httpsProbe({ urls: [url], ca: authority.ca, limitMs })

const fromTheInstance = async (url: string): Promise<ProbeOutcome> => {
  const content = linuxScript.write({ urls: [url], ca: authority.ca }, limitMs)
  const { output = '' } = await runShell({ type: 'RunShellScript', content, timeoutSeconds: limitMs / 1000 })
  return { answer: linuxScript.read(output, [url]) }
}

const hasCurl = existsSync('/usr/bin/curl')
const vantages = [
  ['from here', fromHere, hasNginx],
  ['by the script, with curl', fromTheInstance, hasNginx && hasCurl],
] as const

describe.each(vantages)('an endpoint, %s (Debian: nginx-light, curl)', (_, look, isPossible) => {
  it.skipIf(!isPossible).each(endpoints.map((row, index) => [index, ...row] as const))(
    '%i that %s',
    async (index, ...[, , , ends]) => {
      const url = `https://localhost:${server.ports[index]}/`
      const outcome = await inTime(atOnceMs, look(url))
      const { status, findings } = judged(check, outcome, contextFor('oracle'))
      expect([findings[0]?.message.code ?? status, findings.length]).toEqual([
        ends,
        ends === 'passed' ? 0 : 1,
      ])
      for (const { message } of findings) {
        for (const locale of Locale.options) {
          expect(renderMessage(check.id, message, locale)).toMatch(/localhost/)
          expect(renderMessage(check.id, message, locale)).not.toMatch(/\{\w+\}/)
        }
      }
    },
  )
})

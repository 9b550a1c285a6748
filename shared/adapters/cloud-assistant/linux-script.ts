import * as z from 'zod'
import type { Reach } from '../../checks/answer.ts'
import { quoteShell } from '../../checks/oracle/quote.ts'
import { type Script, addressOf, certificatesIn, marker, roundMs } from './script.ts'

/** What curl is to report, in this order; times are seconds from the start ("--write-out", curl manual). */
const report = [
  'http_code',
  'remote_ip',
  'time_namelookup',
  'time_connect',
  'time_appconnect',
  'time_starttransfer',
  'time_total',
]

/** Where distributions keep the public authorities: Debian; Red Hat, Alibaba Cloud Linux; SUSE; Alpine. */
const bundles =
  '/etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/ca-bundle.pem /etc/ssl/cert.pem'

/** curl replaces the public authorities by `--cacert`, so they go into the file first. */
const trust = (certificates: readonly string[]): string[] => {
  if (certificates.length === 0) return []
  const pem = certificates.map((content) => {
    const lines = content.replaceAll(/.{64}/g, '$&\n').trimEnd()
    return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----`
  })
  return [
    `for bundle in ${bundles}; do`,
    '  if [ -r "$bundle" ]; then cat "$bundle"; break; fi',
    'done > "$folder/ca.pem"',
    `printf '%s\\n' ${quoteShell(pem.join('\n'))} >> "$folder/ca.pem"`,
    'set -- --cacert "$folder/ca.pem"',
  ]
}

/** Whole seconds: curl before 7.32 takes no fraction. */
const secondsOf = (limitMs: number): number => Math.max(1, Math.floor(limitMs / 1000))

/**
 * Asks as the HTTPS probe does: HEAD, no proxy, no redirect, no settings of the user (`-q`), no patterns in the URL. Of what
 * curl says it does, only the addresses that it tried and its complaints are passed on.
 */
const reachFunction = (limitMs: number): string[] => [
  'reach() {',
  '  index=$1 url=$2',
  '  shift 2',
  `  numbers=$(curl -q --silent --show-error --verbose --head --output /dev/null --globoff --noproxy '*' --proto '=https' \\`,
  `    --connect-timeout ${secondsOf(limitMs)} --max-time ${secondsOf(limitMs)} \\`,
  `    --write-out '${report.map((name) => `%{${name}}`).join('|')}' "$@" --url "$url" 2> "$folder/$index")`,
  '  code=$?',
  `  said=$(grep -E 'Trying |failed: |^curl: ' "$folder/$index" | tail -n 5 | head -c 800 | base64 | tr -d '\\n')`,
  `  printf '${marker} %s %s|%s|%s\\n' "$index" "$code" "$numbers" "$said"`,
  '}',
]

const write: Script['write'] = ({ urls, ca }, limitMs) => {
  const calls = urls.map((url, index) => `reach ${index} ${quoteShell(addressOf(url).href)} "$@" &`)
  return [
    '# Backup Precheck: does this instance reach the endpoints below? Reads nothing and changes nothing here.',
    // Numbers with a point, messages in English.
    'export LC_ALL=C',
    `command -v curl > /dev/null 2>&1 || { echo '${marker} no-curl'; exit 0; }`,
    'folder=$(mktemp -d) || exit 1',
    `trap 'rm -rf "$folder"' EXIT`,
    'set --',
    ...trust(certificatesIn(ca)),
    ...reachFunction(limitMs),
    ...calls,
    'wait',
    '',
  ].join('\n')
}

const Seconds = z.coerce.number().nonnegative()
const Report = z.tuple([
  z.coerce.number().int(),
  z.coerce.number().int(),
  z.string(),
  Seconds,
  Seconds,
  Seconds,
  Seconds,
  Seconds,
  z.base64(),
])

interface Told {
  readonly exitCode: number
  readonly status: number
  /** Address of the connection; empty if there was none. */
  readonly remote: string
  /** Lines of curl that name addresses and complaints. */
  readonly said: string
  /** Seconds from the start at which each phase ended; 0 if it did not. */
  readonly ends: {
    readonly dns: number
    readonly connect: number
    readonly tls: number
    readonly http: number
  }
  readonly total: number
}

type Phase = keyof Told['ends']
const phases: readonly Phase[] = ['dns', 'connect', 'tls', 'http']

/** Exit codes that name a phase themselves ("Exit codes", curl manual). */
const phaseOfExit: Readonly<Record<number, Phase>> = {
  6: 'dns',
  7: 'connect',
  35: 'tls',
  51: 'tls',
  58: 'tls',
  59: 'tls',
  60: 'tls',
  66: 'tls',
  77: 'tls',
  80: 'tls',
  82: 'tls',
  83: 'tls',
  91: 'tls',
}

/** Could not connect; out of time, in whatever phase. */
const exitCodes = { connect: 7, timedOut: 28 } as const

/** Curl before 7.61 gives thousandths, so that a quick phase ends at 0: an address that was connected says it too. */
const phaseOf = ({ exitCode, ends, remote, said }: Told): Phase => {
  const named = phaseOfExit[exitCode]
  if (named !== undefined) return named
  if (remote === '' && ends.connect === 0) return said.includes('Trying ') ? 'connect' : 'dns'
  return ends.tls === 0 ? 'tls' : 'http'
}

const lastOf = (text: string, pattern: RegExp): string | undefined => [...text.matchAll(pattern)].at(-1)?.[1]

/** `Trying 10.0.0.1:443...`; versions differ in brackets and in whether they tell the port. */
const triedAddress = (said: string, { port }: URL): string | null => {
  const tried = lastOf(said, /Trying (\S+?)\.\.\./g)
  const suffix = `:${port || '443'}`
  const bare = tried?.endsWith(suffix) ? tried.slice(0, -suffix.length) : tried
  return bare?.replaceAll(/^\[|\]$/g, '') ?? null
}

const causeOf = ({ exitCode, said }: Told): string => {
  const complaint = lastOf(said, /^curl: \(\d+\) (.+?)\r?$/gm) ?? `curl ${exitCode}`
  return exitCode === exitCodes.connect ? (lastOf(said, /failed: (.+?)\r?$/gm) ?? complaint) : complaint
}

const kindOf = ({ exitCode }: Told, cause: string): NonNullable<Reach['failure']>['kind'] => {
  if (exitCode === exitCodes.timedOut || /timed out/i.test(cause)) return 'timeout'
  return exitCode === exitCodes.connect && /refused/i.test(cause) ? 'refused' : 'other'
}

/** Time of each phase up to the one that failed, which has the rest. */
const timesOf = ({ ends, total }: Told, failed: Phase | null): Reach['phases'] => {
  const times: Record<Phase, number | null> = { dns: null, connect: null, tls: null, http: null }
  let from = 0
  for (const phase of phases) {
    const end = phase === failed ? total : ends[phase]
    times[phase] = roundMs(Math.max(0, end - from) * 1000)
    if (phase === failed) break
    from = Math.max(from, end)
  }
  return times
}

const toReach = (url: string, told: Told): Reach => {
  const failed = told.exitCode === 0 ? null : phaseOf(told)
  const cause = causeOf(told)
  return {
    url,
    address: told.remote || triedAddress(told.said, new URL(url)),
    phases: timesOf(told, failed),
    status: failed === null ? told.status : null,
    failure: failed === null ? null : { phase: failed, kind: kindOf(told, cause), cause },
  }
}

const readFields = (fields: string): Told | null => {
  const parsed = Report.safeParse(fields.split('|'))
  if (!parsed.success) return null
  const [exitCode, status, remote, dns, connect, tls, http, total, said] = parsed.data
  const ends = { dns, connect, tls, http }
  return { exitCode, status, remote, ends, total, said: Buffer.from(said, 'base64').toString() }
}

const read: Script['read'] = (output, urls) => {
  if (output.includes(`${marker} no-curl`)) return { code: 'CURL_MISSING' }
  const lines = new Map(
    [...output.matchAll(new RegExp(`^${marker} (\\d+) (\\S+)\\s*$`, 'gm'))].map(([, index, fields = '']) => [
      Number(index),
      readFields(fields),
    ]),
  )
  const reaches = urls.flatMap((url, index) => {
    const told = lines.get(index)
    return told ? [toReach(url, told)] : []
  })
  return reaches.length === urls.length ? reaches : null
}

/** Linux: `sh` with curl. */
export const linuxScript: Script = { type: 'RunShellScript', write, read }

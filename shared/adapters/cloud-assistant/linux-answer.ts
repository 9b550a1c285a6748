import * as z from 'zod'
import type { Reach } from '../../checks/framework/answer.ts'
import { type Script, marker } from './script.ts'

/** Milliseconds, to a tenth. */
const roundMs = (ms: number): number => Math.round(ms * 10) / 10

const Seconds = z.coerce.number().nonnegative()
/** Exit code, what the script asks curl to write out, and the lines that were picked from what it said. */
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

interface CurlReport {
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

type Phase = keyof CurlReport['ends']
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
const phaseOf = ({ exitCode, ends, remote, said }: CurlReport): Phase => {
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

const causeOf = ({ exitCode, said }: CurlReport): string => {
  const complaint = lastOf(said, /^curl: \(\d+\) (.+?)\r?$/gm) ?? `curl ${exitCode}`
  return exitCode === exitCodes.connect ? (lastOf(said, /failed: (.+?)\r?$/gm) ?? complaint) : complaint
}

const kindOf = ({ exitCode }: CurlReport, cause: string): NonNullable<Reach['failure']>['kind'] => {
  if (exitCode === exitCodes.timedOut || /timed out/i.test(cause)) return 'timeout'
  return exitCode === exitCodes.connect && /refused/i.test(cause) ? 'refused' : 'other'
}

/** Time of each phase up to the one that failed, which has the rest. */
const timesOf = ({ ends, total }: CurlReport, failed: Phase | null): Reach['phases'] => {
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

const toReach = (url: string, report: CurlReport): Reach => {
  const failed = report.exitCode === 0 ? null : phaseOf(report)
  const cause = causeOf(report)
  return {
    url,
    address: report.remote || triedAddress(report.said, new URL(url)),
    phases: timesOf(report, failed),
    status: failed === null ? report.status : null,
    failure: failed === null ? null : { phase: failed, kind: kindOf(report, cause), cause },
  }
}

const readFields = (fields: string): CurlReport | null => {
  const parsed = Report.safeParse(fields.split('|'))
  if (!parsed.success) return null
  const [exitCode, status, remote, dns, connect, tls, http, total, said] = parsed.data
  const ends = { dns, connect, tls, http }
  return { exitCode, status, remote, ends, total, said: Buffer.from(said, 'base64').toString() }
}

/** Reads what curl reported of each URL. */
export const readLinuxAnswer: Script['read'] = (output, urls) => {
  if (output.includes(`${marker} no-curl`)) return { code: 'CURL_MISSING' }
  const lines = new Map(
    [...output.matchAll(new RegExp(`^${marker} (\\d+) (\\S+)\\s*$`, 'gm'))].map(([, index, fields = '']) => [
      Number(index),
      readFields(fields),
    ]),
  )
  const reaches = urls.flatMap((url, index) => {
    const report = lines.get(index)
    return report ? [toReach(url, report)] : []
  })
  return reaches.length === urls.length ? reaches : null
}

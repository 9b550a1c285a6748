import type { HostAsk } from '../../checks/framework/question.ts'
import type { HostLook } from '../../ports/host-reach.ts'
import type { ProbeOutcome } from '../../checks/judge.ts'
import type { Script } from './script.ts'

/** What came of each part that the output says something of. */
export type PartOutcomes = Readonly<Partial<Record<HostAsk['part'], ProbeOutcome>>>

/** How an instance of one platform is looked at, and how its answer is read. Pure. */
export interface HostScript {
  readonly type: Script['type']
  /** The same for the same look, or Cloud Assistant refuses the token of a repeat. Holds no secret. */
  readonly write: (look: Omit<HostLook, 'host'>) => string
  /** What there is for each part; one that is not in the output, or says nothing, is left out. */
  readonly read: (output: string, asks: readonly HostAsk[]) => PartOutcomes
}

/** Starts every line that is ours: the instance may write others. */
export const hostMarker = 'backup-precheck-host'

/** Endpoints that are asked for the time, one after the other until one answers: OSS and the first of the control network. */
export const clockEndpoints = 2

/** The time of a `Date` field as RFC 9110 (section 5.6.7) has servers write it, seconds since 1970; null if it is none. */
export const secondsOfDate = (date: string): number | null =>
  /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(date) &&
  Number.isFinite(Date.parse(date))
    ? Date.parse(date) / 1000
    : null

/** Text of a field in Base64, without what surrounds it. */
export const decode = (field: string): string => Buffer.from(field, 'base64').toString().trim()

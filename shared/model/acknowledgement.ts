import * as z from 'zod'
import { CheckItemId, type Finding, type FindingAcknowledgement } from './finding.ts'
import { type ItemResult, statusOf } from './item-result.ts'
import { UtcTime } from './schedule.ts'

export const AcknowledgementId = z.string().regex(/^ack_[0-9a-f]{16}$/)

const Known = {
  checkItem: CheckItemId,
  /** Left out: every finding of the check item. As the engine reports the name, unquoted. */
  database: z.string().min(1).max(128).optional(),
  /** Why the finding is accepted for now. */
  reason: z.string().min(1).max(512),
  author: z.string().min(1).max(128),
  /** UTC. From then on the finding counts again. */
  expiresAt: UtcTime,
}

/** What a person says of a known finding. */
export const AcknowledgementRequest = z.strictObject(Known)
export type AcknowledgementRequest = Readonly<z.infer<typeof AcknowledgementRequest>>

/** A known finding that counts as a warning until it expires. */
export const Acknowledgement = z.strictObject({
  id: AcknowledgementId,
  ...Known,
  acknowledgedAt: z.iso.datetime(),
})
export type Acknowledgement = Readonly<z.infer<typeof Acknowledgement>>

/** True until it expires. */
export const isInForce = ({ expiresAt }: Pick<Acknowledgement, 'expiresAt'>, now: Date): boolean =>
  Date.parse(expiresAt) > now.getTime()

const covers = ({ database }: Acknowledgement, { object }: Finding): boolean =>
  database === undefined || (object.type !== 'instance' && object.name === database)

const accept = (finding: Finding, { id, reason, author, expiresAt }: Acknowledgement): Finding => {
  const level = finding.acknowledgement?.level ?? finding.level
  const acknowledgement: FindingAcknowledgement = { id, reason, author, expiresAt, level }
  return { ...finding, level: 'warning', acknowledgement }
}

/** `acknowledgements`: those of the item, the one that expires last first. */
const acknowledgeItem = (result: ItemResult, acknowledgements: readonly Acknowledgement[]): ItemResult => {
  const findings = result.findings.map((finding) => {
    const match = finding.level === 'note' ? undefined : acknowledgements.find((one) => covers(one, finding))
    return match ? accept(finding, match) : finding
  })
  const isChanged = findings.some((finding, index) => finding !== result.findings[index])
  return isChanged ? { ...result, findings, status: statusOf(findings) } : result
}

/**
 * Turns findings that are acknowledged into warnings that say so, and weighs their items again. Notes stay notes, and
 * an item that ended for a `reason` stays as it is: nobody can accept what nobody knows. Of several acknowledgements
 * that match, the one that expires last counts; those that have expired have no effect.
 */
export const acknowledge = (
  results: readonly ItemResult[],
  acknowledgements: readonly Acknowledgement[],
  now: Date,
): ItemResult[] => {
  const lastFirst = acknowledgements
    .filter((one) => isInForce(one, now))
    .toSorted((one, other) => Date.parse(other.expiresAt) - Date.parse(one.expiresAt))
  return results.map((result) => {
    const own = lastFirst.filter(({ checkItem }) => checkItem === result.checkItem)
    return result.reason === null ? acknowledgeItem(result, own) : result
  })
}

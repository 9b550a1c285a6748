import type { ShownPrecheck } from '../../model/extract.ts'
import type { Locale } from '../../model/message.ts'
import { protectionSeen } from '../../model/precheck.ts'
import type { EventType } from '../model/webhook.ts'
import type { ProtectionData } from './event-data.ts'
import { clip } from './plain-text.ts'

/** Databases that an event names: with names of 128 characters it stays below 20 KB. */
const maxDatabases = 20
/** Characters of a name: both engines end at 128. */
const maxNameLength = 200

/** What an event of protection tells of a precheck; null for events of another type. */
export const protectionData = (
  precheck: ShownPrecheck,
  type: EventType,
  locale: Locale,
): ProtectionData | null => {
  const { id: precheckId, instanceId, engine, region, results } = precheck
  const seen = protectionSeen(results)
  if (!seen || (type !== 'protection.at-risk' && type !== 'protection.restored')) return null
  const { asOf, protection } = seen
  return {
    kind: 'protection',
    locale,
    precheckId,
    instanceId,
    engine,
    region,
    change: type === 'protection.at-risk' ? 'at-risk' : 'restored',
    asOf,
    totals: protection.totals,
    databases: protection.databases
      .filter(({ state }) => state !== 'protected')
      .slice(0, maxDatabases)
      .map(({ database, state, chain, exposureMinutes, objectiveMinutes, worstExposureMinutes7d }) => ({
        database: clip(database, maxNameLength),
        state,
        chain,
        exposureMinutes,
        objectiveMinutes,
        worstExposureMinutes7d,
      })),
    links: {
      precheck: `/v1/prechecks/${precheckId}`,
      instance: `/v1/instances/${instanceId}`,
      protection: `/v1/instances/${instanceId}/protection`,
    },
  }
}

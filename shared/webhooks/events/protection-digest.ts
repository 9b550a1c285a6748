import { engines } from '../../checks/catalogue.ts'
import type { Digest } from './digest-parts.ts'
import type { ProtectionData } from './event-data.ts'
import { clip } from './plain-text.ts'
import { type Words, outcomeMarks } from './words.ts'

/** Characters of a name of a message: both engines end at 128. */
const maxNameLength = 128

/** What a message about protection says: of which databases how much would be lost. */
export const protectionDigest = (data: ProtectionData, words: Words, maxEntries: number): Digest => {
  const { change, instanceId, engine, region, totals, databases, links } = data
  const isAtRisk = change === 'at-risk'
  const shown = databases.slice(0, maxEntries)
  const left = totals['at-risk'] + totals.unknown + totals.new - shown.length
  return {
    tone: isAtRisk ? 'bad' : 'good',
    title: `${outcomeMarks[isAtRisk ? 'failed' : 'passed']} ${words.product} · ${instanceId}${words.colon}${words.protection[change]}`,
    notes: [
      [engines[engine].title, clip(region, maxNameLength), ...words.protectionTotals(totals)].join(' · '),
    ],
    entries: shown.map(({ database, state, exposureMinutes, objectiveMinutes }) => ({
      subject: clip(database, maxNameLength) || words.unnamed,
      effect: words.protectionStates[state],
      why: words.exposure(exposureMinutes, objectiveMinutes),
      fix: null,
    })),
    more: left > 0 ? words.more(left) : null,
    footer: words.details(links.protection),
  }
}

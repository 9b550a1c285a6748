import type { InstanceHead } from '../../model/standing.ts'
import type { Page } from '../../model/page.ts'
import type { SweepEntry } from '../../model/sweep.ts'
import { type NightTally, nightTally } from '../events/night-tally.ts'
import { lets } from '../events/events.ts'
import type { Stored } from '../../ports/documents.ts'
import type { Instances } from '../../ports/instances.ts'
import type { SweepEntries } from '../../ports/sweeps.ts'
import type { WebhookDefinition } from '../model/webhook.ts'

interface Deps {
  readonly sweepEntries: Pick<SweepEntries, 'list'>
  readonly instances: Pick<Instances, 'listHeads'>
}

/** Entries, and heads of instances, read at a time. */
const pageSize = 500

/** Ids of the instances that a filter lets through. */
const idsOf = async (
  { instances }: Pick<Deps, 'instances'>,
  definition: WebhookDefinition,
): Promise<ReadonlySet<string>> => {
  const found = new Set<string>()
  let after: string | null = null
  do {
    const page: Page<InstanceHead> = await instances.listHeads({
      limit: pageSize,
      ...(after !== null && { after }),
    })
    for (const { id, engine, tags } of page.items)
      if (lets(definition, { instanceId: id, engine, tags })) found.add(id)
    after = page.next
  } while (after !== null)
  return found
}

/** Which entries of a night a webhook is told of. Entries have no tags: those of the instance now decide. */
const wantedBy = async (
  deps: Deps,
  definition: WebhookDefinition,
): Promise<(entry: SweepEntry) => boolean> => {
  if (Object.keys(definition.filter).length === 0) return () => true
  const ids = await idsOf(deps, definition)
  return ({ instanceId }) => ids.has(instanceId)
}

/** Counts what became of the instances of a night that a webhook is for; null: it is for none of them. */
export const readNight = async (
  deps: Deps,
  sweepId: string,
  definition: WebhookDefinition,
): Promise<NightTally | null> => {
  const isWanted = await wantedBy(deps, definition)
  const tally = nightTally()
  let found = 0
  let after: string | null = null
  do {
    const page: Page<Stored<SweepEntry>> = await deps.sweepEntries.list({
      group: sweepId,
      limit: pageSize,
      ...(after !== null && { after }),
    })
    const entries = page.items.map(({ document }) => document).filter(isWanted)
    tally.add(entries)
    found += entries.length
    after = page.next
  } while (after !== null)
  return found === 0 ? null : tally.end()
}

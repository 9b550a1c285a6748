import { createHash } from 'node:crypto'
import { type EventId, type EventSource, eventIdsAt } from '../model/delivery.ts'

const identityOf = (source: EventSource): readonly string[] => {
  switch (source.kind) {
    case 'precheck':
      return [source.kind, source.precheckId, source.type]
    case 'night':
      return [source.kind, source.sweepId, source.type]
    case 'sweep':
      return [source.kind, source.sweepId]
    case 'sample':
      return [source.kind, source.at]
  }
}

/**
 * Id of an event. `at` (UTC): when the precheck or the sweep was completed, or when the sample was asked for. The same
 * source and time give the same id, and ids sort by time.
 */
export const eventIdOf = (source: EventSource, at: string): EventId => {
  const hash = createHash('sha256')
    .update(JSON.stringify(identityOf(source)))
    .digest('hex')
  return `${eventIdsAt(Date.parse(at))}${hash.slice(0, 20)}`
}

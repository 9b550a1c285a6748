import { createHash } from 'node:crypto'
import type { EventId, EventSource } from '../model/webhook-delivery.ts'

const identityOf = (source: EventSource): readonly string[] => {
  switch (source.kind) {
    case 'precheck':
      return [source.kind, source.precheckId, source.type]
    case 'sweep':
      return [source.kind, source.sweepId]
    case 'sample':
      return [source.kind, source.at]
  }
}

/**
 * Id of an event. `at` (UTC): when the precheck or the sweep was completed, or when the sample was asked for. The same source
 * and time give the same id, and ids sort by time.
 */
export const eventIdOf = (source: EventSource, at: string): EventId => {
  const time = Date.parse(at).toString(16).padStart(12, '0')
  const hash = createHash('sha256')
    .update(JSON.stringify(identityOf(source)))
    .digest('hex')
  return `evt_${time}${hash.slice(0, 20)}`
}

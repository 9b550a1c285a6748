import type { LookupAddress } from 'node:dns'
import dns from 'node:dns/promises'

/** Look-ups that are under way. */
const lookups = new Map<string, Promise<readonly LookupAddress[]>>()

/**
 * Addresses of a host. Who asks at the same time shares one answer: Node.js looks up names in four threads, where those
 * of a whole fleet would wait for each other. Nothing is kept, so that every answer is of now.
 */
export const addressesOf = (host: string): Promise<readonly LookupAddress[]> => {
  const underWay = lookups.get(host)
  if (underWay) return underWay
  const asked = dns.lookup(host, { all: true }).finally(() => lookups.delete(host))
  lookups.set(host, asked)
  return asked
}

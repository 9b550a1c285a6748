import type { LookupAddress } from 'node:dns'
import { Resolver } from 'node:dns/promises'
import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'
import { msSince } from '../elapsed.ts'
import { hostsIn } from './hosts-file.ts'
import { searchListIn, wholeNames } from './search-list.ts'
import { systemFile } from './system-file.ts'

/** A name without an address. `code` is that of the system's own resolver: there is no such name, or nobody can tell now. */
export class NameUnresolved extends Error {
  override readonly name = 'NameUnresolved'
  readonly code: 'ENOTFOUND' | 'EAI_AGAIN'
  constructor(code: 'ENOTFOUND' | 'EAI_AGAIN', options?: ErrorOptions) {
    super(code, options)
    this.code = code
  }
}

/** No name server answered in time. */
export class NameServersSilent extends Error {
  override readonly name = 'NameServersSilent'
  readonly code = 'ETIMEDOUT'
  readonly afterMs: number
  constructor(afterMs: number) {
    super('no name server answered')
    this.afterMs = afterMs
  }
}

/** Where names are looked up. */
export interface NameSources {
  /** A hosts(5), and a resolv.conf(5), of which the search list is read here. */
  readonly hostsFile: string
  readonly resolverFile: string
  /** Name servers with their ports; left out: those of the system. */
  readonly servers?: readonly string[]
  /** Time for one name, ms. */
  readonly limitMs: number
}

/** The addresses of a host. Rejects with `NameUnresolved` or `NameServersSilent`. */
export type NameLookup = (host: string) => Promise<readonly LookupAddress[]>

/** How long a name server has before the next one is asked, ms, and how often each of them is. */
const resolving = { timeout: 2000, tries: 3 }

/** Answers of a name server that say that there is no such name, or none with an address (manual of `dns`). */
const absent = ['ENOTFOUND', 'ENODATA']
/** Those where nobody answered, or nobody is waited for any more. */
const unanswered = ['ETIMEOUT', 'ECANCELLED']

const codeOf = (fault: unknown): string =>
  fault instanceof Error && 'code' in fault && typeof fault.code === 'string' ? fault.code : ''

const withFamily = (address: string): LookupAddress => ({ address, family: isIP(address) })

/** The address that a host is, also in the forms of inet_aton(3) such as `127.1`; null for a name. */
const addressIn = (host: string): string | null => {
  if (isIP(host) > 0) return host
  // ipaddr.js throws and catches an error for every name.
  const isNumber = /^\d/.test(host) && ipaddr.IPv4.isValid(host)
  return isNumber ? ipaddr.IPv4.parse(host).toString() : null
}

/** The name belongs to the machine itself, whatever name servers say (RFC 6761, section 6.3). */
const isOfThisMachine = (name: string): boolean => name === 'localhost' || name.endsWith('.localhost')

/** Asks for one whole name; null if there is no such name. Addresses of IPv4 come first. `since`: when the lookup began. */
const ask = async (resolver: Resolver, name: string, since: number): Promise<readonly string[] | null> => {
  const answers = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)])
  const found = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []))
  if (found.length > 0) return found
  const faults = answers.map((answer): unknown => (answer.status === 'rejected' ? answer.reason : null))
  if (faults.some((fault) => unanswered.includes(codeOf(fault)))) throw new NameServersSilent(msSince(since))
  const cause = faults.find((fault) => !absent.includes(codeOf(fault)))
  if (cause !== undefined) throw new NameUnresolved('EAI_AGAIN', { cause })
  return null
}

const askFor = async (
  names: readonly string[],
  { servers, limitMs }: NameSources,
): Promise<readonly string[]> => {
  // One for each name: it knows the name servers of now, and can be given up alone.
  const resolver = new Resolver(resolving)
  if (servers) resolver.setServers(servers)
  const since = performance.now()
  const timer = setTimeout(() => resolver.cancel(), limitMs)
  try {
    for (const name of names) {
      const found = await ask(resolver, name, since)
      if (found) return found
    }
  } finally {
    clearTimeout(timer)
  }
  throw new NameUnresolved('ENOTFOUND')
}

/**
 * Looks up names as the system does by its hosts file, its search list and its name servers, but over sockets of this
 * process: the resolver of the system holds one of the few threads that files and names share for as long as a name
 * server is silent, so that four names of one broken zone would stop all others. Who asks at the same time shares one
 * answer. Nothing is kept, so that every answer is of now.
 */
export const nameLookup = (sources: NameSources): NameLookup => {
  const hosts = systemFile(sources.hostsFile, hostsIn)
  const searchList = systemFile(sources.resolverFile, searchListIn)
  const underWay = new Map<string, Promise<readonly LookupAddress[]>>()

  const lookUp = async (host: string): Promise<readonly LookupAddress[]> => {
    const whole = host.toLowerCase().replace(/\.$/, '')
    const known = hosts().get(whole) ?? (isOfThisMachine(whole) ? ['127.0.0.1', '::1'] : null)
    return (known ?? (await askFor(wholeNames(host, searchList()), sources))).map(withFamily)
  }

  return (host) => {
    const address = addressIn(host)
    if (address !== null) return Promise.resolve([withFamily(address)])
    const asked = underWay.get(host) ?? lookUp(host).finally(() => underWay.delete(host))
    underWay.set(host, asked)
    return asked
  }
}

/** Looks up names as this machine is configured. The first of two name servers may be given up and the other one asked. */
export const addressesOf = nameLookup({
  hostsFile: '/etc/hosts',
  resolverFile: '/etc/resolv.conf',
  limitMs: 8000,
})

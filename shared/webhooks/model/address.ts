import ipaddr from 'ipaddr.js'
import * as z from 'zod'
import { parseUrl } from '../../model/url.ts'
import { tokenPlaceholder } from './webhook.ts'

type Address = ipaddr.IPv4 | ipaddr.IPv6
type Network = [Address, number]

/** What the operator lets webhooks call beside https addresses of the internet. */
export interface WebhookRules {
  readonly allowHttp: boolean
  /** Networks of any kind in CIDR notation. Those of `forbidden` stay closed, whatever is listed. */
  readonly allowedNetworks: readonly string[]
}

/**
 * Where an instance reads its own metadata, credentials of its role included: Alibaba Cloud by IPv4 and IPv6 ("Instance
 * metadata", ECS user guide), and that of Amazon EC2, which other clouds took over.
 */
const metadataAddresses = ['100.100.100.200', 'fd00:100::100:200', '169.254.169.254', 'fd00:ec2::254'].map(
  (address) => ipaddr.parse(address).toString(),
)

/**
 * IPv6 addresses that lead to an IPv4 address behind a translator or the end of a tunnel. Where they end is decided
 * there, so that nothing is gained by judging what they hold: IPv4-compatible (RFC 4291), IPv4-translated (RFC 2765),
 * NAT64 (RFC 6052, RFC 8215), Teredo (RFC 4380), 6to4 (RFC 3056).
 */
const detours: readonly Network[] = [
  '::/96',
  '::ffff:0:0:0/96',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '2001::/32',
  '2002::/16',
].map((cidr) => ipaddr.parseCIDR(cidr))

/** All that is assigned to hosts of the internet today (RFC 4291, section 2.4; IANA IPv6 address space). */
const globalUnicast: Network = ipaddr.parseCIDR('2000::/3')

/** The ranges of ipaddr.js in words; those that are not here are reserved for other purposes. */
const rangeNames: Readonly<Record<string, string>> = {
  unspecified: 'an unspecified address',
  loopback: 'a loopback address',
  private: 'a private address',
  uniqueLocal: 'a private address',
  carrierGradeNat: 'a shared address (carrier-grade NAT)',
  deprecatedSiteLocal: 'a site-local address',
  multicast: 'a multicast address',
  broadcast: 'a broadcast address',
}

const isIn = (address: Address, [base, bits]: Network): boolean =>
  address.kind() === base.kind() && address.match(base, bits)

/** An IP address; an IPv4-mapped one is the IPv4 address that a socket would connect to. Null for anything else. */
const parseIp = (text: string): Address | null => {
  // Written this way, ipaddr.js takes an IPv4-compatible address for a mapped one.
  const address = text.replace(/^::(?=\d+\.)/, '0:0:0:0:0:0:')
  const isAddress = ipaddr.IPv4.isValidFourPartDecimal(address) || ipaddr.IPv6.isValid(address)
  return isAddress ? ipaddr.process(address) : null
}

/** What makes an address one that is never called; null if that depends on what is allowed. */
const forbidden = (address: Address): string | null => {
  const range = address.range()
  if (metadataAddresses.includes(address.toString())) return 'a metadata address'
  if (range === 'linkLocal') return 'a link-local address'
  if (range === 'loopback' || range === 'unspecified') return null
  return detours.some((network) => isIn(address, network)) ? 'an address that leads to an IPv4 address' : null
}

const isPublic = (address: Address): boolean =>
  address.range() === 'unicast' && (address.kind() === 'ipv4' || isIn(address, globalUnicast))

/** Why an IP address, as sockets and name servers write it, must not be connected to; null if it may be. */
export const addressRefusal = (text: string, { allowedNetworks }: WebhookRules): string | null => {
  const address = parseIp(text)
  if (address === null) return `"${text}" is not an IP address.`
  if (text.includes('%')) return `${text} is bound to one network interface; such addresses are never called.`
  const reason = forbidden(address)
  if (reason !== null) return `${text} is ${reason}; such addresses are never called.`
  if (isPublic(address) || allowedNetworks.some((cidr) => isIn(address, ipaddr.parseCIDR(cidr)))) return null
  const range = rangeNames[address.range()] ?? 'a reserved address'
  return `${text} is ${range}; the settings of the service do not allow it.`
}

/** Letters, digits, hyphens and underscores between single dots, as the names of hosts are (RFC 1123, section 2.1). */
const hostName = /^[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?$/

/** Names that mean this machine (RFC 6761, section 6.3). */
const isLocalhost = (name: string): boolean => /(^|\.)localhost$/.test(name)
const loopback = ['127.0.0.1', '::1']

/** Names that mean hosts of the own network: multicast DNS (RFC 6762) and the domain that ICANN keeps for private use. */
const isPrivateName = (name: string): boolean => /(^|\.)(internal|local)$/.test(name)

const hostRefusal = (host: string, rules: WebhookRules): string | null => {
  if (host.startsWith('[')) return addressRefusal(host.slice(1, -1), rules)
  if (parseIp(host) !== null) return addressRefusal(host, rules)
  if (!hostName.test(host)) return 'The host is not a valid host name.'
  const name = host.replace(/\.$/, '')
  if (isLocalhost(name) && loopback.every((address) => addressRefusal(address, rules) !== null))
    return 'The host is this machine; the settings of the service do not allow it.'
  return isPrivateName(name) && rules.allowedNetworks.length === 0
    ? 'The host is in a private network; the settings of the service do not allow any.'
    : null
}

/**
 * Why the address of a webhook, with or without its token filled in, must not be called; null if it may be, as far as
 * that can be seen before its name is looked up. Holds nothing of the address but its host.
 */
export const urlRefusal = (text: string, rules: WebhookRules): string | null => {
  const url = parseUrl(text)
  if (!url) return 'This is not a URL.'
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'Only https addresses are called.'
  if (url.protocol === 'http:' && !rules.allowHttp)
    return 'Only https addresses are called; the settings of the service do not allow http.'
  if (url.username !== '' || url.password !== '') return 'The URL must not contain a user name or password.'
  if (url.hash !== '') return 'The URL must not contain a fragment.'
  if (url.hostname.includes(tokenPlaceholder))
    return `${tokenPlaceholder} is only allowed in the path or the query, not in the host.`
  return hostRefusal(url.hostname, rules)
}

const isNetwork = (cidr: string): boolean => {
  if (ipaddr.IPv4.isValidCIDRFourPartDecimal(cidr))
    return cidr === `${ipaddr.IPv4.networkAddressFromCIDR(cidr).toString()}/${ipaddr.parseCIDR(cidr)[1]}`
  if (!ipaddr.IPv6.isValidCIDR(cidr) || cidr.includes('%')) return false
  const [base] = ipaddr.IPv6.parseCIDR(cidr)
  return (
    !base.isIPv4MappedAddress() && base.toString() === ipaddr.IPv6.networkAddressFromCIDR(cidr).toString()
  )
}

/** A network that webhooks may call although it is not public, in CIDR notation. */
export const AllowedNetwork = z
  .string()
  .refine(isNetwork, {
    message:
      'must be a network in CIDR notation that begins at its first address, such as 10.0.0.0/8 or fd12:3456::/32',
    abort: true,
  })
  .refine(
    (cidr) => forbidden(ipaddr.parseCIDR(cidr)[0]) === null,
    'begins with an address that is never called: link-local, metadata, or one that leads to an IPv4 address',
  )

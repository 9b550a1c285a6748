import ipaddr from 'ipaddr.js'
import {
  type IpAddress,
  type IpNetwork,
  forbidden,
  isIn,
  isInNetworks,
  parseIp,
} from '../../model/ip-address.ts'
import { parseUrl } from '../../model/url.ts'
import { tokenPlaceholder } from './webhook.ts'

/** What the operator lets webhooks call beside https addresses of the internet, and whether mails can be sent. */
export interface WebhookRules {
  readonly allowHttp: boolean
  /** Networks of any kind in CIDR notation. Those of `forbidden` stay closed, whatever is listed. */
  readonly allowedNetworks: readonly string[]
  /** Left out: no mail server is known. */
  readonly hasMailServer?: boolean
}

/** What the operator may change, as refusals name it. */
const networksSetting = 'the setting PRECHECK_WEBHOOK_NETWORKS of the service'

/** All that is assigned to hosts of the internet today (RFC 4291, section 2.4; IANA IPv6 address space). */
const globalUnicast: IpNetwork = ipaddr.parseCIDR('2000::/3')

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

const isPublic = (address: IpAddress): boolean =>
  address.range() === 'unicast' && (address.kind() === 'ipv4' || isIn(address, globalUnicast))

/** Why an IP address, as sockets and name servers write it, must not be connected to; null if it may be. */
export const addressRefusal = (text: string, { allowedNetworks }: WebhookRules): string | null => {
  const address = parseIp(text)
  if (address === null) return `"${text}" is not an IP address.`
  if (text.includes('%')) return `${text} is bound to one network interface; such addresses are never called.`
  const reason = forbidden(address)
  if (reason !== null) return `${text} is ${reason.en}; such addresses are never called.`
  if (isPublic(address) || isInNetworks(address, allowedNetworks)) return null
  const range = rangeNames[address.range()] ?? 'a reserved address'
  return `${text} is ${range}; ${networksSetting} does not allow it.`
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
    return `The host is this machine; ${networksSetting} does not allow it.`
  return isPrivateName(name) && rules.allowedNetworks.length === 0
    ? `The host is in a private network; ${networksSetting} allows none.`
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
    return 'Only https addresses are called; the operator may allow http with PRECHECK_WEBHOOK_HTTP=true.'
  if (url.username !== '' || url.password !== '') return 'The URL must not contain a user name or password.'
  if (url.hash !== '') return 'The URL must not contain a fragment.'
  if (url.hostname.includes(tokenPlaceholder))
    return `${tokenPlaceholder} is only allowed in the path or the query, not in the host.`
  return hostRefusal(url.hostname, rules)
}

import ipaddr from 'ipaddr.js'
import * as z from 'zod'
import { fieldMessage } from './field-message.ts'
import type { Text } from './message.ts'

/** An address, an IPv4-mapped one as the IPv4 address that it stands for. */
export type IpAddress = ipaddr.IPv4 | ipaddr.IPv6
/** Its first address, and how many bits all of its addresses share. */
export type IpNetwork = [IpAddress, number]

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
const detours: readonly IpNetwork[] = [
  '::/96',
  '::ffff:0:0:0/96',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '2001::/32',
  '2002::/16',
].map((cidr) => ipaddr.parseCIDR(cidr))

/** Whether an address is in a network. */
export const isIn = (address: IpAddress, [base, bits]: IpNetwork): boolean =>
  address.kind() === base.kind() && address.match(base, bits)

/** Whether an address is in one of the networks, in CIDR notation. */
export const isInNetworks = (address: IpAddress, networks: readonly string[]): boolean =>
  networks.some((cidr) => isIn(address, ipaddr.parseCIDR(cidr)))

/** An IP address; an IPv4-mapped one is the IPv4 address that a socket would connect to. Null for anything else. */
export const parseIp = (text: string): IpAddress | null => {
  // Written this way, ipaddr.js takes an IPv4-compatible address for a mapped one.
  const address = text.replace(/^::(?=\d+\.)/, '0:0:0:0:0:0:')
  const isAddress = ipaddr.IPv4.isValidFourPartDecimal(address) || ipaddr.IPv6.isValid(address)
  return isAddress ? ipaddr.process(address) : null
}

/** What makes an address one that is never connected to; null if that depends on what is allowed. */
export const forbidden = (address: IpAddress): Text | null => {
  const range = address.range()
  if (metadataAddresses.includes(address.toString())) return { en: 'a metadata address', zh: '元数据地址' }
  if (range === 'linkLocal') return { en: 'a link-local address', zh: '链路本地地址' }
  if (range === 'loopback' || range === 'unspecified') return null
  return detours.some((network) => isIn(address, network))
    ? { en: 'an address that leads to an IPv4 address', zh: '通向 IPv4 地址的地址' }
    : null
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

/** A network in CIDR notation, to be allowed. */
export const AllowedNetwork = z
  .string()
  .refine(isNetwork, {
    message: fieldMessage({
      en: 'must be a network in CIDR notation that begins at its first address, such as 10.0.0.0/8 or fd12:3456::/32',
      zh: '须为 CIDR 表示的网段，并从其首个地址写起，例如 10.0.0.0/8 或 fd12:3456::/32',
    }),
    abort: true,
  })
  .refine(
    (cidr) => forbidden(ipaddr.parseCIDR(cidr)[0]) === null,
    fieldMessage({
      en: 'begins with an address that is never called: link-local, metadata, or one that leads to an IPv4 address',
      zh: '以从不访问的地址开头：链路本地地址、元数据地址，或通向 IPv4 地址的地址',
    }),
  )

import { describe, expect, it } from 'vitest'
import { Host, hostRefusal, isDatabaseAddress } from '../../../shared/model/connections/address.ts'
import { AllowedNetwork, forbidden, parseIp } from '../../../shared/model/ip-address.ts'

const leading = { en: 'an address that leads to an IPv4 address', zh: '通向 IPv4 地址的地址' }
const metadata = { en: 'a metadata address', zh: '元数据地址' }
const linkLocal = { en: 'a link-local address', zh: '链路本地地址' }

describe('an address', () => {
  // The first and the last of each block, and its neighbours: RFC 4291, 2765, 6052, 8215, 4380, 3056, 3927.
  it.each([
    ['100.100.100.200', metadata],
    ['::ffff:100.100.100.200', metadata],
    ['169.254.169.254', metadata],
    ['fd00:100::100:200', metadata],
    ['fd00:ec2::254', metadata],
    ['100.100.100.201', null],
    ['169.254.0.0', linkLocal],
    ['169.254.255.255', linkLocal],
    ['169.255.0.0', null],
    ['fe80::1', linkLocal],
    ['127.0.0.1', null],
    ['0.0.0.0', null],
    ['::1', null],
    ['::', null],
    ['::2', leading],
    ['::10.1.2.3', leading],
    ['::8.8.8.8', leading],
    ['::1:0:0', null],
    ['::ffff:0:10.1.2.3', leading],
    ['64:ff9b::a01:203', leading],
    ['64:ff9b:1:ffff::', leading],
    ['64:ff9b:2::', null],
    ['2001::1', leading],
    ['2001:1::1', null],
    ['2002:a01:203::1', leading],
    ['2003::1', null],
    ['10.1.2.3', null],
    ['fd12:3456::1', null],
  ])('%s is never connected to, or may be: %j', (text, why) => {
    expect(forbidden(parseIp(text)!)).toEqual(why)
  })

  it.each([
    ['10.1.2.3', '10.1.2.3'],
    ['::ffff:10.1.2.3', '10.1.2.3'],
    ['::10.1.2.3', '::a01:203'],
    ['::110.1.2.3', '::6e01:203'],
    ['64:ff9b::10.1.2.3', '64:ff9b::a01:203'],
    ['::1', '::1'],
    ['10.1.2', null],
    ['010.1.2.3', null],
    ['db1', null],
  ])('is read as a socket takes it: %s', (text, read) => {
    expect(parseIp(text)?.toString() ?? null).toBe(read)
  })
})

describe('a network that is allowed', () => {
  const refusalOf = (cidr: string) =>
    AllowedNetwork.safeParse(cidr).error?.issues.map(({ message }) => message)
  const isNone = [expect.stringContaining('must be a network in CIDR notation')]
  const isNever = [expect.stringContaining('begins with an address that is never called')]

  it.each(['10.0.0.0/8', '192.168.7.9/32', '0.0.0.0/0', '::/0', '::1/128', 'fd12:3456::/32'])(
    'is taken: %s',
    (cidr) => {
      expect(refusalOf(cidr)).toBeUndefined()
    },
  )

  it.each([
    '10.0.0.1/8',
    '10.0.0.0',
    '10/8',
    'fd12:3456::1/32',
    'fd12::/129',
    'fe80::%eth0/64',
    'fd12::%eth0/64',
    '::ffff:10.0.0.0/104',
    '',
  ])('is none: %s', (cidr) => {
    expect(refusalOf(cidr)).toEqual(isNone)
  })

  it.each(['169.254.0.0/16', '100.100.100.200/32', 'fe80::/10', '64:ff9b::/96', '2002::/16'])(
    'is never called: %s',
    (cidr) => {
      expect(refusalOf(cidr)).toEqual(isNever)
    },
  )
})

describe('the host of a database', () => {
  it.each(['db1', 'DB_1.example-2.com', '10.1.2.3', 'fd12:3456::1', `a${'b'.repeat(251)}c`])(
    'is taken: %s',
    (host) => {
      expect(Host.safeParse(host).success).toBe(true)
    },
  )

  it.each(['', '-db1', 'db1-', 'db1/x', 'db 1', 'db1:', `a${'b'.repeat(252)}c`])(
    'is refused: "%s"',
    (host) => {
      expect(Host.safeParse(host).error?.issues).toMatchObject([
        { message: 'must be a host name or an IP address' },
      ])
    },
  )

  it.each([
    ['db1.example.com', null],
    ['10.1.2.3', null],
    ['127.0.0.1', null],
    [
      '169.254.169.254',
      {
        en: 'is a metadata address; no database is connected to there',
        zh: '是元数据地址；不会连接那里的数据库',
      },
    ],
  ])('%s may be registered, or not: %j', (host, why) => {
    expect(hostRefusal(host)).toEqual(why)
  })

  const own = ['10.0.0.0/8', 'fd12::/16']
  it.each([
    ['10.1.2.3', null, true],
    ['10.1.2.3', own, true],
    ['::ffff:10.1.2.3', own, true],
    ['fd12::1', own, true],
    ['11.1.2.3', own, false],
    ['11.1.2.3', null, true],
    ['10.1.2.3', [], false],
    ['169.254.169.254', null, false],
    ['169.254.169.254', ['0.0.0.0/0'], false],
    ['fd12::1%eth0', own, false],
    ['fd12::1%eth0', null, false],
    ['db1', null, false],
  ])('may be at %s, of the networks %j: %s', (address, networks, isSo) => {
    expect(isDatabaseAddress(address, networks)).toBe(isSo)
  })
})

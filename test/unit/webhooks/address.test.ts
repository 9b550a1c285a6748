import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AllowedNetwork } from '../../../shared/model/ip-address.ts'
import { type WebhookRules, addressRefusal, urlRefusal } from '../../../shared/webhooks/model/address.ts'
import { propertyRuns } from '../../support/property-runs.ts'

const strict: WebhookRules = { allowHttp: false, allowedNetworks: [] }
const allowing = (...allowedNetworks: readonly string[]): WebhookRules => ({
  allowHttp: true,
  allowedNetworks,
})
const everything = allowing('0.0.0.0/0', '::/0', '127.0.0.0/8', '::1/128')

/** First address and length of every IPv4 block that is not for hosts of the internet (IANA special-purpose registry). */
const specialIpv4: readonly [string, number][] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.31.196.0', 24],
  ['192.52.193.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
]

const numberOf = (dotted: string): number =>
  dotted.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0)
const octetsOf = (address: number): readonly number[] =>
  [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256)
const dotted = (address: number): string => octetsOf(address).join('.')
const isIn = (address: number, [base, bits]: [string, number]): boolean =>
  Math.floor(address / 2 ** (32 - bits)) === Math.floor(numberOf(base) / 2 ** (32 - bits))

const specialAddress = fc
  .constantFrom(...specialIpv4)
  .chain(([base, bits]) => fc.nat(2 ** (32 - bits) - 1).map((host) => numberOf(base) + host))
const publicAddress = fc
  .integer({ min: 2 ** 24, max: 224 * 2 ** 24 - 1 })
  .filter((address) => !specialIpv4.some((block) => isIn(address, block)))

const hex = (value: number): string => value.toString(16)
const octal = (value: number): string => `0${value.toString(8)}`
const groups = (address: number): string => `${hex(Math.floor(address / 65_536))}:${hex(address % 65_536)}`
const wide = (text: string): string =>
  text.replaceAll(/\d/g, (digit) => String.fromCodePoint(digit.codePointAt(0)! + 0xfee0))
const escaped = (text: string): string => text.replaceAll(/./g, (letter) => `%${hex(letter.codePointAt(0)!)}`)

/** How the host of a URL can say one and the same IPv4 address. */
const ipv4Notations: Readonly<Record<string, (address: number) => string>> = {
  dotted,
  decimal: String,
  octal,
  hexadecimal: (address) => `0x${hex(address)}`,
  'octal octets': (address) => octetsOf(address).map(octal).join('.'),
  'hexadecimal octets': (address) =>
    octetsOf(address)
      .map((octet) => `0x${hex(octet)}`)
      .join('.'),
  'octets of different bases': (address) => {
    const [one = 0, two = 0, three = 0, four = 0] = octetsOf(address)
    return `0x${hex(one)}.${two}.${octal(three)}.${four}`
  },
  'two parts': (address) => `${Math.floor(address / 2 ** 24)}.${address % 2 ** 24}`,
  'three parts': (address) => {
    const [one = 0, two = 0] = octetsOf(address)
    return `${one}.${two}.${address % 65_536}`
  },
  'a dot at the end': (address) => `${dotted(address)}.`,
  'leading zeros': (address) => `0000${octal(address)}`,
  'wide digits': (address) => wide(dotted(address)),
  'ideographic dots': (address) => dotted(address).replaceAll('.', '。'),
  'escaped letters': (address) => escaped(dotted(address)),
  mapped: (address) => `[::ffff:${dotted(address)}]`,
  'mapped, hexadecimal': (address) => `[::FFFF:${groups(address)}]`,
  'mapped, in full': (address) => `[0:0:0:0:0:ffff:${groups(address)}]`,
}

const inverted = (address: number): number => 2 ** 32 - 1 - address

/** IPv6 addresses that lead to an IPv4 address somewhere else. */
const detours: Readonly<Record<string, (address: number) => string>> = {
  compatible: (address) => `::${groups(address)}`,
  'compatible, dotted': (address) => `::${dotted(address)}`,
  translated: (address) => `::ffff:0:${groups(address)}`,
  NAT64: (address) => `64:ff9b::${groups(address)}`,
  'NAT64, dotted': (address) => `64:ff9b::${dotted(address)}`,
  'local NAT64': (address) => `64:ff9b:1::${groups(address)}`,
  'local NAT64, in the middle': (address) => {
    const [one = 0, two = 0, three = 0, four = 0] = octetsOf(address)
    return `64:ff9b:1:${hex(one * 256 + two)}:${hex(three)}:${hex(four * 256)}::`
  },
  '6to4': (address) => `2002:${groups(address)}::1`,
  Teredo: (address) => `2001:0:4136:e378:8000:63bf:${groups(inverted(address))}`,
}

const anyOf = <Value>(choices: Readonly<Record<string, Value>>): fc.Arbitrary<Value> =>
  fc.constantFrom(...Object.values(choices))

describe('an IPv4 address', () => {
  it('of a special block is refused in every notation', () => {
    fc.assert(
      fc.property(specialAddress, anyOf(ipv4Notations), (address, notation) => {
        const url = `https://${notation(address)}/hook`
        expect([url, urlRefusal(url, strict)]).not.toEqual([url, null])
      }),
      { numRuns: propertyRuns(500) },
    )
  })

  it('of the internet passes in every notation', () => {
    fc.assert(
      fc.property(publicAddress, anyOf(ipv4Notations), (address, notation) => {
        const url = `https://${notation(address)}/hook`
        expect([url, urlRefusal(url, strict)]).toEqual([url, null])
        expect(addressRefusal(dotted(address), strict)).toBeNull()
        expect(addressRefusal(`::ffff:${dotted(address)}`, strict)).toBeNull()
      }),
      { numRuns: propertyRuns(500) },
    )
  })

  it('is refused behind a translator or a tunnel, whatever it is and whatever is allowed', () => {
    fc.assert(
      fc.property(fc.oneof(specialAddress, publicAddress), anyOf(detours), (address, detour) => {
        // Those would be :: and ::1.
        fc.pre(address > 1)
        const text = detour(address)
        expect([text, addressRefusal(text, everything)]).not.toEqual([text, null])
        expect([text, urlRefusal(`https://[${text}]/`, everything)]).not.toEqual([text, null])
      }),
      { numRuns: propertyRuns(500) },
    )
  })

  it('is allowed with its network, and only with its own', () => {
    const open = specialIpv4.filter(([base]) => base !== '169.254.0.0')
    fc.assert(
      fc.property(
        fc
          .constantFrom(...open)
          .chain((block) =>
            fc.nat(2 ** (32 - block[1]) - 1).map((host) => ({ block, address: numberOf(block[0]) + host })),
          ),
        anyOf(ipv4Notations),
        ({ block, address }, notation) => {
          fc.pre(dotted(address) !== '100.100.100.200')
          const rules = allowing(block.join('/'))
          const others = allowing(...open.filter((other) => other !== block).map((other) => other.join('/')))
          expect(addressRefusal(dotted(address), rules)).toBeNull()
          expect(urlRefusal(`http://${notation(address)}/`, rules)).toBeNull()
          expect(addressRefusal(dotted(address), others)).not.toBeNull()
        },
      ),
    )
  })
})

/** Blocks of IPv6 that are not for hosts of the internet; what lies outside of 2000::/3 is none either. */
const specialIpv6: readonly [bigint, number][] = [
  [0x2001_0000n << 96n, 23],
  [0x2001_0db8n << 96n, 32],
  [0x2002n << 112n, 16],
  [0x2620_004f_8000n << 80n, 48],
  [0x3fff_0000n << 96n, 20],
]

const ipv6Text = (value: bigint): string =>
  Array.from({ length: 8 }, (_, group) => ((value >> BigInt(112 - group * 16)) & 0xffffn).toString(16)).join(
    ':',
  )

const within = (base: bigint, bits: number): fc.Arbitrary<bigint> =>
  fc.bigInt({ min: base, max: base + (1n << BigInt(128 - bits)) - 1n })

const isMapped = (value: bigint): boolean => value >> 32n === 0xffffn

describe('an IPv6 address', () => {
  it('outside of the internet is refused in every notation', () => {
    const outside = fc
      .bigInt({ min: 0n, max: (1n << 128n) - 1n })
      .filter((value) => value >> 125n !== 1n && !isMapped(value))
    const special = fc.constantFrom(...specialIpv6).chain(([base, bits]) => within(base, bits))
    fc.assert(
      fc.property(fc.oneof(outside, special), (value) => {
        const text = ipv6Text(value)
        expect([text, addressRefusal(text, strict)]).not.toEqual([text, null])
        expect(urlRefusal(`https://[${text.toUpperCase()}]/`, strict)).not.toBeNull()
      }),
      { numRuns: propertyRuns(500) },
    )
  })

  it('of the internet passes', () => {
    const routable = within(0x2000n << 112n, 3).filter(
      (value) =>
        !specialIpv6.some(([base, bits]) => value >> BigInt(128 - bits) === base >> BigInt(128 - bits)),
    )
    fc.assert(
      fc.property(routable, (value) => {
        const text = ipv6Text(value)
        expect([text, addressRefusal(text, strict)]).toEqual([text, null])
        expect(urlRefusal(`https://[${text}]:8443/`, strict)).toBeNull()
      }),
    )
  })

  it.each([
    ['::1', 'loopback'],
    ['::', 'unspecified'],
    ['fd12:3456::1', 'private'],
    ['fc00::1', 'private'],
    ['fe80::1', 'link-local'],
    ['febf::1', 'link-local'],
    ['fec0::1', 'site-local'],
    ['ff02::1', 'multicast'],
    ['100::1', 'reserved'],
    ['2001:db8::1', 'reserved'],
    ['4000::1', 'reserved'],
    ['::ffff:10.1.2.3', 'private'],
    ['64:ff9b::808:808', 'an address that leads to an IPv4 address'],
    ['fd00:100::100:200', 'metadata'],
    ['2606:4700::1%eth0', 'one network interface'],
  ])('%s is refused as what it is: %s', (address, what) => {
    expect(addressRefusal(address, strict)).toContain(what)
  })

  it('is allowed with its network, and only with its own', () => {
    expect(addressRefusal('fd12:3456::1', allowing('fd12:3456::/32'))).toBeNull()
    expect(addressRefusal('fd12:3457::1', allowing('fd12:3456::/32'))).not.toBeNull()
    expect(addressRefusal('::1', allowing('::1/128'))).toBeNull()
    expect(addressRefusal('::1', allowing('127.0.0.0/8'))).not.toBeNull()
  })
})

describe('metadata and link-local addresses', () => {
  const metadata = [numberOf('100.100.100.200'), numberOf('169.254.169.254')]
  const linkLocal = fc.nat(65_535).map((host) => numberOf('169.254.0.0') + host)

  it('are never called, whatever is allowed, in no notation', () => {
    const never = fc.oneof(fc.constantFrom(...metadata), linkLocal)
    fc.assert(
      fc.property(never, anyOf(ipv4Notations), (address, notation) => {
        const rules = allowing(
          `${dotted(address)}/32`,
          '169.254.0.0/16',
          '100.64.0.0/10',
          '0.0.0.0/0',
          '::/0',
        )
        const url = `http://${notation(address)}/latest/meta-data/`
        expect([url, urlRefusal(url, rules)]).not.toEqual([url, null])
        expect(addressRefusal(dotted(address), rules)).toContain('never')
        expect(addressRefusal(`::ffff:${groups(address)}`, rules)).toContain('never')
      }),
    )
  })

  it.each(['fd00:ec2::254', 'fd00:0ec2:0:0:0:0:0:254', 'fd00:100::100:200', 'fe80::1', 'fe80::a9fe:a9fe'])(
    'are never called by IPv6 either: %s',
    (address) => {
      expect(addressRefusal(address, allowing('::/0', 'fc00::/7', 'fe80::/10'))).toContain('never')
      expect(urlRefusal(`http://[${address}]/`, allowing('::/0'))).toContain('never')
    },
  )
})

describe('a text that is not an address', () => {
  it.each([
    '',
    '127.1',
    '0x7f.0.0.1',
    '010.8.8.8',
    '8.8.8.8.',
    '8.8.8',
    '8.8.8.256',
    ' 8.8.8.8',
    'host',
    ':::',
    '[::1]',
  ])('is refused: "%s"', (text) => {
    expect(addressRefusal(text, everything)).toContain('not an IP address')
  })
})

describe('a URL', () => {
  it.each([
    ['https://hooks.example.com/a?b=c', strict],
    ['https://hooks.example.com.:8443/', strict],
    ['https://my_host.example.com/', strict],
    ['https://bücher.example/', strict],
    ['https://internal.example.com/', strict],
    ['https://localhost.example.com/', strict],
    ['https://mylocalhost/', strict],
    ['http://hooks.example.com/', allowing()],
    ['https://localhost/', allowing('127.0.0.0/8')],
    ['https://localhost/', allowing('::1/128')],
    ['https://hooks.corp.internal/', allowing('10.0.0.0/8')],
    ['https://oapi.dingtalk.com/robot/send?access_token={token}', strict],
    ['https://open.feishu.cn/open-apis/bot/v2/hook/{token}', strict],
  ])('may be called: %s', (url, rules) => {
    expect(urlRefusal(url, rules)).toBeNull()
  })

  it.each([
    ['hooks.example.com', 'not a URL'],
    ['https://', 'not a URL'],
    ['https://1.2.3.256/', 'not a URL'],
    ['https://[fe80::1%25eth0]/', 'not a URL'],
    ['https://[fe80::1%eth0]/', 'not a URL'],
    ['ftp://hooks.example.com/', 'https'],
    ['file:///etc/passwd', 'https'],
    ['gopher://127.0.0.1:6379/_INFO', 'https'],
    ['data:text/plain,x', 'https'],
    ['javascript:alert(1)', 'https'],
    ['http://hooks.example.com/', 'http'],
    ['https://user@hooks.example.com/', 'user name'],
    ['https://:password@hooks.example.com/', 'password'],
    ['https://hooks.example.com@127.0.0.1/', 'user name'],
    ['https://hooks.example.com/#part', 'fragment'],
    ['https://localhost/', 'this machine'],
    ['https://LOCALHOST./', 'this machine'],
    ['https://a.b.localhost/', 'this machine'],
    ['https://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/', 'this machine'],
    ['https://loc\u00ADal%68ost/', 'this machine'],
    ['https://metadata.google.internal/', 'private network'],
    ['https://printer.local/', 'private network'],
    ['https://internal/', 'private network'],
    ['https://hooks..example.com/', 'not a valid host name'],
    ['https://localhost../', 'not a valid host name'],
    ['https://{token}/', '{token}'],
    ['https://{token}.example.com/', '{token}'],
    ['https://hooks.example.com{token}/', '{token}'],
    ['https://hooks.example.com\t{token}/', '{token}'],
    ['https:{token}', '{token}'],
    ['https:\\\\{token}\\path', '{token}'],
    ['https://hooks.example.com:{token}/', 'not a URL'],
    ['https://{token}@hooks.example.com/', 'user name'],
    ['{token}://hooks.example.com/', 'not a URL'],
    ['https://hooks.example.com/#{token}', 'fragment'],
  ])('is refused: %s (%s)', (url, why) => {
    expect(urlRefusal(url, strict)).toContain(why)
  })

  it('on this machine stays refused when other networks are allowed', () => {
    expect(urlRefusal('https://localhost/', allowing('10.0.0.0/8'))).not.toBeNull()
  })

  it('is judged whatever it is, and no path, query or credential comes back', () => {
    const secret = 's3cr3t'
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.webUrl(),
          fc.string({ unit: 'grapheme' }).map((host) => `https://${host}/`),
        ),
        (url) => {
          for (const rules of [strict, everything]) {
            const refusal = urlRefusal(url, rules)
            expect(refusal === null || /^[^\n]+\.$/.test(refusal)).toBe(true)
          }
        },
      ),
    )
    for (const host of ['10.0.0.1', 'localhost', '{token}', 'a..b', `user:${secret}@example.com`]) {
      expect(urlRefusal(`https://${host}/${secret}?key=${secret}`, strict)).not.toContain(secret)
    }
  })
})

describe('an allowed network', () => {
  it.each([
    '10.0.0.0/8',
    '127.0.0.0/8',
    '192.168.7.9/32',
    '0.0.0.0/0',
    '::1/128',
    '::/0',
    'fd12:3456::/32',
    'FD12:3456:0::/32',
  ])('is a network by its first address: %s', (cidr) => {
    expect(AllowedNetwork.safeParse(cidr).success).toBe(true)
  })

  it.each([
    '10.0.0.1/8',
    '10.0.0.0',
    '10.0.0.0/33',
    '10/8',
    '010.0.0.0/8',
    '0x0a.0.0.0/8',
    'fd12:3456::1/32',
    'fd12::/129',
    'fe80::%eth0/64',
    '::ffff:10.0.0.0/104',
    'localhost',
    '',
    '169.254.0.0/16',
    '100.100.100.200/32',
    'fe80::/10',
    '64:ff9b::/96',
    '2002::/16',
  ])('is refused at once where it says nothing, or what is never allowed: %s', (cidr) => {
    expect(AllowedNetwork.safeParse(cidr).success).toBe(false)
  })
})

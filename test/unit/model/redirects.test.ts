import { describe, expect, it } from 'vitest'
import { Redirects, isRedirectAllowed } from '../../../shared/model/connections/redirects.ts'

describe('a session may be sent on', () => {
  it.each<[Redirects, string, string, boolean]>([
    ['none', '10.1.2.3', '10.1.2.3', false],
    ['same-host', '10.1.2.3', '10.1.2.3', true],
    ['same-host', '10.1.2.3', '::ffff:10.1.2.3', true],
    ['same-host', '10.1.2.3', '10.1.2.4', false],
    ['same-host', '2001:db8::1', '2001:db8:0::1', true],
    ['same-host', '2001:db8::1', '2001:db8::2', false],
    ['same-host', '127.0.0.1', '127.0.0.1', false],
    ['same-host', '::1', '::1', false],
    ['same-host', '0.0.0.0', '0.0.0.0', false],
    ['same-host', '::', '::', false],
    ['same-network', '10.1.2.3', '10.1.2.250', true],
    ['same-network', '10.1.2.3', '10.1.3.3', false],
    ['same-network', '2001:db8:0:1::1', '2001:db8:0:1:ffff::2', true],
    ['same-network', '2001:db8:0:1::1', '2001:db8:0:2::1', false],
    ['same-network', '10.1.2.3', '2001:db8::1', false],
    ['same-network', '127.0.0.1', '127.0.0.2', false],
    ['same-network', '100.100.100.1', '100.100.100.200', false],
    [['10.0.0.0/8', 'fd12::/16'], '192.168.1.1', '10.200.0.1', true],
    [['10.0.0.0/8', 'fd12::/16'], '192.168.1.1', 'fd12::5', true],
    [['10.0.0.0/8'], '192.168.1.1', '192.168.1.1', false],
    [['127.0.0.0/8'], '127.0.0.1', '127.0.0.1', true],
    [['0.0.0.0/0'], '10.0.0.1', '169.254.169.254', false],
    [['0.0.0.0/0'], '10.0.0.1', '100.100.100.200', false],
    [['::/0'], '2001:db8::1', 'fe80::1', false],
    [['0.0.0.0/0'], '10.0.0.1', 'proxy.example', false],
    ['same-network', 'unknown', '10.0.0.1', false],
  ])('with %j from %s to %s: %s', (redirects, from, to, isAllowed) => {
    expect(isRedirectAllowed(redirects, from, to)).toBe(isAllowed)
  })
})

describe('what a registration may say of it', () => {
  it.each(['none', 'same-host', 'same-network', ['10.0.0.0/8']])('is %j', (redirects) => {
    expect(Redirects.parse(redirects)).toEqual(redirects)
  })

  it.each(['anywhere', [], ['10.0.0.1/8'], ['169.254.0.0/16'], ['all']])('is not %j', (redirects) => {
    expect(Redirects.safeParse(redirects).success).toBe(false)
  })
})

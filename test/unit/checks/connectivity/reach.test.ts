import { describe, expect, it } from 'vitest'
import { judgeReaches } from '../../../../shared/checks/connectivity/reach.ts'
import { notReached } from '../../../support/facts/connectivity.ts'

describe('an endpoint that is not reached', () => {
  const remediationOf = (url: string) =>
    judgeReaches([notReached('connect', 'refused', 'ECONNREFUSED', { url })]).findings[0]?.remediation

  it.each([
    ['https://oss.example:8443/', { host: 'oss.example', port: '8443' }],
    ['https://oss.example/', { host: 'oss.example', port: '443' }],
  ])('is to be let through on its own port: %s', (url, params) => {
    expect(remediationOf(url)?.steps.map(({ message }) => message)).toEqual([
      { code: 'network.ALLOW_OUTBOUND_TO', params },
    ])
  })

  it('does not fail once the way is open', () => {
    expect(remediationOf('https://oss.example/')?.changes).toEqual({ failure: null })
  })
})

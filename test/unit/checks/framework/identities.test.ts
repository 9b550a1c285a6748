import { describe, expect, it } from 'vitest'
import { identitiesOf } from '../../../../shared/checks/framework/identities.ts'
import { type DatabaseIdentity, maxIdentified } from '../../../../shared/model/identity.ts'
import { identity, seen } from '../../../support/facts/memory.ts'

const [sales, hr] = [identity('Sales'), identity('HR')]
const hashOf = (...databases: readonly DatabaseIdentity[]): string => seen({ databases }).hash

describe('the identities of an instance', () => {
  it('are those of its databases in the order of their names, and what is not known of it is null', () => {
    expect(
      identitiesOf({ instance: { name: 'SQL01' }, type: 'database', isWhole: true, databases: [sales, hr] }),
    ).toEqual({
      instance: { name: 'SQL01', id: null, fork: null },
      type: 'database',
      isWhole: true,
      count: 2,
      hash: expect.stringMatching(/^[0-9a-f]{16}$/),
      databases: [hr, sales],
    })
  })

  it('leave out a database with marks that no engine has', () => {
    const { count, databases } = seen({ databases: [sales, identity('HR', { fork: 'f'.repeat(65) })] })
    expect([count, databases]).toEqual([1, [sales]])
  })

  it('have one hash whatever the order and the last backups, and another where a database becomes another one', () => {
    const hash = hashOf(sales, hr)
    expect(hashOf(hr, sales)).toBe(hash)
    expect(hashOf(identity('Sales', { base: 'base-2' }), hr)).toBe(hash)
    expect(hashOf(sales)).not.toBe(hash)
    expect(hashOf(identity('Sales', { origin: '2026-01-01' }), hr)).not.toBe(hash)
    expect(hashOf(identity('Sales', { fork: 'fork-2' }), hr)).not.toBe(hash)
  })

  it('are told one by one up to the limit, and counted beyond it', () => {
    const of = (count: number) =>
      seen({ databases: Array.from({ length: count }, (_, index) => identity(`Tenant${index}`)) })
    expect(of(maxIdentified).databases).toHaveLength(maxIdentified)
    const beyond = of(maxIdentified + 1)
    expect([beyond.count, beyond.databases]).toEqual([maxIdentified + 1, []])
  })
})

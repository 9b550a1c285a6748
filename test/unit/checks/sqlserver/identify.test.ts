import { describe, expect, it } from 'vitest'
import check from '../../../../shared/checks/sqlserver/sql-server-db-not-online.ts'
import type { DatabaseIdentity, Identities } from '../../../../shared/model/identity.ts'
import { contextFor, judged } from '../../../support/context.ts'
import {
  type SqlServerFacts,
  chain,
  inAvailabilityGroup,
  replicasOfSales,
  server,
  sqlServerFacts,
  withSales,
} from '../../../support/facts/sqlserver.ts'

const identitiesIn = (facts: Partial<SqlServerFacts> = {}): Identities | undefined =>
  judged(check, { answer: sqlServerFacts(facts) }, contextFor('sqlserver')).identities

const salesIn = (facts: Partial<SqlServerFacts>): DatabaseIdentity | undefined =>
  identitiesIn(facts)?.databases.find(([name]) => name === 'Sales')

const created = '2025-03-01T10:20:30.123'
const base = 'f1d3a7b0-4c61-4b0e-8d0b-2f6a6f1c9e11'
const fork = '0b6d5f3c-6a1e-4f0f-9c55-3d0b5c8e7a21'

describe('who a SQL Server and its databases are', () => {
  it('is told by its name, and of each database by its creation, its recovery fork and its base', () => {
    expect(identitiesIn()).toMatchObject({
      instance: { name: 'SQL01', id: null, fork: null },
      type: 'database',
      isWhole: true,
      // Without tempdb, which is another one after every start.
      count: 4,
      databases: ['Sales', 'master', 'model', 'msdb'].map((name) => [name, created, fork, base]),
    })
  })

  it.each([0, null])('is not told of every database where the login may not see all: %s', (sees) => {
    expect(identitiesIn({ server: [server({ view_any_database: sees })] })?.isWhole).toBe(false)
  })

  it.each<[string, DatabaseIdentity, Partial<SqlServerFacts>]>([
    [
      'a restore over it, by its own recovery fork',
      ['Sales', created, 'fork-2', base],
      { chains: [chain({ database_id: 1 }), chain({ recovery_fork_guid: 'fork-2' })] },
    ],
    ['no recovery fork where none is shown of it', ['Sales', created, null, base], { chains: [] }],
    ['no recovery fork where none may be seen', ['Sales', created, null, base], { chains: null }],
    [
      'that it has no base yet',
      ['Sales', created, fork, 'none'],
      { databases: withSales({ has_differential_base: 0, differential_base_guid: null }) },
    ],
    [
      'no base where its files are hidden',
      ['Sales', created, fork, null],
      { databases: withSales({ has_differential_base: null, differential_base_guid: null }) },
    ],
    [
      'the name alone of a secondary, which is restored again and again',
      ['Sales', null, null, null],
      { databases: withSales(inAvailabilityGroup), replicas: replicasOfSales('SECONDARY') },
    ],
    [
      'the name alone where its role is not known',
      ['Sales', null, null, null],
      { databases: withSales({ mirroring_role_desc: 'WITNESS' }) },
    ],
    [
      'all of the primary of a group',
      ['Sales', created, fork, base],
      { databases: withSales(inAvailabilityGroup), replicas: replicasOfSales('PRIMARY') },
    ],
  ])('says %s', (_, expected, facts) => {
    expect(salesIn(facts)).toEqual(expected)
  })
})

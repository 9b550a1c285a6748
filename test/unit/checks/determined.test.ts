import { describe, expect, it } from 'vitest'
import { determined } from '../../../shared/checks/determined.ts'
import check from '../../../shared/checks/sqlserver/sql-server-last-backup.ts'
import { type SharedDatabase, maxSharedDatabases } from '../../../shared/model/shared-database.ts'
import { contextFor } from '../../support/context.ts'
import { seen } from '../../support/facts/memory.ts'

const verdict = (evaluation: Parameters<typeof determined>[2]) =>
  determined(check, contextFor('sqlserver'), evaluation)

const shared = (count: number): SharedDatabase[] =>
  Array.from({ length: count }, (_, index) => ({
    groupId: 'group',
    id: String(index),
    name: `Tenant${index}`,
    full: null,
    incremental: null,
    log: null,
    open: {},
  }))

describe('what an item comes to', () => {
  it('has the identities that it saw', () => {
    expect(verdict({ findings: [], identities: seen() }).identities).toEqual(seen())
  })

  it('has the databases that other replicas know of, up to the limit', () => {
    const most = shared(maxSharedDatabases)
    expect(verdict({ findings: [], shared: most }).shared).toEqual(most)
    expect(verdict({ findings: [], shared: shared(maxSharedDatabases + 1) }).shared).toEqual(most)
  })

  it('has no list of what there is none of', () => {
    expect(Object.keys(verdict({ findings: [] })).sort()).toEqual([
      'databases',
      'excluded',
      'findings',
      'observed',
      'reason',
      'status',
    ])
  })
})

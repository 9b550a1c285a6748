import { describe, expect, it } from 'vitest'
import { databaseQueries } from '../../../../shared/checks/sqlserver/databases.ts'
import { effectOf } from '../../../../shared/checks/sqlserver/role.ts'
import { type Role, roles } from '../../../../shared/checks/sqlserver/roles.ts'
import { allOperations } from '../../../../shared/model/operation.ts'

const names = Object.keys(roles) as Role[]

describe('a role of a SQL Server database', () => {
  it.each(names.filter((role) => roles[role].contents === 'unknown'))(
    'of which little is known allows nothing: %s',
    (role) => {
      const { blocks, obscures, limits } = effectOf(role)
      expect([...blocks, ...obscures, ...limits].sort()).toEqual([...allOperations].sort())
    },
  )

  it.each(names.filter((role) => /^ag-|^mirror/.test(role)))(
    'in a group or in mirroring cannot be restored over: %s',
    (role) => {
      expect(roles[role].means.restore).not.toBe('takes')
    },
  )

  it('says one thing of an operation', () => {
    for (const role of names) {
      const touched = Object.values(effectOf(role)).flat()
      expect(touched).toEqual([...new Set(touched)])
    }
  })
})

describe('what a precheck asks a SQL Server', () => {
  const asked = Object.values(databaseQueries).map(({ sql }) => sql)

  it('is nothing that takes more than the rights of its privileges', () => {
    const views = asked.flatMap((sql) => [...sql.matchAll(/\b(?:sys|msdb\.dbo)\.\w+/g)].map(String))
    expect([...new Set(views)].sort()).toEqual([
      'msdb.dbo.log_shipping_primary_databases',
      'msdb.dbo.log_shipping_secondary_databases',
      'sys.availability_groups',
      'sys.availability_replicas',
      'sys.database_mirroring',
      'sys.database_mirroring_endpoints',
      'sys.database_recovery_status',
      'sys.databases',
      'sys.dm_hadr_availability_replica_states',
      'sys.dm_hadr_database_replica_states',
      'sys.master_files',
    ])
  })

  it('opens no database that is closed', () => {
    const opening = asked.filter((sql) => sql.includes('sys.database_recovery_status'))
    expect(opening).toHaveLength(1)
    expect(opening[0]).toMatch(/WHERE d\.state = 0 AND .*d\.collation_name IS NOT NULL/)
  })
})

import { describe, expect, it } from 'vitest'
import { OracleConnection } from '../../../shared/model/connections/oracle.ts'
import { SqlServerConnection } from '../../../shared/model/connections/sqlserver.ts'
import { Engine } from '../../../shared/model/engine.ts'
import { type DatabaseAddress, type DatabaseProbe, logIn } from '../../../shared/ports/probe.ts'
import { definitionOf } from '../../support/context.ts'
import { databaseProbes } from '../../support/database-probes.ts'

const problem = { code: 'LOGIN_FAILED', params: {} }

/** Probes that note for which engine they were called, and with what. */
const noting = () => {
  const called: [probe: Engine, engine: Engine, password: string][] = []
  const databases = databaseProbes((own) => async ({ engine }, { password }) => {
    called.push([own, engine, password])
    return { problem }
  })
  return { called, databases }
}

describe('a login', () => {
  it.each(Engine.options)(
    'of %s goes to the probe of that engine, and no password to another',
    async (engine) => {
      const { called, databases } = noting()
      const definition = definitionOf(engine)
      await logIn(databases, definition, { password: 'of this engine', limitMs: 1 })
      expect(called).toEqual([[engine, engine, 'of this engine']])
    },
  )

  it('cannot be given the connection of another engine, though they look alike', () => {
    const credential = { username: 'precheck', password: 'env:PRECHECK_SECRET_DB' }
    const ofOracle = OracleConnection.parse({ host: 'db', serviceName: 'orcl', credential })
    const ofSqlServer = SqlServerConnection.parse({ host: 'db', port: 1433, credential })
    const addresses: DatabaseAddress[] = [
      { engine: 'oracle', connection: ofOracle },
      { engine: 'sqlserver', connection: ofSqlServer },
      // @ts-expect-error -- a connection of SQL Server
      { engine: 'oracle', connection: ofSqlServer },
      // @ts-expect-error -- a connection of Oracle
      { engine: 'sqlserver', connection: ofOracle },
    ]
    const probe: DatabaseProbe<'sqlserver'> = async () => ({ problem })
    // @ts-expect-error -- a login of Oracle
    const wrong = () => probe({ engine: 'oracle', connection: ofOracle }, { password: 'x', limitMs: 1 })
    expect([addresses.length, typeof wrong]).toEqual([4, 'function'])
  })
})

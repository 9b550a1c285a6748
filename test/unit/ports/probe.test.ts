import { describe, expect, it } from 'vitest'
import { OracleConnection } from '../../../shared/model/connections/oracle.ts'
import { SqlServerConnection } from '../../../shared/model/connections/sqlserver.ts'
import { Engine } from '../../../shared/model/engine.ts'
import {
  type DatabaseProbe,
  type DatabaseProbes,
  type LoginTarget,
  logIn,
} from '../../../shared/ports/probe.ts'
import { definitionOf } from '../../support/context.ts'

const problem = { code: 'LOGIN_FAILED', params: {} }

/** Probes that note for which engine they were called, and with what. */
const noting = () => {
  const called: [probe: Engine, target: LoginTarget][] = []
  const of = (engine: Engine) => async (target: LoginTarget) => {
    called.push([engine, target])
    return { problem }
  }
  const databases: DatabaseProbes = { oracle: of('oracle'), sqlserver: of('sqlserver') }
  return { called, databases }
}

describe('a login', () => {
  it.each(Engine.options)(
    'of %s goes to the probe of that engine, and no password to another',
    async (engine) => {
      const { called, databases } = noting()
      const definition = definitionOf(engine)
      await logIn(databases, { ...definition, password: 'of this engine', limitMs: 1 })
      expect(called.map(([probe, { engine: own, password }]) => [probe, own, password])).toEqual([
        [engine, engine, 'of this engine'],
      ])
    },
  )

  it('cannot be given the connection of another engine, though they look alike', () => {
    const credential = { username: 'precheck', password: 'env:DB_PASSWORD' }
    const ofOracle = OracleConnection.parse({ host: 'db', serviceName: 'orcl', credential })
    const ofSqlServer = SqlServerConnection.parse({ host: 'db', port: 1433, credential })
    const about = { password: 'x', limitMs: 1 }
    const targets: LoginTarget[] = [
      { engine: 'oracle', connection: ofOracle, ...about },
      { engine: 'sqlserver', connection: ofSqlServer, ...about },
      // @ts-expect-error -- a connection of SQL Server
      { engine: 'oracle', connection: ofSqlServer, ...about },
      // @ts-expect-error -- a connection of Oracle
      { engine: 'sqlserver', connection: ofOracle, ...about },
    ]
    const probe: DatabaseProbe<'sqlserver'> = async () => ({ problem })
    // @ts-expect-error -- a login of Oracle
    const wrong = () => probe({ engine: 'oracle', connection: ofOracle, ...about })
    expect([targets.length, typeof wrong]).toEqual([4, 'function'])
  })
})

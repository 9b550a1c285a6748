import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { catalogue, checksFor, engines } from '../../../shared/checks/catalogue.ts'
import { defineCheck } from '../../../shared/checks/framework/define-check.ts'
import { type Privilege, accountIn, isHeld } from '../../../shared/checks/framework/define-engine.ts'
import { queriesOf } from '../../../shared/checks/framework/question.ts'
import { oracle } from '../../../shared/checks/oracle/engine.ts'
import { sqlserver } from '../../../shared/checks/sqlserver/engine.ts'
import type { CheckSet } from '../../../shared/model/check-selection.ts'
import { Engine } from '../../../shared/model/engine.ts'

describe.each(Engine.options)('the engine %s', (engine) => {
  it('declares itself under its own name', () => {
    expect(engines[engine].name).toBe(engine)
  })

  it('has every privilege that its check items need, and needs every one that it has', () => {
    const needed = checksFor(engine).flatMap(({ privileges }) => privileges)
    expect([...new Set(needed)].sort()).toEqual(Object.keys(engines[engine].privileges).sort())
  })

  it('has check items of its own and those of every engine', () => {
    expect(new Set(checksFor(engine).map((check) => check.engine))).toEqual(new Set(['all', engine]))
  })
})

/** Statements that the standard set of an engine asks in one session at most. */
const maxStatements: Readonly<Record<Engine, number>> = { sqlserver: 12, oracle: 14, mysql: 12 }

const load = readFileSync(new URL('../../../docs/load.md', import.meta.url), 'utf8')

describe.each(Engine.options)('the statements of %s in one session', (engine) => {
  const askedBy = (...sets: readonly CheckSet[]): number => {
    const items = catalogue.filter((check) => check.engine === engine && sets.includes(check.set))
    return new Set(items.flatMap(({ question }) => Object.values(queriesOf(question)).map(({ sql }) => sql)))
      .size
  }
  const [essential, standard] = [askedBy('essential'), askedBy('essential', 'standard')]

  it('are as many as docs/load.md says, and no more than they may be', () => {
    const row = load.split('\n').find((line) => line.startsWith(`| ${engines[engine].title} `)) ?? ''
    expect(row.match(/\d+/g)?.map(Number)).toEqual([essential, standard, maxStatements[engine]])
    expect(standard).toBeLessThanOrEqual(maxStatements[engine])
    expect(essential).toBeGreaterThan(0)
  })
})

describe('the account of a login', () => {
  it.each([
    ['is that of the one row', [{ account: 'precheck@%' }], 'precheck@%'],
    ['is not known from no row', [], null],
    ['is not known from a row of another shape', [{ account: '' }], null],
    ['is not known where nothing was answered', undefined, null],
  ])('%s', (_, answer, account) => {
    expect(accountIn(answer)).toBe(account)
  })
})

describe('a privilege', () => {
  it.each([
    ['is held where its statement runs', [{ seen: 3 }], true],
    ['is held where its statement finds nothing', [], true],
    ['is held where the server says so', [{ held: 1 }], true],
    ['is missing where its statement is refused', null, false],
    ['is missing where the server says so', [{ held: 0 }], false],
    ['is missing where the server does not know it', [{ held: null }], false],
    ['is not known from another answer', [{ held: 'yes' }], null],
    ['is not known from no answer at all', undefined, null],
  ])('%s', (_, rows, held) => {
    expect(isHeld(rows)).toBe(held)
  })

  const { privileges } = sqlserver
  it.each([
    ['VIEW ANY DATABASE', ['USE [master]; GRANT VIEW ANY DATABASE TO [pre]]check];']],
    ['VIEW ANY DEFINITION', ['USE [master]; GRANT VIEW ANY DEFINITION TO [pre]]check];']],
    ['VIEW SERVER STATE', ['USE [master]; GRANT VIEW SERVER STATE TO [pre]]check];']],
    ['VIEW SERVER SECURITY STATE', ['USE [master]; GRANT VIEW SERVER STATE TO [pre]]check];']],
    [
      'SELECT ON msdb.dbo.log_shipping_primary_databases',
      [
        "USE [msdb]; IF USER_ID(N'pre]check') IS NULL CREATE USER [pre]]check] FOR LOGIN [pre]]check];",
        'USE [msdb]; GRANT SELECT ON dbo.log_shipping_primary_databases TO [pre]]check];',
      ],
    ],
    [
      'SELECT ON msdb.dbo.log_shipping_secondary_databases',
      [
        "USE [msdb]; IF USER_ID(N'pre]check') IS NULL CREATE USER [pre]]check] FOR LOGIN [pre]]check];",
        'USE [msdb]; GRANT SELECT ON dbo.log_shipping_secondary_databases TO [pre]]check];',
      ],
    ],
    [
      'SELECT ON msdb.dbo.backupset',
      [
        "USE [msdb]; IF USER_ID(N'pre]check') IS NULL CREATE USER [pre]]check] FOR LOGIN [pre]]check];",
        'USE [msdb]; GRANT SELECT ON dbo.backupset TO [pre]]check];',
      ],
    ],
    [
      'SELECT ON msdb.dbo.suspect_pages',
      [
        "USE [msdb]; IF USER_ID(N'pre]check') IS NULL CREATE USER [pre]]check] FOR LOGIN [pre]]check];",
        'USE [msdb]; GRANT SELECT ON dbo.suspect_pages TO [pre]]check];',
      ],
    ],
  ] as const)(
    'of SQL Server is granted to the login in brackets, on msdb to a user of the login: %s',
    (name, grants) => {
      expect(privileges[name].grants('pre]check')).toEqual(grants)
    },
  )

  // "System dynamic management views": since SQL Server 2022 each of the halves is enough for its own views alone.
  it('of SQL Server is not held by half of VIEW SERVER STATE where the item reads views of the other half', () => {
    const halfOf = {
      'VIEW SERVER STATE': 'VIEW SERVER PERFORMANCE STATE',
      'VIEW SERVER SECURITY STATE': 'VIEW SERVER SECURITY STATE',
    } as const
    for (const [name, half] of Object.entries(halfOf) as [keyof typeof halfOf, string][]) {
      const asked = [...privileges[name].probe.matchAll(/'([^']+)'/g)].map(([, permission]) => permission)
      expect(asked).toEqual(['VIEW SERVER STATE', half])
    }
    const ofSecurity = catalogue
      .filter(({ question }) =>
        Object.values(queriesOf(question)).some(({ sql }) =>
          /sys\.dm_(database_encryption_keys|server_services)/.test(sql),
        ),
      )
      .map(({ id }) => id)
    const needing = catalogue.filter((check) => check.privileges.includes('VIEW SERVER SECURITY STATE'))
    expect(ofSecurity.length).toBeGreaterThan(1)
    expect(needing.map(({ id }) => id)).toEqual(ofSecurity)
  })

  it.each(Object.entries(oracle.privileges))(
    'of Oracle is granted on the view and not on its synonym: %s',
    (name, privilege) => {
      expect(name).toMatch(/^SELECT ON SYS\.G?V_\$/)
      expect(privilege.grants('precheck')).toEqual([`GRANT ${name} TO "PRECHECK";`])
    },
  )

  it.each(Object.values(engines).flatMap((engine) => Object.entries<Privilege>(engine.privileges)))(
    'is looked for by reading alone: %s',
    (_, { probe }) => {
      expect(probe).toMatch(/^SELECT [^;]+ AS (held|seen)\b[^;]*$/)
    },
  )

  it('that an engine does not have can be asked for by no check item', () => {
    const example = catalogue.find(({ engine }) => engine === 'sqlserver')
    const { id, set, title, failureTitle, description, affects, documents, fixes } = example!
    const about = { id, set, title, failureTitle, description, affects, documents, fixes }
    const rest = { ...about, texts: {}, queries: {} }
    const rule = { facts: {} as never, evaluate: () => ({ findings: [] }) }
    // @ts-expect-error -- SELECT ON msdb.dbo.no_such_table is no privilege of the engine
    defineCheck(sqlserver, { ...rest, ...rule, privileges: ['SELECT ON msdb.dbo.no_such_table'] })
    defineCheck(sqlserver, { ...rest, ...rule, privileges: ['VIEW ANY DATABASE'] })
    expect(Object.keys(sqlserver.privileges)).not.toContain('SELECT ON msdb.dbo.no_such_table')
  })
})

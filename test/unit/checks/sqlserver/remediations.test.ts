import { describe, expect, it } from 'vitest'
import { checksFor } from '../../../../shared/checks/catalogue.ts'
import { contextFor, judged } from '../../../support/context.ts'
import {
  type SqlServerFacts,
  inAvailabilityGroup,
  replicasOfSales,
  server,
  sqlServerFacts,
  withSales,
} from '../../../support/facts/sqlserver.ts'

/** All that the items of SQL Server say of `Sales`. */
const saidOfSales = (facts: Partial<SqlServerFacts>): string => {
  const items = checksFor('sqlserver').filter(({ question }) => question.probe === 'sqlserver')
  const findings = items.flatMap(
    (check) => judged(check, { answer: sqlServerFacts(facts) }, contextFor('sqlserver')).findings,
  )
  return JSON.stringify(findings.filter(({ object }) => object.name === 'Sales'))
}

describe('what the items of SQL Server advise', () => {
  it.each([
    [
      'an AG secondary',
      {
        databases: withSales({ ...inAvailabilityGroup, state_desc: 'OFFLINE' }),
        replicas: replicasOfSales('SECONDARY'),
      },
    ],
    ['a mirror', { databases: withSales({ state_desc: 'RECOVERY_PENDING', mirroring_role_desc: 'MIRROR' }) }],
    [
      'a database of unknown role',
      {
        databases: withSales({ state_desc: 'RESTORING', recovery_model_desc: 'SIMPLE' }),
        logShipping: null,
      },
    ],
    [
      'an AG replica of unknown role',
      { databases: withSales({ ...inAvailabilityGroup, state_desc: 'OFFLINE' }), replicas: null },
    ],
    [
      'an AG replica that resolves',
      {
        databases: withSales({ ...inAvailabilityGroup, recovery_model_desc: 'SIMPLE' }),
        replicas: replicasOfSales('RESOLVING'),
      },
    ],
    [
      'a mirror that only a sysadmin sees, RECOVERY_PENDING',
      {
        databases: withSales({ state_desc: 'RECOVERY_PENDING' }),
        server: [server({ mirroring_endpoints: 1, is_sysadmin: 1 })],
      },
    ],
    [
      'a database in a mirroring role nobody knows',
      { databases: withSales({ state_desc: 'RESTORING', mirroring_role_desc: 'WITNESS' }) },
    ],
    [
      'a secondary of log shipping that is SUSPECT',
      { databases: withSales({ state_desc: 'SUSPECT' }), logShipping: [{ name: 'Sales' }] },
    ],
    [
      'the primary of a group, RESTORING',
      {
        databases: withSales({ ...inAvailabilityGroup, state_desc: 'RESTORING' }),
        replicas: replicasOfSales('PRIMARY'),
      },
    ],
    [
      'the principal of a mirror, RESTORING',
      { databases: withSales({ state_desc: 'RESTORING', mirroring_role_desc: 'PRINCIPAL' }) },
    ],
    [
      'a mirror that only a sysadmin sees',
      { databases: withSales({ state_desc: 'RESTORING' }), server: [server({ mirroring_endpoints: 1 })] },
    ],
  ])('never alters or recovers what is or may be a secondary, nor what RESTORE refuses: %s', (_, facts) => {
    const said = saidOfSales(facts)
    expect(said).toContain('"steps"')
    expect(said).not.toMatch(/ALTER DATABASE|RESTORE DATABASE/)
  })

  it.each(['OFFLINE', 'SUSPECT', 'EMERGENCY', 'RECOVERY_PENDING', 'RESTORING', 'OFFLINE_SECONDARY'])(
    'never repairs %s in a way that drops data',
    (state_desc) => {
      const said = saidOfSales({ databases: withSales({ state_desc }) })
      expect(said).toContain('"steps"')
      expect(said).not.toMatch(/REPAIR/i)
    },
  )

  it('brings a database online by the item that judges its state, before it is altered', () => {
    expect(
      saidOfSales({ databases: withSales({ state_desc: 'OFFLINE', recovery_model_desc: 'SIMPLE' }) }),
    ).toMatch(/BRING_ONLINE_FIRST.*SET RECOVERY FULL/)
  })
})

import type * as z from 'zod'
import type { InstanceDefinition } from '../../shared/model/instance.ts'
import { condition, database, sqlServerFacts, systemDatabases } from '../support/facts/sqlserver.ts'
import { gigabyte, space, spaces } from '../support/facts/oracle.ts'
import type { StandIns } from '../support/stand-ins.ts'
import type { FleetPast } from './past.ts'
import { databaseNames } from './scenes.ts'

type Definition = z.input<typeof InstanceDefinition>

const hourMs = 60 * 60 * 1000

/** Two weeks, which a forecast needs, and some nights more. */
export const demoNights = 18

/** Of these nights, counted from the last one, something is told. */
const offlineNight = demoNights - 6
const maintainedNight = demoNights - 4
const refusedNight = demoNights - 3

/** No night is like another, GB. */
const more = [0, 3, -2, 4, -1] as const

/** What the recovery area of the growing Oracle holds in a night: its limit of 300 GB is a week away. */
const recoveryArea = (night: number) =>
  space({
    used_bytes: (42 + 11 * night + (more[night % more.length] ?? 0)) * gigabyte,
    reclaimable_bytes: 0,
  })

/** The transaction log of the growing SQL Server, of which nobody takes backups. */
const logOf = (night: number) =>
  sqlServerFacts().conditions?.map((row) =>
    row.database_id === 5
      ? condition({
          log_used_kb: (20 + night) * 2 ** 20,
          log_size_kb: 60 * 2 ** 20,
          log_limit_kb: 60 * 2 ** 20,
        })
      : row,
  ) ?? []

const databases = (changes: Parameters<typeof database>[2] = {}) => [
  ...systemDatabases,
  ...databaseNames.map((name, at) => database(5 + at, name, name === 'Archive2019' ? changes : {})),
]

/**
 * The fleet of the demo. `broken`: servers that are as the scenes of the demo have them at last, and were well before,
 * but for a night; `growing`: servers that are well, and whose room gets less from night to night.
 */
export const demoFleet = (
  broken: StandIns,
  growing: StandIns,
  passwordReference: string,
): {
  readonly shown: Readonly<Record<string, Definition>>
  readonly past: FleetPast
} => {
  const of = (standIns: StandIns, engine: Parameters<StandIns['definitionOf']>[0], changes: object) => ({
    ...standIns.definitionOf(engine, passwordReference),
    ...changes,
  })
  const shown = {
    'demo-sqlserver': of(broken, 'sqlserver', {
      description: 'One SIMPLE, one OFFLINE, one Always On secondary among healthy databases',
      tags: { team: 'demo' },
    }),
    'demo-oracle': of(broken, 'oracle', {
      description: 'A container database in NOARCHIVELOG mode',
      tags: { team: 'demo' },
    }),
    'demo-mysql': of(broken, 'mysql', {
      description: 'A MySQL 8.0 without a binary log',
      tags: { team: 'demo' },
    }),
  }
  const register: FleetPast['register'] = (nightAt) => {
    const at = nightAt(maintainedNight)
    const window = { from: new Date(at).toISOString(), until: new Date(at + 4 * hourMs).toISOString() }
    return {
      ...shown,
      'billing-oracle': of(growing, 'oracle', { region: 'cn-shanghai', tags: { team: 'billing' } }),
      'orders-sqlserver': of(growing, 'sqlserver', { region: 'cn-beijing', tags: { team: 'orders' } }),
      'orders-mysql': of(growing, 'mysql', {
        region: 'cn-beijing',
        tags: { team: 'orders' },
        maintenanceWindows: [{ ...window, reason: 'operating system update' }],
      }),
    }
  }
  return {
    shown,
    past: {
      nights: demoNights,
      register,
      become: (night) => {
        growing.become({
          oracle: { spaces: spaces(recoveryArea(night)) },
          sqlServer: { conditions: logOf(night) },
        })
        if (night === refusedNight) return broken.refuseLogins()
        const offline = night === offlineNight ? { state_desc: 'OFFLINE' as const } : {}
        return broken.become({ sqlServer: { databases: databases(offline) } })
      },
    },
  }
}

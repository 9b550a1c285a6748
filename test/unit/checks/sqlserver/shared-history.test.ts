import { describe, expect, it } from 'vitest'
import check from '../../../../shared/checks/sqlserver/sql-server-last-backup.ts'
import type { SharedDatabase } from '../../../../shared/model/shared-database.ts'
import { contextFor, judged } from '../../../support/context.ts'
import {
  type HistoryChanges,
  type SqlServerFacts,
  chain,
  history,
  historyOfSales,
  inAvailabilityGroup,
  replica,
  replicasOfSales,
  sqlServerFacts,
  withSales,
} from '../../../support/facts/sqlserver.ts'

/** `Sales`, the primary of a group, with this history here. */
const sharedWith = (
  changes: HistoryChanges,
  facts: Partial<SqlServerFacts> = {},
): readonly SharedDatabase[] | undefined => {
  const answer = sqlServerFacts({
    databases: withSales(inAvailabilityGroup),
    replicas: replicasOfSales('PRIMARY'),
    backupHistory: historyOfSales(changes),
    ...facts,
  })
  return judged(check, { answer }, contextFor('sqlserver')).shared
}

const guid = 'f1d3a7b0-4c61-4b0e-8d0b-2f6a6f1c9e11'
const fork = '0b6d5f3c-6a1e-4f0f-9c55-3d0b5c8e7a21'
const logs = { from: '34000000011200001', to: '34000000045600001' }
const missing = { from: '34000000020000001', to: '34000000030000001' }

/** All that a replica with a healthy history tells of `Sales`. */
const healthy: SharedDatabase = {
  groupId: '3a5dbbbc-5a0b-4c2b-9d5f-0c6f2b1d7a10',
  id: '0d1b7c4e-52a9-4f6a-8e0f-6c1f1b7f2a55',
  name: 'Sales',
  fork,
  full: 1440,
  incremental: 240,
  log: 15,
  base: guid,
  baseLsn: '34000000012300001',
  logs,
  open: {},
}
const withGap = { gap_from_lsn: missing.from, gap_to_lsn: missing.to } as const

/** What is told but for some of it. */
const without = (left: readonly (keyof SharedDatabase)[], changes: Partial<SharedDatabase> = {}) => ({
  ...Object.fromEntries(Object.entries(healthy).filter(([name]) => left.every((each) => each !== name))),
  ...changes,
})

describe('what a replica tells the others of a database', () => {
  it.each<[string, unknown, HistoryChanges, Partial<SqlServerFacts>?]>([
    ['all of a healthy history', healthy, {}],
    [
      'backups of this minute',
      { ...healthy, full: 0, incremental: 0, log: 0 },
      { last_full_minutes: 0, last_incremental_minutes: 0, last_log_minutes: 0 },
    ],
    [
      'no age of a backup of the future, nor where such log backups reach',
      without(['logs'], {
        full: null,
        incremental: null,
        log: null,
        open: { full: 10_080, incremental: 1500, log: 60 },
      }),
      { last_full_minutes: -1, last_incremental_minutes: -1, last_log_minutes: -1 },
    ],
    [
      'no log backups where there are none',
      without(['logs'], { log: null, open: { log: 60 } }),
      { last_log_minutes: null },
    ],
    ['no log backups that begin nobody knows where', without(['logs']), { logs_from_lsn: null }],
    ['no log backups that end nobody knows where', without(['logs']), { logs_to_lsn: null }],
    ['no end of a base that nobody knows', without(['baseLsn']), { base_lsn: null }],
    ['nothing of the log beside a damaged backup', without(['baseLsn', 'logs']), { damaged_backups: 1 }],
    [
      'nothing of a gap beside a damaged backup',
      without(['baseLsn', 'logs']),
      { damaged_backups: 1, log_gaps: 1, ...withGap },
    ],
    [
      'what is missing of the log',
      without(['logs'], { gaps: { missing, logs } }),
      { log_gaps: 1, ...withGap },
    ],
    ['nothing of a gap that is none', healthy, { log_gaps: 0, ...withGap }],
    [
      'nothing of a gap that begins nobody knows where',
      without(['logs']),
      { log_gaps: 1, ...withGap, gap_from_lsn: null },
    ],
    [
      'no base that the files do not name',
      without(['base']),
      {},
      { databases: withSales({ ...inAvailabilityGroup, differential_base_guid: null }) },
    ],
    ['the base that it looks for', without(['base'], { wantedBase: guid }), { base_is_found: 0 }],
    ['neither where nobody knows whether the history shows it', without(['base']), { base_is_found: null }],
    [
      'the recovery fork of that very database',
      { ...healthy, fork: 'fork-2' },
      {},
      { chains: [chain({ database_id: 1 }), chain({ recovery_fork_guid: 'fork-2' })] },
    ],
    ['no recovery fork of another database', without(['fork']), {}, { chains: [chain({ database_id: 1 })] }],
    ['no recovery fork where none may be seen', without(['fork']), {}, { chains: null }],
    [
      'what is too old here',
      { ...healthy, full: 10_081, log: 61, open: { full: 10_080, log: 60 } },
      { last_full_minutes: 10_081, last_log_minutes: 61 },
    ],
    [
      'nothing that is asked of a secondary',
      { ...healthy, log: 61 },
      { last_log_minutes: 61 },
      { replicas: replicasOfSales('SECONDARY') },
    ],
    [
      'nothing that is asked of one that is not online',
      { ...healthy, log: 61 },
      { last_log_minutes: 61 },
      { databases: withSales({ ...inAvailabilityGroup, state_desc: 'SUSPECT' }), chains: [chain()] },
    ],
  ])('is %s', (_, expected, changes, facts) => {
    expect(sharedWith(changes, facts)).toEqual([expected])
  })

  it.each<[string, Partial<SqlServerFacts>]>([
    ['whose history is not there', { backupHistory: historyOfSales().slice(0, 3) }],
    ['with two histories', { backupHistory: [...historyOfSales(), history()] }],
    ['in a group without an identifier', { replicas: [replica({ group_id: '' })] }],
    ['without an identifier in its group', { replicas: [replica({ group_database_id: null })] }],
    ['in no group', { databases: withSales(), replicas: [] }],
  ])('is nothing of one %s', (_, facts) => {
    expect(sharedWith({}, facts)).toBeUndefined()
  })
})

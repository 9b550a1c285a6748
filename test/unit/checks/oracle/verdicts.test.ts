import { describe, expect, it } from 'vitest'
import type { Check } from '../../../../shared/checks/framework/define-check.ts'
import archivelog from '../../../../shared/checks/oracle/archivelog.ts'
import dbStatus from '../../../../shared/checks/oracle/oracle-db-status.ts'
import instanceStatus from '../../../../shared/checks/oracle/oracle-instance-status.ts'
import type { Finding } from '../../../../shared/model/finding.ts'
import {
  database,
  destination,
  instance,
  pluggable,
  seed,
} from '../../../emulators/oracle/catalogue-answers.ts'
import { contextFor, judged } from '../../../support/context.ts'

type Row = Readonly<Record<string, string | number | null>>

interface Facts {
  readonly instances?: readonly Row[]
  readonly db?: Row
  readonly role?: string | null
  readonly pluggables?: readonly Row[]
  readonly recovery?: readonly Row[] | null
  readonly destinations?: readonly Row[] | null
  readonly target?: Readonly<Record<string, unknown>>
}

/** What the probe brings back for all three items. */
const answerOf = ({
  instances = [{}],
  db = {},
  role = 'PRIMARY',
  pluggables,
  recovery = null,
  destinations,
}: Facts) => ({
  instances: instances.map((row, index) =>
    instance({ inst_id: index + 1, instance_name: `orcl${index + 1}`, ...row }),
  ),
  role: role === null ? null : [{ database_role: role }],
  database: [database(db)],
  pluggables: pluggables ?? [seed, pluggable(3, 'SALES')],
  recovery,
  destinations: destinations === undefined ? [destination()] : destinations,
})

const vInstance = 'docs.oracle.com/database/19/refrn/V-INSTANCE'
const vDatabase = 'docs.oracle.com/database/19/refrn/V-DATABASE'
const vPdbs = 'docs.oracle.com/database/19/refrn/V-PDBS'
const vArchiveDest = 'docs.oracle.com/database/19/refrn/V-ARCHIVE_DEST'
const rman = 'docs.oracle.com/database/19/bradv: Backing Up the Database'
const dataGuard = 'docs.oracle.com/database/19/sbydb: Data Guard Concepts'
const multitenant = 'docs.oracle.com/database/19/multi: CONTAINER_DATA'
const cloudBackup = 'alibabacloud.com/help/hbr: Precheck an Oracle database'

const all = 'full,incremental,log,restore'
const backups = 'full,incremental,log'
const native = { profile: 'native' }

type Verdict = readonly [
  what: string,
  facts: Facts,
  status: string,
  code: string | null,
  effect: string,
  manual: string,
]

const instanceVerdicts: readonly Verdict[] = [
  ['OPEN and ACTIVE', {}, 'passed', null, '', vInstance],
  [
    'STARTED',
    { instances: [{ status: 'STARTED' }], role: null },
    'failed',
    'NOT_MOUNTED',
    `blocks=${all}`,
    vInstance,
  ],
  [
    'MOUNTED as a primary',
    { instances: [{ status: 'MOUNTED' }] },
    'failed',
    'MOUNTED_PRIMARY',
    `blocks=${all}`,
    cloudBackup,
  ],
  [
    'MOUNTED as a primary, native',
    { instances: [{ status: 'MOUNTED' }], target: native },
    'warning',
    'MOUNTED_PRIMARY',
    `degrades=${all}`,
    rman,
  ],
  [
    'MOUNTED as a physical standby',
    { instances: [{ status: 'MOUNTED' }], role: 'PHYSICAL STANDBY' },
    'passed',
    null,
    '',
    dataGuard,
  ],
  [
    'MOUNTED as a far sync',
    { instances: [{ status: 'MOUNTED' }], role: 'FAR SYNC' },
    'passed',
    null,
    '',
    dataGuard,
  ],
  [
    'MOUNTED, role not readable',
    { instances: [{ status: 'MOUNTED' }], role: null },
    'error',
    'ROLE_UNKNOWN',
    `obscures=${all}`,
    vDatabase,
  ],
  ['OPEN, role not readable', { role: null }, 'passed', null, '', vInstance],
  [
    'OPEN MIGRATE',
    { instances: [{ status: 'OPEN MIGRATE' }] },
    'warning',
    'OPEN_MIGRATE',
    `degrades=${all}`,
    vInstance,
  ],
  [
    'a status nobody knows',
    { instances: [{ status: 'FROZEN' }] },
    'error',
    'STATUS_UNKNOWN',
    `obscures=${all}`,
    vInstance,
  ],
  [
    'SUSPENDED',
    { instances: [{ database_status: 'SUSPENDED' }] },
    'failed',
    'SUSPENDED',
    `blocks=${all}`,
    vInstance,
  ],
  [
    'INSTANCE RECOVERY',
    { instances: [{ database_status: 'INSTANCE RECOVERY' }] },
    'warning',
    'INSTANCE_RECOVERY',
    `degrades=${all}`,
    vInstance,
  ],
  [
    'a database status nobody knows',
    { instances: [{ database_status: 'ODD' }] },
    'error',
    'STATUS_UNKNOWN',
    `obscures=${all}`,
    vInstance,
  ],
  [
    'about to shut down',
    { instances: [{ shutdown_pending: 'YES' }] },
    'failed',
    'SHUTDOWN_PENDING',
    `blocks=${all}`,
    vInstance,
  ],
  [
    'RESTRICTED',
    { instances: [{ logins: 'RESTRICTED' }] },
    'warning',
    'RESTRICTED',
    `degrades=${all}`,
    vInstance,
  ],
  [
    'QUIESCING',
    { instances: [{ active_state: 'QUIESCING' }] },
    'warning',
    'QUIESCED',
    `degrades=${all}`,
    vInstance,
  ],
  [
    'QUIESCED',
    { instances: [{ active_state: 'QUIESCED' }] },
    'warning',
    'QUIESCED',
    `degrades=${all}`,
    vInstance,
  ],
  ['BLOCKED', { instances: [{ blocked: 'YES' }] }, 'warning', 'BLOCKED', `degrades=${all}`, vInstance],
  ['RAC, all open', { instances: [{}, {}] }, 'passed', null, '', vInstance],
  [
    'RAC, one of two not mounted',
    { instances: [{ status: 'STARTED' }, {}] },
    'warning',
    'NOT_MOUNTED',
    `degrades=${all}`,
    vInstance,
  ],
  [
    'RAC, all down',
    { instances: [{ status: 'STARTED' }, { status: 'STARTED' }] },
    'failed',
    'NOT_MOUNTED',
    `blocks=${all}`,
    vInstance,
  ],
  [
    'RAC, second one suspended',
    { instances: [{}, { database_status: 'SUSPENDED' }] },
    'warning',
    'SUSPENDED',
    `degrades=${all}`,
    vInstance,
  ],
  [
    'MOUNTED as a snapshot standby',
    { instances: [{ status: 'MOUNTED' }], role: 'SNAPSHOT STANDBY' },
    'passed',
    null,
    '',
    dataGuard,
  ],
  [
    'MOUNTED as a logical standby',
    { instances: [{ status: 'MOUNTED' }], role: 'LOGICAL STANDBY' },
    'passed',
    null,
    '',
    dataGuard,
  ],
  [
    'MOUNTED as a primary, only log planned',
    { instances: [{ status: 'MOUNTED' }], target: { operations: ['log'] } },
    'failed',
    'MOUNTED_PRIMARY',
    `blocks=${all}`,
    cloudBackup,
  ],
  ...(
    [
      ['logins', 'SOME'],
      ['shutdown_pending', 'SOON'],
      ['blocked', 'PARTLY'],
      ['active_state', 'DROWSY'],
    ] as const
  ).map(([column, value]): Verdict => [
    `${column} nobody knows`,
    { instances: [{ [column]: value }] },
    'error',
    'STATUS_UNKNOWN',
    `obscures=${all}`,
    vInstance,
  ]),
]

const databaseVerdicts: readonly Verdict[] = [
  ['a primary, READ WRITE', {}, 'passed', null, '', vDatabase],
  ['a primary, READ ONLY', { db: { open_mode: 'READ ONLY' } }, 'passed', 'READ_ONLY_PRIMARY', '', vDatabase],
  [
    'a primary, MOUNTED',
    { db: { open_mode: 'MOUNTED' }, pluggables: [seed] },
    'failed',
    'MOUNTED_PRIMARY',
    `blocks=${all}`,
    cloudBackup,
  ],
  [
    'a primary, MOUNTED, native',
    { db: { open_mode: 'MOUNTED' }, pluggables: [seed], target: native },
    'warning',
    'MOUNTED_PRIMARY',
    `degrades=${all}`,
    rman,
  ],
  [
    'a primary in a mode nobody knows',
    { db: { open_mode: 'AJAR' } },
    'error',
    'OPEN_MODE_UNKNOWN',
    `obscures=${all}`,
    vDatabase,
  ],
  [
    'a physical standby, MOUNTED',
    { db: { database_role: 'PHYSICAL STANDBY', open_mode: 'MOUNTED', controlfile_type: 'STANDBY' } },
    'passed',
    null,
    '',
    dataGuard,
  ],
  [
    'a physical standby, READ ONLY',
    { db: { database_role: 'PHYSICAL STANDBY', open_mode: 'READ ONLY', controlfile_type: 'STANDBY' } },
    'passed',
    null,
    '',
    dataGuard,
  ],
  [
    'a physical standby, READ ONLY WITH APPLY',
    {
      db: {
        database_role: 'PHYSICAL STANDBY',
        open_mode: 'READ ONLY WITH APPLY',
        controlfile_type: 'STANDBY',
      },
    },
    'passed',
    null,
    '',
    dataGuard,
  ],
  [
    'a physical standby, READ WRITE',
    { db: { database_role: 'PHYSICAL STANDBY', controlfile_type: 'STANDBY' } },
    'error',
    'OPEN_MODE_UNKNOWN',
    `obscures=${all}`,
    dataGuard,
  ],
  [
    'a logical standby, READ WRITE',
    { db: { database_role: 'LOGICAL STANDBY' } },
    'passed',
    null,
    '',
    dataGuard,
  ],
  [
    'a logical standby, MOUNTED',
    { db: { database_role: 'LOGICAL STANDBY', open_mode: 'MOUNTED' } },
    'error',
    'OPEN_MODE_UNKNOWN',
    `obscures=${all}`,
    dataGuard,
  ],
  [
    'a snapshot standby',
    { db: { database_role: 'SNAPSHOT STANDBY' } },
    'warning',
    'SNAPSHOT_STANDBY',
    `degrades=${all}`,
    dataGuard,
  ],
  [
    'a far sync',
    { db: { database_role: 'FAR SYNC', open_mode: 'MOUNTED' } },
    'passed',
    'FAR_SYNC',
    `limits=${backups}`,
    dataGuard,
  ],
  [
    'in a role nobody knows',
    { db: { database_role: 'UNDERSTUDY' } },
    'error',
    'OPEN_MODE_UNKNOWN',
    `obscures=${all}`,
    vDatabase,
  ],
  [
    'on a BACKUP control file',
    { db: { controlfile_type: 'BACKUP' } },
    'failed',
    'CONTROL_FILE_NOT_CURRENT',
    `blocks=${all}`,
    vDatabase,
  ],
  [
    'on a CREATED control file',
    { db: { controlfile_type: 'CREATED' } },
    'failed',
    'CONTROL_FILE_NOT_CURRENT',
    `blocks=${all}`,
    vDatabase,
  ],
  ['no container database', { db: { cdb: 'NO', con_id: 0 }, pluggables: [] }, 'passed', null, '', vDatabase],
  [
    'no container database, MOUNTED',
    { db: { cdb: 'NO', con_id: 0, open_mode: 'MOUNTED' }, pluggables: [] },
    'failed',
    'MOUNTED_PRIMARY',
    `blocks=${all}`,
    vDatabase,
  ],
  [
    'a PDB, READ ONLY',
    { pluggables: [seed, pluggable(3, 'SALES', { open_mode: 'READ ONLY' })] },
    'passed',
    null,
    '',
    vPdbs,
  ],
  [
    'a closed PDB',
    { pluggables: [seed, pluggable(3, 'SALES', { open_mode: 'MOUNTED' })] },
    'warning',
    'PDB_CLOSED',
    `degrades=${all}`,
    vPdbs,
  ],
  [
    'a closed PDB that is required',
    {
      pluggables: [seed, pluggable(3, 'SALES', { open_mode: 'MOUNTED' })],
      target: { requiredDatabases: ['SALES'] },
    },
    'failed',
    'PDB_CLOSED',
    `blocks=${all}`,
    vPdbs,
  ],
  [
    'a closed PDB of a standby',
    {
      db: { database_role: 'PHYSICAL STANDBY', open_mode: 'MOUNTED', controlfile_type: 'STANDBY' },
      pluggables: [seed, pluggable(3, 'SALES', { open_mode: 'MOUNTED' })],
    },
    'passed',
    null,
    '',
    dataGuard,
  ],
  [
    'a PDB open on one of two instances',
    {
      pluggables: [
        seed,
        pluggable(3, 'SALES', { open_mode: 'MOUNTED' }),
        pluggable(3, 'SALES', { inst_id: 2 }),
      ],
    },
    'passed',
    null,
    '',
    vPdbs,
  ],
  [
    'a PDB closed on both instances',
    {
      pluggables: [
        seed,
        pluggable(3, 'SALES', { open_mode: 'MOUNTED' }),
        pluggable(3, 'SALES', { inst_id: 2, open_mode: 'MOUNTED' }),
      ],
    },
    'warning',
    'PDB_CLOSED',
    `degrades=${all}`,
    vPdbs,
  ],
  [
    'a restricted PDB',
    { pluggables: [seed, pluggable(3, 'SALES', { restricted: 'YES' })] },
    'warning',
    'PDB_RESTRICTED',
    `degrades=${all}`,
    vPdbs,
  ],
  [
    'a PDB under upgrade',
    { pluggables: [seed, pluggable(3, 'SALES', { open_mode: 'MIGRATE' })] },
    'warning',
    'PDB_MIGRATE',
    `degrades=${all}`,
    vPdbs,
  ],
  [
    'a PDB in a mode nobody knows',
    { pluggables: [seed, pluggable(3, 'SALES', { open_mode: 'AJAR' })] },
    'error',
    'PDB_STATUS_UNKNOWN',
    `obscures=${all}`,
    vPdbs,
  ],
  [
    'a PDB without recovery',
    { recovery: [{ name: 'SALES', recovery_status: 'DISABLED' }] },
    'failed',
    'PDB_RECOVERY_DISABLED',
    `blocks=${all}`,
    vPdbs,
  ],
  [
    'a PDB with recovery',
    { recovery: [{ name: 'SALES', recovery_status: 'ENABLED' }] },
    'passed',
    null,
    '',
    vPdbs,
  ],
  [
    'a required PDB that is missing',
    { pluggables: [seed], target: { requiredDatabases: ['SALES'] } },
    'failed',
    'PDB_MISSING',
    `blocks=${all}`,
    vPdbs,
  ],
  [
    'the database itself required',
    { target: { requiredDatabases: ['ORCL'] } },
    'passed',
    null,
    '',
    vDatabase,
  ],
  [
    'seen without the seed',
    { pluggables: [pluggable(3, 'SALES')] },
    'error',
    'COVERAGE_LIMITED',
    `obscures=${all}`,
    multitenant,
  ],
  [
    'seen from inside a PDB',
    { db: { con_id: 3 } },
    'error',
    'COVERAGE_LIMITED',
    `obscures=${all}`,
    multitenant,
  ],
  ['seen where the container is not told', { db: { con_id: null } }, 'passed', null, '', multitenant],
  [
    'on a control file of a CLONE',
    { db: { controlfile_type: 'CLONE' } },
    'error',
    'CONTROL_FILE_UNKNOWN',
    `obscures=${all}`,
    vDatabase,
  ],
  [
    'a standby on a BACKUP control file',
    { db: { database_role: 'PHYSICAL STANDBY', open_mode: 'MOUNTED', controlfile_type: 'BACKUP' } },
    'failed',
    'CONTROL_FILE_NOT_CURRENT',
    `blocks=${all}`,
    vDatabase,
  ],
  [
    'a closed PDB, required in another case',
    {
      pluggables: [seed, pluggable(3, 'SALES', { open_mode: 'MOUNTED', restricted: null })],
      target: { requiredDatabases: ['sales'] },
    },
    'failed',
    'PDB_CLOSED',
    `blocks=${all}`,
    vPdbs,
  ],
  [
    'a PDB under a restriction nobody knows',
    { pluggables: [seed, pluggable(3, 'SALES', { restricted: 'HALF' })] },
    'error',
    'PDB_STATUS_UNKNOWN',
    `obscures=${all}`,
    vPdbs,
  ],
  [
    'a PDB in a recovery nobody knows',
    { recovery: [{ name: 'SALES', recovery_status: 'PERHAPS' }] },
    'error',
    'PDB_STATUS_UNKNOWN',
    `obscures=${all}`,
    vPdbs,
  ],
  [
    'a PDB that a standby tries to recover',
    { recovery: [{ name: 'SALES', recovery_status: 'DISABLED AUTOMATIC RECOVER' }] },
    'failed',
    'PDB_RECOVERY_DISABLED',
    `blocks=${all}`,
    'docs.oracle.com/database/26/refrn/V-PDBS',
  ],
  [
    'another PDB without recovery',
    { pluggables: [seed, pluggable(3, 'SALES')], recovery: [{ name: 'SALES', recovery_status: null }] },
    'passed',
    null,
    '',
    vPdbs,
  ],
  [
    'no container database, but a PDB required',
    { db: { cdb: 'NO', con_id: 0 }, pluggables: [], target: { requiredDatabases: ['SALES'] } },
    'failed',
    'PDB_MISSING',
    `blocks=${all}`,
    multitenant,
  ],
]

const archiveVerdicts: readonly Verdict[] = [
  ['ARCHIVELOG with a valid destination', {}, 'passed', null, '', cloudBackup],
  [
    'NOARCHIVELOG',
    { db: { log_mode: 'NOARCHIVELOG' } },
    'failed',
    'NOARCHIVELOG',
    `blocks=${backups}`,
    cloudBackup,
  ],
  [
    'NOARCHIVELOG, native',
    { db: { log_mode: 'NOARCHIVELOG' }, target: native },
    'failed',
    'NOARCHIVELOG',
    'blocks=log degrades=full,incremental',
    rman,
  ],
  [
    'NOARCHIVELOG, only restore planned',
    { db: { log_mode: 'NOARCHIVELOG' }, target: { operations: ['restore'] } },
    'warning',
    'NOARCHIVELOG',
    `blocks=${backups}`,
    cloudBackup,
  ],
  [
    'NOARCHIVELOG, native, only full planned',
    { db: { log_mode: 'NOARCHIVELOG' }, target: { ...native, operations: ['full'] } },
    'warning',
    'NOARCHIVELOG',
    'blocks=log degrades=full,incremental',
    rman,
  ],
  ['MANUAL', { db: { log_mode: 'MANUAL' } }, 'warning', 'ARCHIVE_MANUAL', `degrades=${backups}`, vDatabase],
  [
    'a mode nobody knows',
    { db: { log_mode: 'SOMETIMES' } },
    'error',
    'LOG_MODE_UNKNOWN',
    `obscures=${backups}`,
    vDatabase,
  ],
  [
    'ARCHIVELOG, archiver FAILED',
    { instances: [{ archiver: 'FAILED' }] },
    'failed',
    'ARCHIVER_NOT_RUNNING',
    `blocks=${backups}`,
    vInstance,
  ],
  [
    'ARCHIVELOG, archiver STOPPED',
    { instances: [{ archiver: 'STOPPED' }] },
    'failed',
    'ARCHIVER_NOT_RUNNING',
    `blocks=${backups}`,
    vInstance,
  ],
  [
    'NOARCHIVELOG, archiver STOPPED',
    { db: { log_mode: 'NOARCHIVELOG' }, instances: [{ archiver: 'STOPPED' }] },
    'failed',
    'NOARCHIVELOG',
    `blocks=${backups}`,
    vInstance,
  ],
  [
    'ARCHIVELOG without a destination',
    { destinations: [] },
    'failed',
    'NO_VALID_DESTINATION',
    `blocks=${backups}`,
    vArchiveDest,
  ],
  [
    'ARCHIVELOG, the only destination FULL',
    { destinations: [destination({ status: 'FULL' })] },
    'failed',
    'NO_VALID_DESTINATION',
    `blocks=${backups}`,
    vArchiveDest,
  ],
  [
    'ARCHIVELOG, a valid one only on the standby',
    { destinations: [destination({ target: 'STANDBY' })] },
    'failed',
    'NO_VALID_DESTINATION',
    `blocks=${backups}`,
    vArchiveDest,
  ],
  [
    'ARCHIVELOG, the destination called LOCAL',
    { destinations: [destination({ target: 'LOCAL' })] },
    'passed',
    null,
    '',
    vArchiveDest,
  ],
  [
    'ARCHIVELOG, a mandatory one in ERROR',
    {
      destinations: [
        destination(),
        destination({ dest_name: 'LOG_ARCHIVE_DEST_2', status: 'ERROR', error: 'ORA-12541' }),
      ],
    },
    'failed',
    'MANDATORY_DESTINATION_BROKEN',
    `blocks=${backups}`,
    vArchiveDest,
  ],
  [
    'ARCHIVELOG, an optional one in ERROR',
    {
      destinations: [
        destination(),
        destination({
          dest_name: 'LOG_ARCHIVE_DEST_2',
          status: 'ERROR',
          binding: 'OPTIONAL',
          target: 'STANDBY',
        }),
      ],
    },
    'warning',
    'OPTIONAL_DESTINATION_BROKEN',
    `degrades=${backups}`,
    vArchiveDest,
  ],
  [
    'ARCHIVELOG, an optional one with a BAD PARAM',
    {
      destinations: [
        destination(),
        destination({ dest_name: 'LOG_ARCHIVE_DEST_3', status: 'BAD PARAM', binding: 'OPTIONAL' }),
      ],
    },
    'warning',
    'OPTIONAL_DESTINATION_BROKEN',
    `degrades=${backups}`,
    vArchiveDest,
  ],
  [
    'ARCHIVELOG, one DEFERRED by choice',
    { destinations: [destination(), destination({ status: 'DEFERRED', binding: 'OPTIONAL' })] },
    'passed',
    null,
    '',
    vArchiveDest,
  ],
  [
    'ARCHIVELOG, destinations not readable',
    { destinations: null },
    'error',
    'DESTINATIONS_UNREADABLE',
    `obscures=${backups}`,
    vArchiveDest,
  ],
  [
    'a standby without a local destination',
    { db: { database_role: 'PHYSICAL STANDBY' }, destinations: [] },
    'passed',
    null,
    '',
    dataGuard,
  ],
  [
    'a standby in NOARCHIVELOG',
    { db: { database_role: 'PHYSICAL STANDBY', log_mode: 'NOARCHIVELOG' } },
    'failed',
    'NOARCHIVELOG',
    `blocks=${backups}`,
    dataGuard,
  ],
  [
    'ARCHIVELOG, an archiver nobody knows',
    { instances: [{ archiver: 'DOZING' }] },
    'error',
    'ARCHIVER_UNKNOWN',
    `obscures=${backups}`,
    vInstance,
  ],
  [
    'ARCHIVELOG, a log switch that waits for the archiver',
    { instances: [{ log_switch_wait: 'ARCHIVE LOG' }] },
    'warning',
    'LOG_SWITCH_WAITS',
    `degrades=${backups}`,
    vInstance,
  ],
  [
    'ARCHIVELOG, a log switch that waits for a checkpoint',
    { instances: [{ log_switch_wait: 'CHECKPOINT' }] },
    'passed',
    null,
    '',
    vInstance,
  ],
  [
    'ARCHIVELOG, the archiver of the second RAC instance FAILED',
    { instances: [{ parallel: 'YES' }, { parallel: 'YES', archiver: 'FAILED' }] },
    'failed',
    'ARCHIVER_NOT_RUNNING',
    `blocks=${backups}`,
    vInstance,
  ],
  [
    'ARCHIVELOG, a destination in a status nobody knows',
    { destinations: [destination(), destination({ dest_name: 'LOG_ARCHIVE_DEST_2', status: 'MISTY' })] },
    'error',
    'DESTINATION_UNKNOWN',
    `obscures=${backups}`,
    vArchiveDest,
  ],
  [
    'ARCHIVELOG, an alternate one at rest',
    { destinations: [destination(), destination({ status: 'ALTERNATE', binding: 'OPTIONAL' })] },
    'passed',
    null,
    '',
    vArchiveDest,
  ],
  [
    'ARCHIVELOG, an optional one DISABLED after an error',
    {
      destinations: [
        destination(),
        destination({ dest_name: 'LOG_ARCHIVE_DEST_2', status: 'DISABLED', binding: 'OPTIONAL' }),
      ],
    },
    'warning',
    'OPTIONAL_DESTINATION_BROKEN',
    `degrades=${backups}`,
    vArchiveDest,
  ],
  [
    'a standby whose own mandatory destination is FULL',
    {
      db: { database_role: 'PHYSICAL STANDBY' },
      destinations: [destination({ target: 'LOCAL', status: 'FULL', error: 'ORA-16038' })],
    },
    'failed',
    'MANDATORY_DESTINATION_BROKEN',
    `blocks=${backups}`,
    vArchiveDest,
  ],
  [
    'inside a PDB, NOARCHIVELOG',
    { db: { con_id: 3, log_mode: 'NOARCHIVELOG' } },
    'failed',
    'NOARCHIVELOG',
    `blocks=${backups}`,
    multitenant,
  ],
]

const effectOf = (finding: Finding | undefined): string =>
  (['blocks', 'degrades', 'obscures', 'limits'] as const)
    .flatMap((list) => {
      const operations = finding?.[list] ?? []
      return operations.length > 0 ? [`${list}=${operations.join(',')}`] : []
    })
    .join(' ')

describe.each([
  ['ORACLE_INSTANCE_STATUS', instanceStatus, instanceVerdicts],
  ['ORACLE_DB_STATUS', dbStatus, databaseVerdicts],
  ['ARCHIVELOG', archivelog, archiveVerdicts],
] as const)('%s', (_, check, verdicts) => {
  it.each(verdicts)('judges %s', (_what, facts, status, code, effect) => {
    const result = judged(check, { answer: answerOf(facts) }, contextFor('oracle', facts.target))
    const [finding] = result.findings
    expect([result.status, finding?.message.code ?? null, effectOf(finding)]).toEqual([status, code, effect])
  })

  it.each([
    ['no rows', { instances: [], role: [], database: [], pluggables: [], recovery: null, destinations: [] }],
    ['nothing', undefined],
    ['two databases', { ...answerOf({}), instances: [], database: [database(), database()] }],
  ])('never passes on %s', (_what, answer) => {
    expect(judged(check, { answer }, contextFor('oracle')).status).toBe('error')
  })
})

const items: readonly Check[] = [instanceStatus, dbStatus, archivelog]

describe('a refused connection that shows the state of the instance', () => {
  it.each([
    ['ORACLE_SERVICE_UNKNOWN', 'SERVICE_NOT_OFFERED'],
    ['ORACLE_SID_UNKNOWN', 'SERVICE_NOT_OFFERED'],
    ['ORACLE_INSTANCE_BLOCKED', 'INSTANCE_BLOCKED'],
    ['ORACLE_INSTANCE_RESTRICTED', 'INSTANCE_RESTRICTED'],
    ['ORACLE_INSTANCE_NOT_STARTED', 'INSTANCE_NOT_STARTED'],
    ['ORACLE_INSTANCE_NOT_MOUNTED', 'INSTANCE_NOT_MOUNTED'],
    ['ORACLE_INSTANCE_NOT_OPEN', 'INSTANCE_NOT_OPEN'],
    ['ORACLE_SHUTTING_DOWN', 'INSTANCE_SHUTTING_DOWN'],
  ])('%s fails ORACLE_INSTANCE_STATUS, and the others are skipped for it', (problem, code) => {
    const outcome = { problem: { code: problem, params: {} } }
    const [own, ...others] = items.map((check) => judged(check, outcome, contextFor('oracle'), items))
    expect([own?.status, own?.findings[0]?.message.code, own?.findings[0]?.blocks.join()]).toEqual([
      'failed',
      code,
      all,
    ])
    expect(others.map(({ status, reason }) => [status, reason?.params['checkItem']])).toEqual([
      ['skipped', 'ORACLE_INSTANCE_STATUS'],
      ['skipped', 'ORACLE_INSTANCE_STATUS'],
    ])
  })

  it.each([
    ['CONNECTION_REFUSED', 'error'],
    ['LOGIN_FAILED', 'error'],
    ['SERVER_SILENT', 'timed_out'],
    ['QUERY_TIMED_OUT', 'timed_out'],
    ['a code of another version', 'error'],
  ])('%s leaves every item as %s', (code, status) => {
    const outcome = { problem: { code, params: {} } }
    const statuses = items.map((check) => judged(check, outcome, contextFor('oracle'), items).status)
    expect(new Set(statuses)).toEqual(new Set([status]))
  })
})

describe('remediation', () => {
  const mend = (check: Check, facts: Facts) =>
    judged(check, { answer: answerOf(facts) }, contextFor('oracle', facts.target)).findings[0]?.remediation

  it('labels the way to ARCHIVELOG as downtime, and stops a RAC with srvctl', () => {
    const noArchive = { db: { log_mode: 'NOARCHIVELOG' } }
    const single = mend(archivelog, noArchive)?.steps ?? []
    expect(single.map(({ command }) => command)).toContain('ALTER DATABASE ARCHIVELOG;')
    expect(single.find(({ command }) => command === 'SHUTDOWN IMMEDIATE;')?.risk).toBe('downtime')
    const cluster = mend(archivelog, { ...noArchive, instances: [{ parallel: 'YES' }] })?.steps ?? []
    expect(cluster.map(({ command }) => command)).toContain("srvctl stop database -d 'ORCL_HZ'")
  })

  it('sends a standby in NOARCHIVELOG to its primary', () => {
    const facts = { db: { database_role: 'PHYSICAL STANDBY', log_mode: 'NOARCHIVELOG' } }
    expect(mend(archivelog, facts)?.steps[0]?.command).toMatch(/primary/)
  })

  it('quotes the names of pluggable databases', () => {
    const facts = { pluggables: [seed, pluggable(3, 'Sales 2024', { open_mode: 'MOUNTED' })] }
    expect(mend(dbStatus, facts)?.steps[0]?.command).toBe(
      'ALTER PLUGGABLE DATABASE "Sales 2024" OPEN INSTANCES = ALL;',
    )
  })

  it.each([
    ['NOARCHIVELOG', archivelog, { db: { log_mode: 'NOARCHIVELOG' } }],
    ['a mounted primary', dbStatus, { db: { open_mode: 'MOUNTED' } }],
    ['a suspended instance', instanceStatus, { instances: [{ database_status: 'SUSPENDED' }] }],
  ] as const)('passes after the fix of %s was applied', (_, check, facts) => {
    expect(judged(check, { answer: answerOf(facts) }, contextFor('oracle')).status).toBe('failed')
    expect(judged(check, { answer: answerOf({}) }, contextFor('oracle')).status).toBe('passed')
  })
})

describe('what a finding says', () => {
  const findingsOf = (check: Check, facts: Facts) =>
    judged(check, { answer: answerOf(facts) }, contextFor('oracle', facts.target)).findings

  it('names every column of an instance that could not be judged, in one finding', () => {
    const [finding, ...more] = findingsOf(instanceStatus, {
      instances: [{ logins: 'SOME', blocked: 'PARTLY' }],
    })
    expect(more).toEqual([])
    expect(finding?.message.params['value']).toBe('logins = SOME, blocked = PARTLY')
    expect(finding?.expected).toEqual({ logins: 'ALLOWED', blocked: 'NO' })
  })

  it('keeps the conditions of an instance apart, and the worst of them decides', () => {
    const facts = { instances: [{ logins: 'RESTRICTED', database_status: 'SUSPENDED' }] }
    const result = judged(instanceStatus, { answer: answerOf(facts) }, contextFor('oracle'))
    expect(result.status).toBe('failed')
    expect(result.findings.map(({ message, level }) => [message.code, level])).toEqual([
      ['SUSPENDED', 'failed'],
      ['RESTRICTED', 'warning'],
    ])
  })

  it('is about the pluggable database alone, and about the instance where the container is ill', () => {
    const closed = { pluggables: [seed, pluggable(3, 'SALES', { open_mode: 'MOUNTED' }), pluggable(4, 'HR')] }
    expect(findingsOf(dbStatus, closed).map(({ object }) => object)).toEqual([
      { type: 'pluggable-database', name: 'SALES' },
    ])
    const container = findingsOf(dbStatus, { db: { open_mode: 'MOUNTED' } })
    expect(container.map(({ object }) => object)).toEqual([{ type: 'instance', name: 'ORCL' }])
    const plain = { db: { cdb: 'NO', con_id: 0, open_mode: 'MOUNTED' }, pluggables: [] }
    expect(findingsOf(dbStatus, plain).map(({ object }) => object)).toEqual([
      { type: 'database', name: 'ORCL' },
    ])
  })

  it('never calls a required database missing that the login may just not see', () => {
    const facts = { pluggables: [], target: { requiredDatabases: ['SALES'] } }
    const findings = findingsOf(dbStatus, facts)
    expect(findings.map(({ message, blocks }) => [message.code, blocks])).toEqual([
      ['COVERAGE_LIMITED', []],
      ['PDB_UNSEEN', []],
    ])
  })

  it('gives every broken destination a fingerprint of its own', () => {
    const broken = ['LOG_ARCHIVE_DEST_2', 'LOG_ARCHIVE_DEST_3'].map((dest_name) =>
      destination({ dest_name, status: 'ERROR', binding: 'OPTIONAL' }),
    )
    const findings = findingsOf(archivelog, { destinations: [destination(), ...broken] })
    expect(new Set(findings.map(({ fingerprint }) => fingerprint)).size).toBe(2)
  })

  it('excludes the seed with its reason, and lists the databases that were judged', () => {
    const result = judged(dbStatus, { answer: answerOf({}) }, contextFor('oracle'))
    expect(result.excluded).toEqual([{ name: 'PDB$SEED', reason: { code: 'SEED', params: {} } }])
    expect(result.databases).toEqual(['ORCL', 'SALES'])
  })
})

describe('how a finding is mended', () => {
  const commandsOf = (check: Check, facts: Facts): string[] =>
    judged(check, { answer: answerOf(facts) }, contextFor('oracle', facts.target)).findings.flatMap(
      ({ remediation }) => remediation?.steps.map(({ command }) => command) ?? [],
    )
  const risksOf = (check: Check, facts: Facts): string[] =>
    judged(check, { answer: answerOf(facts) }, contextFor('oracle', facts.target)).findings.flatMap(
      ({ remediation }) => remediation?.steps.map(({ risk }) => risk) ?? [],
    )

  it.each([
    ['V$DATABASE', instanceStatus, { instances: [{ status: 'MOUNTED' }], role: null }, 'SYS.V_$DATABASE'],
    ['V$ARCHIVE_DEST', archivelog, { destinations: null }, 'SYS.V_$ARCHIVE_DEST'],
  ] as const)('grants %s on the view, never on its synonym', (_, check, facts, view) => {
    expect(commandsOf(check, facts)).toEqual([`GRANT SELECT ON ${view} TO "PRECHECK";`])
  })

  it('lets the login see every container', () => {
    expect(commandsOf(dbStatus, { pluggables: [] })).toContain(
      'ALTER USER "PRECHECK" SET CONTAINER_DATA = ALL CONTAINER = CURRENT;',
    )
  })

  it('enables a destination by its number, and only one that has a number', () => {
    const broken = (dest_name: string) => ({
      destinations: [destination(), destination({ dest_name, status: 'ERROR', binding: 'OPTIONAL' })],
    })
    const enable = /log_archive_dest_state_/
    expect(
      commandsOf(archivelog, broken('LOG_ARCHIVE_DEST_12')).filter((command) => enable.test(command)),
    ).toEqual(['ALTER SYSTEM SET log_archive_dest_state_12 = ENABLE;'])
    expect(
      commandsOf(archivelog, broken('STANDBY_ARCHIVE_DEST')).filter((command) => enable.test(command)),
    ).toEqual([])
  })

  it('calls closing a pluggable database downtime', () => {
    const restricted = { pluggables: [seed, pluggable(3, 'SALES', { restricted: 'YES' })] }
    expect(risksOf(dbStatus, restricted)).toEqual(['online', 'downtime', 'online'])
    const disabled = { recovery: [{ name: 'SALES', recovery_status: 'DISABLED' }] }
    expect(risksOf(dbStatus, disabled)).toContain('downtime')
  })

  it('asks before RESETLOGS, and labels it as a loss of data', () => {
    const risks = risksOf(dbStatus, { db: { controlfile_type: 'BACKUP' } })
    expect(risks).toEqual(['online', 'downtime', 'data-loss'])
  })

  it('opens no instance that may be a mounted standby without saying so first', () => {
    const outcome = { problem: { code: 'ORACLE_INSTANCE_NOT_OPEN', params: {} } }
    const [finding] = judged(instanceStatus, outcome, contextFor('oracle')).findings
    expect(finding?.remediation?.steps.map(({ language }) => language)).toEqual(['manual', 'sqlplus'])
    expect(finding?.remediation?.steps[0]?.command).toContain('sysbackup')
  })

  it('names both causes of an unknown service, and how to tell them apart', () => {
    expect(instanceStatus.texts['SERVICE_NOT_OFFERED']?.en).toMatch(/not started.*wrong.*lsnrctl services/)
  })
})

describe('an item that was not determined', () => {
  it.each([
    ['ORACLE_INSTANCE_STATUS', instanceStatus, all],
    ['ORACLE_DB_STATUS', dbStatus, all],
    ['ARCHIVELOG', archivelog, backups],
  ] as const)(
    '%s leaves the operations that it judges unknown, in either profile',
    (_, check, operations) => {
      expect(check.affects('cloud-backup').join()).toBe(operations)
      expect(check.affects('native').join()).toBe(operations)
    },
  )
})

import { describe, expect, it } from 'vitest'
import { archiveSteps } from '../../../../shared/checks/oracle/archive-steps.ts'
import check from '../../../../shared/checks/oracle/archivelog.ts'
import { testChanges } from '../../../support/changes-table.ts'
import { contextFor, judged } from '../../../support/context.ts'
import {
  type OracleFacts,
  cluster,
  database,
  destination,
  instance,
  isOfObject,
  oracleFacts,
} from '../../../support/facts/oracle.ts'
import { type DetailRow, type VerdictRow, backups, testCheckItem } from '../../../support/verdict-table.ts'

const manuals = {
  instanceView: 'https://docs.oracle.com/en/database/oracle/oracle-database/19/refrn/V-INSTANCE.html',
  databaseView: 'https://docs.oracle.com/en/database/oracle/oracle-database/19/refrn/V-DATABASE.html',
  destinationsView: 'https://docs.oracle.com/en/database/oracle/oracle-database/19/refrn/V-ARCHIVE_DEST.html',
  archivedLogs:
    'https://docs.oracle.com/en/database/oracle/oracle-database/19/admin/managing-archived-redo-log-files.html',
  racGuide: 'Oracle RAC Administration and Deployment Guide, Changing the Archiving Mode in Oracle RAC',
  rman: 'Oracle Database Backup and Recovery User’s Guide, Backing Up the Database',
  dataGuard: 'Oracle Data Guard Concepts and Administration, Introduction to Oracle Data Guard',
  containerData: 'Oracle Multitenant Administrator’s Guide, CONTAINER_DATA',
  errorMessages: 'Oracle Database Error Messages, ORA-00257',
  farSync: 'Oracle Data Guard Concepts and Administration, Using Far Sync Instances',
  trueCache: 'Oracle True Cache User’s Guide, Overview of Oracle True Cache',
  cloudBackup: 'Cloud Backup, Precheck an Oracle database deployed on an ECS instance',
} as const
type Row = VerdictRow<Partial<OracleFacts>, keyof typeof manuals>

/** The archive mode. What is not said is healthy. */
const ofModes: readonly Row[] = [
  {
    when: 'ARCHIVELOG with a valid destination',
    status: 'passed',
    findings: [],
    observed: { log_mode: 'ARCHIVELOG', destinations: 1 },
    databases: [],
    manual: 'cloudBackup',
  },
  {
    when: 'NOARCHIVELOG',
    facts: { database: [database({ log_mode: 'NOARCHIVELOG' })] },
    status: 'failed',
    findings: [{ code: 'NOARCHIVELOG', on: 'instance ORCL', blocks: backups }],
    readiness: { instance: { full: 'blocked', incremental: 'blocked', log: 'blocked', restore: 'ready' } },
    observed: { log_mode: 'NOARCHIVELOG', destinations: 1 },
    databases: [],
    manual: 'cloudBackup',
  },
  {
    when: 'NOARCHIVELOG, native',
    facts: { database: [database({ log_mode: 'NOARCHIVELOG' })] },
    registered: { profile: 'native' },
    status: 'failed',
    findings: [
      { code: 'NOARCHIVELOG', on: 'instance ORCL', blocks: ['log'], degrades: ['full', 'incremental'] },
    ],
    readiness: { instance: { full: 'degraded', incremental: 'degraded', log: 'blocked', restore: 'ready' } },
    manual: 'rman',
  },
  {
    when: 'NOARCHIVELOG, only restore planned',
    facts: { database: [database({ log_mode: 'NOARCHIVELOG' })] },
    registered: { operations: ['restore'] },
    status: 'warning',
    findings: [{ code: 'NOARCHIVELOG', on: 'instance ORCL', blocks: backups }],
    manual: 'cloudBackup',
  },
  {
    when: 'NOARCHIVELOG, native, only full planned',
    facts: { database: [database({ log_mode: 'NOARCHIVELOG' })] },
    registered: { profile: 'native', operations: ['full'] },
    status: 'warning',
    findings: [
      { code: 'NOARCHIVELOG', on: 'instance ORCL', blocks: ['log'], degrades: ['full', 'incremental'] },
    ],
    manual: 'rman',
  },
  {
    when: 'MANUAL',
    facts: { database: [database({ log_mode: 'MANUAL' })] },
    status: 'warning',
    findings: [{ code: 'ARCHIVE_MANUAL', on: 'instance ORCL', degrades: backups }],
    manual: 'archivedLogs',
  },
  {
    when: 'a mode nobody knows',
    facts: { database: [database({ log_mode: 'SOMETIMES' })] },
    status: 'error',
    findings: [{ code: 'LOG_MODE_UNKNOWN', on: 'instance ORCL', obscures: backups }],
    manual: 'databaseView',
  },
  {
    when: 'NOARCHIVELOG, archiver STOPPED',
    facts: {
      instances: [instance({ archiver: 'STOPPED' })],
      database: [database({ log_mode: 'NOARCHIVELOG' })],
    },
    status: 'failed',
    findings: [{ code: 'NOARCHIVELOG', on: 'instance ORCL', blocks: backups }],
    manual: 'instanceView',
  },
  {
    when: 'ARCHIVELOG, destinations not readable',
    facts: { destinations: null },
    status: 'error',
    findings: [{ code: 'DESTINATIONS_UNREADABLE', on: 'instance ORCL', obscures: backups }],
    observed: { log_mode: 'ARCHIVELOG', destinations: null },
    databases: [],
    manual: 'destinationsView',
  },
  {
    when: 'a standby in NOARCHIVELOG',
    facts: { database: [database({ database_role: 'PHYSICAL STANDBY', log_mode: 'NOARCHIVELOG' })] },
    status: 'failed',
    findings: [{ code: 'NOARCHIVELOG', on: 'instance ORCL', blocks: backups }],
    manual: 'dataGuard',
  },
  {
    when: 'inside a PDB, NOARCHIVELOG',
    facts: { database: [database({ con_id: 3, log_mode: 'NOARCHIVELOG' })] },
    status: 'failed',
    findings: [{ code: 'NOARCHIVELOG', on: 'instance ORCL', blocks: backups }],
    manual: 'containerData',
  },
  {
    when: 'NOARCHIVELOG on a RAC',
    facts: { database: [database({ log_mode: 'NOARCHIVELOG' })], instances: cluster({}, {}) },
    status: 'failed',
    findings: [{ code: 'NOARCHIVELOG', on: 'instance ORCL', blocks: backups }],
    manual: 'racGuide',
  },
  {
    when: 'NOARCHIVELOG on a RAC of which one instance runs',
    facts: {
      database: [database({ log_mode: 'NOARCHIVELOG', db_unique_name: 'ORCL$HZ' })],
      instances: cluster({}),
    },
    status: 'failed',
    findings: [{ code: 'NOARCHIVELOG', on: 'instance ORCL', blocks: backups }],
    manual: 'racGuide',
  },
  {
    when: 'a logical standby in NOARCHIVELOG',
    facts: {
      database: [database({ database_role: 'LOGICAL STANDBY', log_mode: 'NOARCHIVELOG' })],
    },
    status: 'failed',
    findings: [{ code: 'NOARCHIVELOG', on: 'instance ORCL', blocks: backups }],
    manual: 'dataGuard',
  },
  {
    when: 'a logical standby in NOARCHIVELOG on a RAC',
    facts: {
      database: [database({ database_role: 'LOGICAL STANDBY', log_mode: 'NOARCHIVELOG' })],
      instances: cluster({}, {}),
    },
    status: 'failed',
    findings: [{ code: 'NOARCHIVELOG', on: 'instance ORCL', blocks: backups }],
    manual: 'racGuide',
  },
  {
    when: 'a snapshot standby in NOARCHIVELOG',
    facts: {
      database: [database({ database_role: 'SNAPSHOT STANDBY', log_mode: 'NOARCHIVELOG' })],
    },
    status: 'failed',
    findings: [{ code: 'NOARCHIVELOG', on: 'instance ORCL', blocks: backups }],
    manual: 'dataGuard',
  },
  {
    when: 'a physical standby in MANUAL',
    facts: {
      database: [database({ database_role: 'PHYSICAL STANDBY', log_mode: 'MANUAL' })],
    },
    status: 'warning',
    findings: [{ code: 'ARCHIVE_MANUAL', on: 'instance ORCL', degrades: backups }],
    manual: 'dataGuard',
  },
  {
    when: 'a far sync in NOARCHIVELOG, which nobody backs up',
    facts: {
      database: [database({ database_role: 'FAR SYNC', log_mode: 'NOARCHIVELOG' })],
    },
    status: 'passed',
    findings: [],
    manual: 'farSync',
  },
  {
    when: 'a true cache in NOARCHIVELOG, which nobody backs up',
    facts: {
      database: [database({ database_role: 'TRUE CACHE', log_mode: 'NOARCHIVELOG' })],
    },
    status: 'passed',
    findings: [],
    manual: 'trueCache',
  },
  {
    when: 'in a role nobody knows, NOARCHIVELOG',
    facts: {
      database: [database({ database_role: 'UNDERSTUDY', log_mode: 'NOARCHIVELOG' })],
    },
    status: 'failed',
    findings: [{ code: 'NOARCHIVELOG', on: 'instance ORCL', blocks: backups }],
    manual: 'databaseView',
  },
  {
    when: 'no container database, NOARCHIVELOG',
    facts: {
      database: [database({ cdb: 'NO', con_id: 0, log_mode: 'NOARCHIVELOG' })],
    },
    status: 'failed',
    findings: [{ code: 'NOARCHIVELOG', on: 'instance ORCL', blocks: backups }],
    manual: 'archivedLogs',
  },
  {
    when: 'no container database, NOARCHIVELOG on a RAC',
    facts: {
      database: [database({ cdb: 'NO', con_id: 0, log_mode: 'NOARCHIVELOG' })],
      instances: cluster({}, {}),
    },
    status: 'failed',
    findings: [{ code: 'NOARCHIVELOG', on: 'instance ORCL', blocks: backups }],
    manual: 'racGuide',
  },
  {
    when: 'MANUAL, native',
    facts: {
      database: [database({ log_mode: 'MANUAL' })],
    },
    registered: { profile: 'native' },
    status: 'warning',
    findings: [{ code: 'ARCHIVE_MANUAL', on: 'instance ORCL', degrades: backups }],
    manual: 'rman',
  },
]

/** In ARCHIVELOG mode: the archivers of the instances. */
const ofArchivers: readonly Row[] = [
  {
    when: 'ARCHIVELOG, archiver FAILED',
    facts: { instances: [instance({ archiver: 'FAILED' })] },
    status: 'failed',
    findings: [{ code: 'ARCHIVER_NOT_RUNNING', on: 'instance orcl1', blocks: backups }],
    manual: 'instanceView',
  },
  {
    when: 'ARCHIVELOG, archiver STOPPED',
    facts: { instances: [instance({ archiver: 'STOPPED' })] },
    status: 'failed',
    findings: [{ code: 'ARCHIVER_NOT_RUNNING', on: 'instance orcl1', blocks: backups }],
    manual: 'instanceView',
  },
  {
    when: 'ARCHIVELOG, an archiver nobody knows',
    facts: { instances: [instance({ archiver: 'DOZING' })] },
    status: 'error',
    findings: [{ code: 'ARCHIVER_UNKNOWN', on: 'instance orcl1', obscures: backups }],
    manual: 'instanceView',
  },
  {
    when: 'ARCHIVELOG, a log switch that waits for the archiver',
    facts: { instances: [instance({ log_switch_wait: 'ARCHIVE LOG' })] },
    status: 'warning',
    findings: [{ code: 'LOG_SWITCH_WAITS', on: 'instance orcl1', degrades: backups }],
    manual: 'instanceView',
  },
  {
    when: 'ARCHIVELOG, a log switch that waits for a checkpoint',
    facts: { instances: [instance({ log_switch_wait: 'CHECKPOINT' })] },
    status: 'passed',
    findings: [],
    manual: 'instanceView',
  },
  {
    when: 'ARCHIVELOG, the archiver of the second RAC instance FAILED',
    facts: { instances: cluster({}, { archiver: 'FAILED' }) },
    status: 'failed',
    findings: [{ code: 'ARCHIVER_NOT_RUNNING', on: 'instance orcl2', blocks: backups }],
    manual: 'instanceView',
  },
  {
    when: 'ARCHIVELOG, a second RAC instance in NOMOUNT',
    facts: { instances: cluster({}, { status: 'STARTED', archiver: 'STOPPED' }) },
    status: 'passed',
    findings: [],
    manual: 'racGuide',
  },
  {
    when: 'ARCHIVELOG, a second RAC instance in NOMOUNT, without destinations of its own',
    facts: {
      instances: cluster({}, { status: 'STARTED', archiver: 'STOPPED' }),
      destinations: [destination()],
    },
    status: 'passed',
    findings: [],
    manual: 'racGuide',
  },
  {
    when: 'ARCHIVELOG, a second RAC instance MOUNTED',
    facts: { instances: cluster({}, { status: 'MOUNTED', archiver: 'STOPPED' }) },
    status: 'passed',
    findings: [],
    manual: 'racGuide',
  },
  {
    when: 'ARCHIVELOG, the archiver of a MOUNTED physical standby STOPPED',
    facts: {
      instances: [instance({ status: 'MOUNTED', archiver: 'STOPPED' })],
      database: [database({ database_role: 'PHYSICAL STANDBY' })],
    },
    status: 'failed',
    findings: [{ code: 'ARCHIVER_NOT_RUNNING', on: 'instance orcl1', blocks: backups }],
    manual: 'dataGuard',
  },
  {
    when: 'ARCHIVELOG, in a role nobody knows, MOUNTED with the archiver STOPPED',
    facts: {
      instances: [instance({ status: 'MOUNTED', archiver: 'STOPPED' })],
      database: [database({ database_role: 'UNDERSTUDY' })],
    },
    status: 'failed',
    findings: [{ code: 'ARCHIVER_NOT_RUNNING', on: 'instance orcl1', blocks: backups }],
    manual: 'databaseView',
  },
  {
    when: 'ARCHIVELOG, a log switch that waits for a log to be cleared',
    facts: { instances: [instance({ log_switch_wait: 'CLEAR LOG' })] },
    status: 'passed',
    findings: [],
    manual: 'instanceView',
  },
  {
    when: 'ARCHIVELOG, a log switch that waits for what nobody knows',
    facts: { instances: [instance({ log_switch_wait: 'GODOT' })] },
    status: 'error',
    findings: [{ code: 'ARCHIVER_UNKNOWN', on: 'instance orcl1', obscures: backups }],
    manual: 'instanceView',
  },
  {
    when: 'ARCHIVELOG, a far sync whose archiver STOPPED',
    facts: {
      instances: [instance({ status: 'MOUNTED', archiver: 'STOPPED' })],
      database: [database({ database_role: 'FAR SYNC' })],
    },
    status: 'passed',
    findings: [],
    manual: 'farSync',
  },
]

/** In ARCHIVELOG mode: where the logs go. */
const ofDestinations: readonly Row[] = [
  {
    when: 'ARCHIVELOG without a destination',
    facts: { destinations: [] },
    status: 'failed',
    findings: [{ code: 'NO_VALID_DESTINATION', on: 'instance ORCL', blocks: backups }],
    manual: 'destinationsView',
  },
  {
    when: 'ARCHIVELOG, the only destination FULL',
    facts: { destinations: [destination({ status: 'FULL' })] },
    status: 'failed',
    findings: [
      { code: 'NO_VALID_DESTINATION', on: 'instance ORCL', blocks: backups },
      { code: 'MANDATORY_DESTINATION_BROKEN', on: 'instance ORCL LOG_ARCHIVE_DEST_1', blocks: backups },
    ],
    manual: 'destinationsView',
  },
  {
    when: 'ARCHIVELOG, a valid one only on the standby',
    facts: { destinations: [destination({ target: 'STANDBY' })] },
    status: 'failed',
    findings: [{ code: 'NO_VALID_DESTINATION', on: 'instance ORCL', blocks: backups }],
    manual: 'destinationsView',
  },
  {
    when: 'ARCHIVELOG, the destination called LOCAL',
    facts: { destinations: [destination({ target: 'LOCAL' })] },
    status: 'passed',
    findings: [],
    manual: 'destinationsView',
  },
  {
    when: 'ARCHIVELOG, a mandatory one in ERROR',
    facts: {
      destinations: [
        destination(),
        destination({ dest_name: 'LOG_ARCHIVE_DEST_2', status: 'ERROR', error: 'ORA-12541' }),
      ],
    },
    status: 'failed',
    findings: [
      { code: 'MANDATORY_DESTINATION_BROKEN', on: 'instance ORCL LOG_ARCHIVE_DEST_2', blocks: backups },
    ],
    manual: 'destinationsView',
  },
  {
    when: 'ARCHIVELOG, an optional one in ERROR',
    facts: {
      destinations: [
        destination(),
        destination({
          dest_name: 'LOG_ARCHIVE_DEST_2',
          status: 'ERROR',
          target: 'STANDBY',
          binding: 'OPTIONAL',
        }),
      ],
    },
    status: 'warning',
    findings: [
      { code: 'OPTIONAL_DESTINATION_BROKEN', on: 'instance ORCL LOG_ARCHIVE_DEST_2', degrades: backups },
    ],
    manual: 'destinationsView',
  },
  {
    when: 'ARCHIVELOG, an optional one with a BAD PARAM',
    facts: {
      destinations: [
        destination(),
        destination({ dest_name: 'LOG_ARCHIVE_DEST_3', status: 'BAD PARAM', binding: 'OPTIONAL' }),
      ],
    },
    status: 'warning',
    findings: [
      { code: 'OPTIONAL_DESTINATION_BROKEN', on: 'instance ORCL LOG_ARCHIVE_DEST_3', degrades: backups },
    ],
    manual: 'destinationsView',
  },
  {
    when: 'ARCHIVELOG, one DEFERRED by choice',
    facts: { destinations: [destination(), destination({ status: 'DEFERRED', binding: 'OPTIONAL' })] },
    status: 'passed',
    findings: [],
    manual: 'destinationsView',
  },
  {
    when: 'a standby without a local destination',
    facts: { database: [database({ database_role: 'PHYSICAL STANDBY' })], destinations: [] },
    status: 'passed',
    findings: [],
    manual: 'dataGuard',
  },
  {
    when: 'ARCHIVELOG, a destination in a status nobody knows',
    facts: {
      destinations: [destination(), destination({ dest_name: 'LOG_ARCHIVE_DEST_2', status: 'MISTY' })],
    },
    status: 'error',
    findings: [{ code: 'DESTINATION_UNKNOWN', on: 'instance ORCL LOG_ARCHIVE_DEST_2', obscures: backups }],
    manual: 'destinationsView',
  },
  {
    when: 'ARCHIVELOG, an alternate one at rest',
    facts: { destinations: [destination(), destination({ status: 'ALTERNATE', binding: 'OPTIONAL' })] },
    status: 'passed',
    findings: [],
    manual: 'destinationsView',
  },
  {
    when: 'ARCHIVELOG, an optional one DISABLED after an error',
    facts: {
      destinations: [
        destination(),
        destination({ dest_name: 'LOG_ARCHIVE_DEST_2', status: 'DISABLED', binding: 'OPTIONAL' }),
      ],
    },
    status: 'warning',
    findings: [
      { code: 'OPTIONAL_DESTINATION_BROKEN', on: 'instance ORCL LOG_ARCHIVE_DEST_2', degrades: backups },
    ],
    manual: 'destinationsView',
  },
  {
    when: 'a standby whose own mandatory destination is FULL',
    facts: {
      database: [database({ database_role: 'PHYSICAL STANDBY' })],
      destinations: [destination({ status: 'FULL', target: 'LOCAL', error: 'ORA-16038' })],
    },
    status: 'failed',
    findings: [
      { code: 'MANDATORY_DESTINATION_BROKEN', on: 'instance ORCL LOG_ARCHIVE_DEST_1', blocks: backups },
    ],
    manual: 'destinationsView',
  },
  {
    when: 'ARCHIVELOG, two optional ones in ERROR',
    facts: {
      destinations: [
        destination(),
        destination({
          dest_name: 'LOG_ARCHIVE_DEST_12',
          status: 'ERROR',
          binding: 'OPTIONAL',
          error: 'ORA-12541',
        }),
        destination({ dest_name: 'STANDBY_ARCHIVE_DEST', status: 'ERROR', binding: 'OPTIONAL' }),
      ],
    },
    status: 'warning',
    findings: [
      { code: 'OPTIONAL_DESTINATION_BROKEN', on: 'instance ORCL LOG_ARCHIVE_DEST_12', degrades: backups },
      { code: 'OPTIONAL_DESTINATION_BROKEN', on: 'instance ORCL STANDBY_ARCHIVE_DEST', degrades: backups },
    ],
    manual: 'destinationsView',
  },
  {
    when: 'ARCHIVELOG, one that never was set',
    facts: {
      destinations: [
        destination(),
        destination({ dest_name: 'LOG_ARCHIVE_DEST_2', status: 'INACTIVE', binding: 'OPTIONAL' }),
      ],
    },
    status: 'passed',
    findings: [],
    manual: 'destinationsView',
  },
  {
    when: 'a logical standby without a local destination',
    facts: { database: [database({ database_role: 'LOGICAL STANDBY' })], destinations: [] },
    status: 'failed',
    findings: [{ code: 'NO_VALID_DESTINATION', on: 'instance ORCL', blocks: backups }],
    manual: 'dataGuard',
  },
  {
    when: 'a logical standby with a local destination',
    facts: {
      database: [database({ database_role: 'LOGICAL STANDBY' })],
      destinations: [destination({ target: 'LOCAL' })],
    },
    status: 'passed',
    findings: [],
    manual: 'dataGuard',
  },
  {
    when: 'a logical standby with only a remote destination',
    facts: {
      database: [database({ database_role: 'LOGICAL STANDBY' })],
      destinations: [destination({ target: 'REMOTE' })],
    },
    status: 'failed',
    findings: [{ code: 'NO_VALID_DESTINATION', on: 'instance ORCL', blocks: backups }],
    manual: 'dataGuard',
  },
  {
    when: 'a snapshot standby without a local destination',
    facts: { database: [database({ database_role: 'SNAPSHOT STANDBY' })], destinations: [] },
    status: 'failed',
    findings: [{ code: 'NO_VALID_DESTINATION', on: 'instance ORCL', blocks: backups }],
    manual: 'dataGuard',
  },
  {
    when: 'a snapshot standby with a local destination',
    facts: {
      database: [database({ database_role: 'SNAPSHOT STANDBY' })],
      destinations: [destination({ target: 'LOCAL' })],
    },
    status: 'passed',
    findings: [],
    manual: 'dataGuard',
  },
  {
    when: 'a snapshot standby with only a remote destination',
    facts: {
      database: [database({ database_role: 'SNAPSHOT STANDBY' })],
      destinations: [destination({ target: 'REMOTE' })],
    },
    status: 'failed',
    findings: [{ code: 'NO_VALID_DESTINATION', on: 'instance ORCL', blocks: backups }],
    manual: 'dataGuard',
  },
  {
    when: 'in a role nobody knows, without a local destination',
    facts: { database: [database({ database_role: 'UNDERSTUDY' })], destinations: [] },
    status: 'failed',
    findings: [{ code: 'NO_VALID_DESTINATION', on: 'instance ORCL', blocks: backups }],
    manual: 'databaseView',
  },
  {
    when: 'a far sync without a local destination',
    facts: { database: [database({ database_role: 'FAR SYNC', open_mode: 'MOUNTED' })], destinations: [] },
    status: 'passed',
    findings: [],
    manual: 'farSync',
  },
  {
    when: 'a true cache without a local destination',
    facts: { database: [database({ database_role: 'TRUE CACHE' })], destinations: [] },
    status: 'passed',
    findings: [],
    manual: 'trueCache',
  },
  {
    when: 'RAC, ARCHIVELOG with a destination on each instance',
    facts: { instances: cluster({}, {}) },
    status: 'passed',
    findings: [],
    manual: 'racGuide',
  },
  {
    when: 'RAC, the second instance without a destination',
    facts: { instances: cluster({}, {}), destinations: [destination()] },
    status: 'failed',
    findings: [{ code: 'NO_VALID_DESTINATION', on: 'instance orcl2', blocks: backups }],
    manual: 'destinationsView',
  },
  {
    when: 'RAC, the only destination of the second instance FULL',
    facts: {
      instances: cluster({}, {}),
      destinations: [destination(), destination({ inst_id: 2, status: 'FULL' })],
    },
    status: 'failed',
    findings: [
      { code: 'NO_VALID_DESTINATION', on: 'instance orcl2', blocks: backups },
      { code: 'MANDATORY_DESTINATION_BROKEN', on: 'instance orcl2 LOG_ARCHIVE_DEST_1', blocks: backups },
    ],
    manual: 'destinationsView',
  },
  {
    when: 'RAC, an optional destination broken on one of two instances',
    facts: {
      instances: cluster({}, {}),
      destinations: [
        destination(),
        destination({ inst_id: 2 }),
        destination({
          inst_id: 2,
          dest_name: 'LOG_ARCHIVE_DEST_2',
          status: 'ERROR',
          binding: 'OPTIONAL',
          target: 'STANDBY',
        }),
      ],
    },
    status: 'warning',
    findings: [
      { code: 'OPTIONAL_DESTINATION_BROKEN', on: 'instance orcl2 LOG_ARCHIVE_DEST_2', degrades: backups },
    ],
    manual: 'destinationsView',
  },
  {
    when: 'RAC, a destination of an instance that is not mounted',
    facts: {
      instances: cluster({}, { status: 'STARTED' }),
      destinations: [destination(), destination({ inst_id: 2, status: 'ERROR' })],
    },
    status: 'passed',
    findings: [],
    manual: 'destinationsView',
  },
  {
    when: 'RAC, a destination of an instance that has gone since',
    facts: {
      instances: cluster({}),
      destinations: [destination(), destination({ inst_id: 2, status: 'ERROR' })],
    },
    status: 'failed',
    findings: [
      { code: 'MANDATORY_DESTINATION_BROKEN', on: 'instance instance 2 LOG_ARCHIVE_DEST_1', blocks: backups },
    ],
    manual: 'destinationsView',
  },
  {
    when: 'ARCHIVELOG, a destination in a status and of a binding nobody knows',
    facts: {
      destinations: [
        destination(),
        destination({ dest_name: 'LOG_ARCHIVE_DEST_2', status: 'MISTY', binding: 'LOOSE' }),
      ],
    },
    status: 'error',
    findings: [{ code: 'DESTINATION_UNKNOWN', on: 'instance ORCL LOG_ARCHIVE_DEST_2', obscures: backups }],
    manual: 'destinationsView',
  },
  {
    when: 'ARCHIVELOG, a destination of a target nobody knows',
    facts: {
      destinations: [destination(), destination({ dest_name: 'LOG_ARCHIVE_DEST_2', target: 'MOON' })],
    },
    status: 'error',
    findings: [{ code: 'DESTINATION_UNKNOWN', on: 'instance ORCL LOG_ARCHIVE_DEST_2', obscures: backups }],
    manual: 'destinationsView',
  },
  {
    when: 'ARCHIVELOG, DEFERRED is the only one',
    facts: { destinations: [destination({ status: 'DEFERRED' })] },
    status: 'failed',
    findings: [{ code: 'NO_VALID_DESTINATION', on: 'instance ORCL', blocks: backups }],
    manual: 'destinationsView',
  },
  {
    when: 'ARCHIVELOG, ALTERNATE is the only one',
    facts: { destinations: [destination({ status: 'ALTERNATE' })] },
    status: 'failed',
    findings: [{ code: 'NO_VALID_DESTINATION', on: 'instance ORCL', blocks: backups }],
    manual: 'destinationsView',
  },
]

const showsDestinations =
  "sqlplus: SELECT inst_id, dest_name, status, binding, error FROM gv$archive_dest WHERE status <> 'INACTIVE';"
const showDestinations = `online ${showsDestinations}`
const showsMode = 'sqlplus: SELECT name, log_mode FROM v$database;'

/** Refusals of the login that show that nothing is archived. */
const ofLogins: readonly Row[] = [
  {
    when: 'an ordinary login refused while the archiver is stuck (ORA-00257)',
    problem: { code: 'ORACLE_ARCHIVER_STUCK', params: { code: 'ORA-00257' } },
    status: 'failed',
    findings: [{ code: 'ARCHIVER_STUCK', on: 'instance db1', blocks: backups }],
    readiness: { instance: { full: 'blocked', incremental: 'blocked', log: 'blocked', restore: 'ready' } },
    manual: 'errorMessages',
  },
]

const details: readonly DetailRow[] = [
  {
    when: 'an ordinary login refused while the archiver is stuck (ORA-00257)',
    code: 'ARCHIVER_STUCK',
    on: 'instance db1',
    params: { code: 'ORA-00257' },
    observed: { connection: 'ORACLE_ARCHIVER_STUCK' },
    expected: { archiver: 'STARTED' },
    steps: [
      'online sqlplus: SELECT name, space_limit, space_used, space_reclaimable FROM v$recovery_file_dest;',
      showDestinations,
      'online manual',
      'online sqlplus: ALTER SYSTEM ARCHIVE LOG ALL;',
    ],
    verify: 'sqlplus: SELECT instance_name, archiver, log_switch_wait FROM gv$instance;',
    changes: { archiver: 'STARTED', log_switch_wait: null },
  },
  {
    when: 'NOARCHIVELOG',
    code: 'NOARCHIVELOG',
    on: 'instance ORCL',
    params: {},
    observed: { log_mode: 'NOARCHIVELOG' },
    expected: { log_mode: 'ARCHIVELOG' },
    steps: [
      'online manual',
      'downtime sqlplus: SHUTDOWN IMMEDIATE;',
      'downtime sqlplus: STARTUP MOUNT;',
      'downtime sqlplus: ALTER DATABASE ARCHIVELOG;',
      'online sqlplus: ALTER DATABASE OPEN;',
      'online sqlplus: ALTER PLUGGABLE DATABASE ALL OPEN INSTANCES = ALL;',
      'online sqlplus: ARCHIVE LOG LIST',
      'online rman: BACKUP DATABASE PLUS ARCHIVELOG;',
    ],
    verify: showsMode,
  },
  {
    when: 'MANUAL',
    code: 'ARCHIVE_MANUAL',
    on: 'instance ORCL',
    params: {},
    observed: { log_mode: 'MANUAL' },
    expected: { log_mode: 'ARCHIVELOG' },
    steps: [
      'online manual',
      'downtime sqlplus: SHUTDOWN IMMEDIATE;',
      'downtime sqlplus: STARTUP MOUNT;',
      'downtime sqlplus: ALTER DATABASE ARCHIVELOG;',
      'online sqlplus: ALTER DATABASE OPEN;',
      'online sqlplus: ALTER PLUGGABLE DATABASE ALL OPEN INSTANCES = ALL;',
      'online sqlplus: ARCHIVE LOG LIST',
    ],
    verify: showsMode,
  },
  {
    when: 'a mode nobody knows',
    code: 'LOG_MODE_UNKNOWN',
    on: 'instance ORCL',
    params: { mode: 'SOMETIMES' },
    observed: { log_mode: 'SOMETIMES' },
    expected: { log_mode: 'ARCHIVELOG' },
    steps: [],
  },
  {
    when: 'ARCHIVELOG, archiver FAILED',
    code: 'ARCHIVER_NOT_RUNNING',
    on: 'instance orcl1',
    params: { instance: 'orcl1', archiver: 'FAILED' },
    observed: { archiver: 'FAILED' },
    expected: { archiver: 'STARTED' },
    steps: [showDestinations, 'online manual', 'online sqlplus: ALTER SYSTEM ARCHIVE LOG ALL;'],
    verify: 'sqlplus: SELECT instance_name, archiver, log_switch_wait FROM gv$instance;',
  },
  {
    when: 'ARCHIVELOG without a destination',
    code: 'NO_VALID_DESTINATION',
    on: 'instance ORCL',
    params: { instance: 'ORCL' },
    observed: { valid_local_destinations: 0 },
    expected: { valid_local_destinations: '1 or more' },
    steps: [showDestinations, 'online manual', 'online manual'],
    verify: showsDestinations,
  },
  {
    when: 'ARCHIVELOG, the only destination FULL',
    code: 'MANDATORY_DESTINATION_BROKEN',
    on: 'instance ORCL LOG_ARCHIVE_DEST_1',
    params: { destination: 'LOG_ARCHIVE_DEST_1', status: 'FULL', error: '-' },
    observed: { status: 'FULL', binding: 'MANDATORY', target: 'PRIMARY', error: null },
    expected: { status: 'VALID' },
    steps: ['online manual', 'online sqlplus: ALTER SYSTEM SET log_archive_dest_state_1 = ENABLE;'],
    verify: showsDestinations,
    changes: { status: 'VALID', error: null },
  },
  {
    when: 'ARCHIVELOG, a mandatory one in ERROR',
    code: 'MANDATORY_DESTINATION_BROKEN',
    on: 'instance ORCL LOG_ARCHIVE_DEST_2',
    params: { destination: 'LOG_ARCHIVE_DEST_2', status: 'ERROR', error: 'ORA-12541' },
    observed: { status: 'ERROR', binding: 'MANDATORY', target: 'PRIMARY', error: 'ORA-12541' },
    expected: { status: 'VALID' },
    steps: ['online manual', 'online sqlplus: ALTER SYSTEM SET log_archive_dest_state_2 = ENABLE;'],
    verify: showsDestinations,
  },
  {
    when: 'ARCHIVELOG, an optional one in ERROR',
    code: 'OPTIONAL_DESTINATION_BROKEN',
    on: 'instance ORCL LOG_ARCHIVE_DEST_2',
    params: { destination: 'LOG_ARCHIVE_DEST_2', status: 'ERROR', error: '-' },
    observed: { status: 'ERROR', binding: 'OPTIONAL', target: 'STANDBY', error: null },
    expected: { status: 'VALID' },
    steps: ['online manual', 'online sqlplus: ALTER SYSTEM SET log_archive_dest_state_2 = ENABLE;'],
    verify: showsDestinations,
  },
  {
    when: 'ARCHIVELOG, an optional one with a BAD PARAM',
    code: 'OPTIONAL_DESTINATION_BROKEN',
    on: 'instance ORCL LOG_ARCHIVE_DEST_3',
    params: { destination: 'LOG_ARCHIVE_DEST_3', status: 'BAD PARAM', error: '-' },
    observed: { status: 'BAD PARAM', binding: 'OPTIONAL', target: 'PRIMARY', error: null },
    expected: { status: 'VALID' },
    steps: ['online manual', 'online sqlplus: ALTER SYSTEM SET log_archive_dest_state_3 = ENABLE;'],
    verify: showsDestinations,
  },
  {
    when: 'ARCHIVELOG, destinations not readable',
    code: 'DESTINATIONS_UNREADABLE',
    on: 'instance ORCL',
    params: {},
    observed: { readable: false },
    expected: { readable: true },
    steps: ['online sqlplus: GRANT SELECT ON SYS.GV_$ARCHIVE_DEST TO "PRECHECK";'],
    verify: showsDestinations,
  },
  {
    when: 'a standby in NOARCHIVELOG',
    code: 'NOARCHIVELOG',
    on: 'instance ORCL',
    params: {},
    observed: { log_mode: 'NOARCHIVELOG' },
    expected: { log_mode: 'ARCHIVELOG' },
    steps: ['downtime manual'],
    verify: showsMode,
  },
  {
    when: 'ARCHIVELOG, an archiver nobody knows',
    code: 'ARCHIVER_UNKNOWN',
    on: 'instance orcl1',
    params: { instance: 'orcl1', archiver: 'DOZING' },
    observed: { archiver: 'DOZING' },
    expected: { archiver: 'STARTED' },
    steps: [],
  },
  {
    when: 'ARCHIVELOG, a log switch that waits for the archiver',
    code: 'LOG_SWITCH_WAITS',
    on: 'instance orcl1',
    params: { instance: 'orcl1', archiver: 'STARTED' },
    observed: { log_switch_wait: 'ARCHIVE LOG' },
    expected: { log_switch_wait: null },
    steps: [showDestinations, 'online manual', 'online sqlplus: ALTER SYSTEM ARCHIVE LOG ALL;'],
    verify: 'sqlplus: SELECT instance_name, archiver, log_switch_wait FROM gv$instance;',
  },
  {
    when: 'ARCHIVELOG, a destination in a status nobody knows',
    code: 'DESTINATION_UNKNOWN',
    on: 'instance ORCL LOG_ARCHIVE_DEST_2',
    params: { destination: 'LOG_ARCHIVE_DEST_2', status: 'status = MISTY', error: '-' },
    observed: { status: 'MISTY', binding: 'MANDATORY', target: 'PRIMARY', error: null },
    expected: { status: 'VALID' },
    steps: [],
  },
  {
    when: 'NOARCHIVELOG on a RAC',
    code: 'NOARCHIVELOG',
    on: 'instance ORCL',
    params: {},
    observed: { log_mode: 'NOARCHIVELOG' },
    expected: { log_mode: 'ARCHIVELOG' },
    steps: [
      'online manual',
      "downtime bash: srvctl stop database -d 'ORCL_HZ'",
      "downtime bash: srvctl start database -d 'ORCL_HZ' -o mount",
      'downtime sqlplus: ALTER DATABASE ARCHIVELOG;',
      "downtime bash: srvctl stop database -d 'ORCL_HZ'",
      "online bash: srvctl start database -d 'ORCL_HZ'",
      'online sqlplus: ALTER PLUGGABLE DATABASE ALL OPEN INSTANCES = ALL;',
      'online sqlplus: ARCHIVE LOG LIST',
      'online rman: BACKUP DATABASE PLUS ARCHIVELOG;',
    ],
    verify: showsMode,
  },
  {
    when: 'NOARCHIVELOG on a RAC of which one instance runs',
    code: 'NOARCHIVELOG',
    on: 'instance ORCL',
    params: {},
    observed: { log_mode: 'NOARCHIVELOG' },
    expected: { log_mode: 'ARCHIVELOG' },
    steps: [
      'online manual',
      "downtime bash: srvctl stop database -d 'ORCL$HZ'",
      "downtime bash: srvctl start database -d 'ORCL$HZ' -o mount",
      'downtime sqlplus: ALTER DATABASE ARCHIVELOG;',
      "downtime bash: srvctl stop database -d 'ORCL$HZ'",
      "online bash: srvctl start database -d 'ORCL$HZ'",
      'online sqlplus: ALTER PLUGGABLE DATABASE ALL OPEN INSTANCES = ALL;',
      'online sqlplus: ARCHIVE LOG LIST',
      'online rman: BACKUP DATABASE PLUS ARCHIVELOG;',
    ],
    verify: showsMode,
  },
  {
    when: 'ARCHIVELOG, two optional ones in ERROR',
    code: 'OPTIONAL_DESTINATION_BROKEN',
    on: 'instance ORCL LOG_ARCHIVE_DEST_12',
    params: { destination: 'LOG_ARCHIVE_DEST_12', status: 'ERROR', error: 'ORA-12541' },
    observed: { status: 'ERROR', binding: 'OPTIONAL', target: 'PRIMARY', error: 'ORA-12541' },
    expected: { status: 'VALID' },
    steps: ['online manual', 'online sqlplus: ALTER SYSTEM SET log_archive_dest_state_12 = ENABLE;'],
    verify: showsDestinations,
  },
  {
    when: 'ARCHIVELOG, two optional ones in ERROR',
    code: 'OPTIONAL_DESTINATION_BROKEN',
    on: 'instance ORCL STANDBY_ARCHIVE_DEST',
    params: { destination: 'STANDBY_ARCHIVE_DEST', status: 'ERROR', error: '-' },
    observed: { status: 'ERROR', binding: 'OPTIONAL', target: 'PRIMARY', error: null },
    expected: { status: 'VALID' },
    steps: ['online manual'],
    verify: showsDestinations,
  },
  {
    when: 'a logical standby in NOARCHIVELOG',
    code: 'NOARCHIVELOG',
    on: 'instance ORCL',
    params: {},
    observed: { log_mode: 'NOARCHIVELOG' },
    expected: { log_mode: 'ARCHIVELOG' },
    steps: [
      'online manual',
      'online sqlplus: ALTER DATABASE STOP LOGICAL STANDBY APPLY;',
      'downtime sqlplus: SHUTDOWN IMMEDIATE;',
      'downtime sqlplus: STARTUP MOUNT;',
      'downtime sqlplus: ALTER DATABASE ARCHIVELOG;',
      'online sqlplus: ALTER DATABASE OPEN;',
      'online sqlplus: ALTER PLUGGABLE DATABASE ALL OPEN INSTANCES = ALL;',
      'online sqlplus: ALTER DATABASE START LOGICAL STANDBY APPLY IMMEDIATE;',
      'online sqlplus: ARCHIVE LOG LIST',
      'online rman: BACKUP DATABASE PLUS ARCHIVELOG;',
    ],
    verify: showsMode,
  },
  {
    when: 'a logical standby in NOARCHIVELOG on a RAC',
    code: 'NOARCHIVELOG',
    on: 'instance ORCL',
    params: {},
    observed: { log_mode: 'NOARCHIVELOG' },
    expected: { log_mode: 'ARCHIVELOG' },
    steps: [
      'online manual',
      'online sqlplus: ALTER DATABASE STOP LOGICAL STANDBY APPLY;',
      "downtime bash: srvctl stop database -d 'ORCL_HZ'",
      "downtime bash: srvctl start database -d 'ORCL_HZ' -o mount",
      'downtime sqlplus: ALTER DATABASE ARCHIVELOG;',
      "downtime bash: srvctl stop database -d 'ORCL_HZ'",
      "online bash: srvctl start database -d 'ORCL_HZ'",
      'online sqlplus: ALTER PLUGGABLE DATABASE ALL OPEN INSTANCES = ALL;',
      'online sqlplus: ALTER DATABASE START LOGICAL STANDBY APPLY IMMEDIATE;',
      'online sqlplus: ARCHIVE LOG LIST',
      'online rman: BACKUP DATABASE PLUS ARCHIVELOG;',
    ],
    verify: showsMode,
  },
  {
    when: 'no container database, NOARCHIVELOG',
    code: 'NOARCHIVELOG',
    on: 'instance ORCL',
    params: {},
    observed: { log_mode: 'NOARCHIVELOG' },
    expected: { log_mode: 'ARCHIVELOG' },
    steps: [
      'online manual',
      'downtime sqlplus: SHUTDOWN IMMEDIATE;',
      'downtime sqlplus: STARTUP MOUNT;',
      'downtime sqlplus: ALTER DATABASE ARCHIVELOG;',
      'online sqlplus: ALTER DATABASE OPEN;',
      'online sqlplus: ARCHIVE LOG LIST',
      'online rman: BACKUP DATABASE PLUS ARCHIVELOG;',
    ],
    verify: showsMode,
  },
  {
    when: 'no container database, NOARCHIVELOG on a RAC',
    code: 'NOARCHIVELOG',
    on: 'instance ORCL',
    params: {},
    observed: { log_mode: 'NOARCHIVELOG' },
    expected: { log_mode: 'ARCHIVELOG' },
    steps: [
      'online manual',
      "downtime bash: srvctl stop database -d 'ORCL_HZ'",
      "downtime bash: srvctl start database -d 'ORCL_HZ' -o mount",
      'downtime sqlplus: ALTER DATABASE ARCHIVELOG;',
      "downtime bash: srvctl stop database -d 'ORCL_HZ'",
      "online bash: srvctl start database -d 'ORCL_HZ'",
      'online sqlplus: ARCHIVE LOG LIST',
      'online rman: BACKUP DATABASE PLUS ARCHIVELOG;',
    ],
    verify: showsMode,
  },
  {
    when: 'in a role nobody knows, NOARCHIVELOG',
    code: 'NOARCHIVELOG',
    on: 'instance ORCL',
    params: {},
    observed: { log_mode: 'NOARCHIVELOG' },
    expected: { log_mode: 'ARCHIVELOG' },
    steps: [],
  },
  {
    when: 'RAC, the second instance without a destination',
    code: 'NO_VALID_DESTINATION',
    on: 'instance orcl2',
    params: { instance: 'orcl2' },
    observed: { valid_local_destinations: 0 },
    expected: { valid_local_destinations: '1 or more' },
    steps: [showDestinations, 'online manual', 'online manual'],
    verify: showsDestinations,
  },
  {
    when: 'ARCHIVELOG, a log switch that waits for what nobody knows',
    code: 'ARCHIVER_UNKNOWN',
    on: 'instance orcl1',
    params: { instance: 'orcl1', archiver: 'log_switch_wait = GODOT' },
    observed: { log_switch_wait: 'GODOT' },
    expected: { log_switch_wait: null },
    steps: [],
  },
  {
    when: 'ARCHIVELOG, a destination in a status and of a binding nobody knows',
    code: 'DESTINATION_UNKNOWN',
    on: 'instance ORCL LOG_ARCHIVE_DEST_2',
    params: { destination: 'LOG_ARCHIVE_DEST_2', status: 'status = MISTY, binding = LOOSE', error: '-' },
    observed: { status: 'MISTY', binding: 'LOOSE', target: 'PRIMARY', error: null },
    expected: { status: 'VALID' },
    steps: [],
  },
  {
    when: 'ARCHIVELOG, a destination of a target nobody knows',
    code: 'DESTINATION_UNKNOWN',
    on: 'instance ORCL LOG_ARCHIVE_DEST_2',
    params: { destination: 'LOG_ARCHIVE_DEST_2', status: 'target = MOON', error: '-' },
    observed: { status: 'VALID', binding: 'MANDATORY', target: 'MOON', error: null },
    expected: { status: 'VALID' },
    steps: [],
  },
]

describe('ARCHIVELOG', () => {
  testCheckItem({
    check,
    engine: 'oracle',
    answer: oracleFacts,
    manuals,
    affects: { 'cloud-backup': backups, native: backups },
    verdicts: [...ofModes, ...ofArchivers, ...ofDestinations, ...ofLogins],
    details,
  })

  testChanges({
    check,
    engine: 'oracle',
    answer: oracleFacts,
    verdicts: [...ofModes, ...ofArchivers, ...ofDestinations],
    isOf: isOfObject,
  })

  // LOG_ARCHIVE_DEST_n and LOG_ARCHIVE_DEST_STATE_n, Oracle Database Reference: n from 1 to 31.
  it.each(['MY_LOG_ARCHIVE_DEST_2', 'LOG_ARCHIVE_DEST_2_OLD', 'LOG_ARCHIVE_DEST_'])(
    'writes no command for a destination of a name that is not of that kind: %s',
    (dest_name) => {
      const broken = destination({ dest_name, status: 'ERROR', binding: 'OPTIONAL' })
      const answer = oracleFacts({ destinations: [destination(), broken] })
      const [finding] = judged(check, { answer }, contextFor('oracle')).findings
      expect(finding?.remediation?.steps.map(({ language }) => language)).toEqual(['manual'])
    },
  )

  it('takes instances for a cluster as soon as one of them is parallel', () => {
    const answer = oracleFacts({
      database: [database({ log_mode: 'NOARCHIVELOG' })],
      instances: cluster({ parallel: 'NO' }, {}),
    })
    const [finding] = judged(check, { answer }, contextFor('oracle')).findings
    expect(finding?.remediation?.steps.map(({ command }) => command).join()).toContain('srvctl stop database')
  })

  it('sends a standby in NOARCHIVELOG to its primary', () => {
    const standby = database({ database_role: 'PHYSICAL STANDBY', log_mode: 'NOARCHIVELOG' })
    const answer = oracleFacts({ database: [standby] })
    const [finding] = judged(check, { answer }, contextFor('oracle')).findings
    expect(finding?.remediation?.steps).toEqual([archiveSteps.setOnPrimary({})])
  })
})

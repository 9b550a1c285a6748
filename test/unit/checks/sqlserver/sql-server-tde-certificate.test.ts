import { describe } from 'vitest'
import check from '../../../../shared/checks/sqlserver/sql-server-tde-certificate.ts'
import { testChanges } from '../../../support/changes-table.ts'
import {
  type SqlServerFacts,
  condition,
  conditionsWithSales,
  database,
  inAvailabilityGroup,
  isOfObject,
  replicasOfSales,
  server,
  sqlServerFacts,
  systemDatabases,
  withSales,
} from '../../../support/facts/sqlserver.ts'
import { type DetailRow, type VerdictRow, testCheckItem } from '../../../support/verdict-table.ts'

const manuals = {
  tde: 'https://learn.microsoft.com/sql/relational-databases/security/encryption/transparent-data-encryption',
  keys: 'https://learn.microsoft.com/sql/relational-databases/system-dynamic-management-views/sys-dm-database-encryption-keys-transact-sql',
  certificates:
    'https://learn.microsoft.com/sql/relational-databases/system-catalog-views/sys-certificates-transact-sql',
  visibility:
    'https://learn.microsoft.com/sql/relational-databases/security/metadata-visibility-configuration',
  snapshots: 'https://learn.microsoft.com/sql/relational-databases/databases/database-snapshots-sql-server',
} as const
type Row = VerdictRow<Partial<SqlServerFacts>, keyof typeof manuals>

const on = 'database Sales'
const restore = ['restore'] as const
const notBackedUp = { code: 'CERTIFICATE_NOT_BACKED_UP', on, degrades: restore } as const
const changing = { code: 'ENCRYPTION_CHANGES', on } as const
const unknown = { code: 'ENCRYPTION_UNKNOWN', on, obscures: restore } as const
const hidden = { code: 'CERTIFICATE_UNKNOWN', on, obscures: restore } as const

const encrypted = {
  is_encrypted: true,
  encryption_state: 3,
  encryptor_type: 'CERTIFICATE',
  certificate: 'TdeCertificate',
  is_certificate_backed_up: 1,
  certificate_days_left: 400,
} as const
/** `Sales` encrypted by a certificate that was backed up, but for the changes. */
const salesEncrypted = (changes: Parameters<typeof condition>[0] = {}) => ({
  conditions: conditionsWithSales({ ...encrypted, ...changes }),
})
const neverBackedUp = { is_certificate_backed_up: 0 } as const

const verdicts: readonly Row[] = [
  {
    when: 'not encrypted',
    status: 'passed',
    findings: [],
    readiness: { Sales: { full: 'ready', restore: 'ready' } },
    databases: ['master', 'model', 'msdb', 'Sales'],
    excluded: { tempdb: 'TEMPDB' },
    manual: 'tde',
  },
  {
    when: 'encrypted, the certificate backed up',
    facts: salesEncrypted(),
    status: 'passed',
    findings: [],
    manual: 'tde',
  },
  {
    when: 'encrypted, the certificate never backed up',
    facts: salesEncrypted(neverBackedUp),
    status: 'warning',
    findings: [notBackedUp],
    readiness: { Sales: { full: 'ready', log: 'ready', restore: 'degraded' }, model: { restore: 'ready' } },
    manual: 'certificates',
  },
  {
    when: 'a certificate that expires in 15 days',
    facts: salesEncrypted({ certificate_days_left: 15 }),
    status: 'passed',
    findings: [],
    manual: 'tde',
  },
  {
    when: 'a certificate that expires in 14 days, which goes on working',
    facts: salesEncrypted({ certificate_days_left: 14 }),
    status: 'passed',
    findings: [{ code: 'CERTIFICATE_EXPIRES', on }],
    readiness: { Sales: { restore: 'ready' } },
    manual: 'tde',
  },
  {
    when: 'a certificate that expires today',
    facts: salesEncrypted({ certificate_days_left: 0 }),
    status: 'passed',
    findings: [{ code: 'CERTIFICATE_EXPIRES', on }],
    manual: 'tde',
  },
  {
    when: 'a certificate that has expired and was never backed up',
    facts: salesEncrypted({ certificate_days_left: -1, ...neverBackedUp }),
    status: 'warning',
    findings: [notBackedUp, { code: 'CERTIFICATE_EXPIRED', on }],
    manual: 'tde',
  },
  {
    when: 'a certificate of which nobody knows when it expires',
    facts: salesEncrypted({ certificate_days_left: null }),
    status: 'passed',
    findings: [],
    manual: 'certificates',
  },
  {
    when: 'a key of a provider',
    facts: salesEncrypted({
      encryptor_type: 'ASYMMETRIC KEY',
      certificate: null,
      is_certificate_backed_up: null,
      certificate_days_left: null,
    }),
    status: 'passed',
    findings: [{ code: 'KEY_IN_PROVIDER', on }],
    manual: 'tde',
  },
  ...[2, 4, 5, 6].map((encryption_state): Row => ({
    when: `encryption_state ${encryption_state}, which is a change in progress`,
    facts: salesEncrypted({ encryption_state }),
    status: 'passed',
    findings: [changing],
    manual: 'keys',
  })),
  {
    when: 'being encrypted, the certificate never backed up',
    facts: salesEncrypted({ is_encrypted: false, encryption_state: 2, ...neverBackedUp }),
    status: 'warning',
    findings: [changing, notBackedUp],
    manual: 'keys',
  },
  ...[0, 1].map((encryption_state): Row => ({
    when: `decrypted again: encryption_state ${encryption_state}`,
    facts: salesEncrypted({ is_encrypted: false, encryption_state, ...neverBackedUp }),
    status: 'passed',
    findings: [],
    manual: 'keys',
  })),
  {
    when: 'a state that no manual names',
    facts: salesEncrypted({ encryption_state: 7 }),
    status: 'error',
    findings: [unknown],
    readiness: { Sales: { full: 'ready', restore: 'unknown' } },
    manual: 'keys',
  },
  {
    when: 'encrypted and not open, so that its key is not shown',
    facts: salesEncrypted({ encryption_state: null, encryptor_type: null, certificate: null }),
    status: 'error',
    findings: [unknown],
    manual: 'keys',
  },
  {
    when: 'nobody knowing whether it is encrypted',
    facts: salesEncrypted({ is_encrypted: null }),
    status: 'error',
    findings: [unknown],
    manual: 'keys',
  },
  {
    when: 'encrypted by what no manual names',
    facts: salesEncrypted({ encryptor_type: 'PASSWORD' }),
    status: 'error',
    findings: [unknown],
    manual: 'keys',
  },
  {
    when: 'no row of a database',
    facts: { conditions: systemDatabases.map(({ database_id }) => condition({ database_id })) },
    status: 'error',
    findings: [unknown],
    manual: 'keys',
  },
  {
    when: 'a certificate that the login does not see',
    facts: {
      ...salesEncrypted({ certificate: null, is_certificate_backed_up: null, certificate_days_left: null }),
      server: [server({ view_any_definition: 0 })],
    },
    status: 'error',
    findings: [hidden],
    readiness: { Sales: { full: 'ready', restore: 'unknown' } },
    manual: 'visibility',
  },
  {
    when: 'a certificate of which nobody knows whether it was backed up',
    facts: salesEncrypted({ is_certificate_backed_up: null }),
    status: 'error',
    findings: [hidden],
    manual: 'certificates',
  },
  {
    when: 'AG primary, the certificate never backed up',
    facts: {
      databases: withSales(inAvailabilityGroup),
      replicas: replicasOfSales('PRIMARY'),
      ...salesEncrypted(neverBackedUp),
    },
    status: 'warning',
    findings: [notBackedUp],
    manual: 'certificates',
  },
  {
    when: 'AG secondary, whose certificate came from a file',
    facts: {
      databases: withSales(inAvailabilityGroup),
      replicas: replicasOfSales('SECONDARY'),
      ...salesEncrypted(neverBackedUp),
    },
    status: 'passed',
    findings: [],
    manual: 'certificates',
  },
  {
    when: 'AG replica of unknown role, the certificate never backed up',
    facts: {
      databases: withSales(inAvailabilityGroup),
      replicas: null,
      ...salesEncrypted(neverBackedUp),
    },
    status: 'warning',
    findings: [notBackedUp],
    manual: 'certificates',
  },
  {
    when: 'a snapshot of an encrypted database',
    facts: { databases: [...withSales(), database(6, 'Sales_snapshot', { source_database_id: 5 })] },
    status: 'passed',
    findings: [],
    excluded: { tempdb: 'TEMPDB', Sales_snapshot: 'SNAPSHOT' },
    manual: 'snapshots',
  },
  {
    when: 'a certificate without a name that was backed up',
    facts: salesEncrypted({ certificate: null }),
    status: 'error',
    findings: [hidden],
    manual: 'certificates',
  },
]

const verify =
  "tsql: SELECT name, pvt_key_last_backup_date, expiry_date FROM master.sys.certificates WHERE name = N'TdeCertificate';"

const details: readonly DetailRow[] = [
  {
    when: 'encrypted, the certificate never backed up',
    code: 'CERTIFICATE_NOT_BACKED_UP',
    on,
    params: { database: 'Sales', certificate: 'TdeCertificate' },
    observed: { certificate: 'TdeCertificate', is_certificate_backed_up: false },
    expected: { is_certificate_backed_up: true },
    steps: ['online manual'],
    verify,
  },
  {
    when: 'a certificate that expires in 14 days, which goes on working',
    code: 'CERTIFICATE_EXPIRES',
    on,
    params: { database: 'Sales', certificate: 'TdeCertificate', days: 14 },
    observed: { certificate_days_left: 14 },
    expected: {},
    steps: ['online manual'],
    verify,
  },
  {
    when: 'a certificate that has expired and was never backed up',
    code: 'CERTIFICATE_EXPIRED',
    on,
    params: { database: 'Sales', certificate: 'TdeCertificate' },
    observed: { certificate_days_left: -1 },
    expected: {},
    steps: ['online manual'],
    verify,
  },
  {
    when: 'a key of a provider',
    code: 'KEY_IN_PROVIDER',
    on,
    params: { database: 'Sales' },
    observed: { encryptor_type: 'ASYMMETRIC KEY' },
    expected: {},
    steps: [],
  },
  {
    when: 'encryption_state 2, which is a change in progress',
    code: 'ENCRYPTION_CHANGES',
    on,
    params: { database: 'Sales', state: 2 },
    observed: { encryption_state: 2 },
    expected: { encryption_state: 3 },
    steps: [],
  },
  {
    when: 'no row of a database',
    code: 'ENCRYPTION_UNKNOWN',
    on,
    params: { database: 'Sales', state: 'NULL, NULL, NULL' },
    observed: { is_encrypted: null, encryption_state: null, encryptor_type: null },
    expected: { is_encrypted: 'not NULL' },
    steps: [],
  },
  {
    when: 'encrypted by what no manual names',
    code: 'ENCRYPTION_UNKNOWN',
    on,
    params: { database: 'Sales', state: 'true, 3, PASSWORD' },
    observed: { is_encrypted: true, encryption_state: 3, encryptor_type: 'PASSWORD' },
    expected: { is_encrypted: 'not NULL' },
    steps: [],
  },
  {
    when: 'a certificate that the login does not see',
    code: 'CERTIFICATE_UNKNOWN',
    on,
    params: { database: 'Sales' },
    observed: { certificate: null, is_certificate_backed_up: null },
    expected: { is_certificate_backed_up: true },
    steps: ['online tsql: USE [master]; GRANT VIEW ANY DEFINITION TO [precheck];'],
    verify: "tsql: SELECT HAS_PERMS_BY_NAME(NULL, NULL, 'VIEW ANY DEFINITION');",
  },
  {
    when: 'a certificate of which nobody knows whether it was backed up',
    code: 'CERTIFICATE_UNKNOWN',
    on,
    params: { database: 'Sales' },
    observed: { certificate: 'TdeCertificate', is_certificate_backed_up: null },
    expected: { is_certificate_backed_up: true },
    steps: [],
  },
]

describe('SQL_SERVER_TDE_CERTIFICATE', () => {
  testCheckItem({
    check,
    engine: 'sqlserver',
    answer: sqlServerFacts,
    manuals,
    affects: { 'cloud-backup': restore, native: restore },
    verdicts,
    details,
    never: { failed: 'a certificate without a backup is a risk to a restore, and no backup fails for it' },
  })
  testChanges({
    check,
    engine: 'sqlserver',
    answer: sqlServerFacts,
    // Of a certificate that is not seen, or of which little is known, the steps only let the service see more.
    verdicts: verdicts.filter(({ findings }) =>
      findings.some(({ code }) => code === 'CERTIFICATE_NOT_BACKED_UP'),
    ),
    isOf: isOfObject,
  })
})

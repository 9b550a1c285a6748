import { describe, expect, it } from 'vitest'
import check from '../../../../shared/checks/mysql/mysql-version.ts'
import { compareVersions, productOf } from '../../../../shared/checks/mysql/product.ts'
import { contextFor, judged } from '../../../support/context.ts'
import { type MySqlFacts, mariaDb, mysqlFacts, settings } from '../../../support/facts/mysql.ts'
import { type DetailRow, type VerdictRow, all, testCheckItem } from '../../../support/verdict-table.ts'

const manuals = {
  mysql: 'https://www.oracle.com/us/assets/lifetime-support-technology-069183.pdf',
  mariadb: 'https://mariadb.org/about/#maintenance-policy',
  versions: 'https://www.alibabacloud.com/help/doc-detail/73336.htm',
  precheck:
    'https://help.aliyun.com/en/cloud-backup/user-guide/precheck-a-mysql-database-deployed-on-an-ecs-instance',
} as const
type Row = VerdictRow<Partial<MySqlFacts>, keyof typeof manuals>

const on = 'instance db1'
const ended = { code: 'SUPPORT_ENDED', on, degrades: all } as const
const ends = { code: 'SUPPORT_ENDS', on, degrades: all } as const
const unlisted = { code: 'NOT_OF_CLOUD_BACKUP', on, degrades: all } as const
const unknown = { code: 'VERSION_UNKNOWN', on, obscures: all } as const
const native = { profile: 'native' } as const
const shortTerm = { code: 'SHORT_TERM_SERIES', on, degrades: all } as const

const having = (changes: Parameters<typeof settings>[0]) => ({ settings: settings(changes) })

/** A day on which MySQL 8.0, which Cloud Backup lists, is in support. */
const in2025 = '2025-06-01T00:00:00Z'

const verdicts: readonly Row[] = [
  {
    when: 'MySQL 8.0.32 while it is in support',
    now: in2025,
    status: 'passed',
    findings: [],
    observed: {
      product: 'MySQL',
      version: '8.0.32',
      version_comment: 'MySQL Community Server - GPL',
      version_compile_os: 'Linux',
    },
    manual: 'versions',
  },
  {
    when: 'MySQL 8.0.32 after its support, under the profile of Cloud Backup',
    status: 'passed',
    findings: [{ code: 'SUPPORT_ENDED', on }],
    readiness: { instance: { full: 'ready', incremental: 'ready', log: 'ready', restore: 'ready' } },
    manual: 'versions',
  },
  {
    when: 'MySQL 8.0 after its support, natively',
    registered: native,
    status: 'warning',
    findings: [ended],
    readiness: { instance: { full: 'degraded', restore: 'degraded' } },
    manual: 'mysql',
  },
  {
    when: 'MySQL 8.0, the last day of its support, natively',
    registered: native,
    now: '2026-04-30T23:59:59Z',
    status: 'warning',
    findings: [ends],
    manual: 'mysql',
  },
  {
    when: 'MySQL 8.0, the day after its support, natively',
    registered: native,
    now: '2026-05-01T00:00:00Z',
    status: 'warning',
    findings: [ended],
    manual: 'mysql',
  },
  {
    when: 'MySQL 8.0, 14 days before its support ends, natively',
    registered: native,
    now: '2026-04-16T00:00:00Z',
    status: 'warning',
    findings: [ends],
    manual: 'mysql',
  },
  {
    when: 'MySQL 8.0, 15 days before its support ends, natively',
    registered: native,
    now: '2026-04-15T23:59:59Z',
    status: 'passed',
    findings: [],
    manual: 'mysql',
  },
  {
    when: 'MySQL 5.1.38, the oldest of Cloud Backup',
    facts: having({ version: '5.1.38-log' }),
    status: 'passed',
    findings: [{ code: 'SHORT_TERM_SERIES', on }],
    readiness: { instance: { full: 'ready', incremental: 'ready', log: 'ready', restore: 'ready' } },
    manual: 'versions',
  },
  {
    when: 'MySQL 5.1.37',
    facts: having({ version: '5.1.37' }),
    status: 'warning',
    findings: [unlisted, { code: 'SHORT_TERM_SERIES', on }],
    manual: 'versions',
  },
  ...(['5.5.62', '5.6.51', '5.7.44-log', '5.7.44-48-57-log'] as const).map((version): Row => ({
    when: `MySQL ${version} natively`,
    facts: having({ version }),
    registered: native,
    status: 'warning',
    findings: [ended],
    manual: 'mysql',
  })),
  {
    when: 'MySQL 8.0.33 under the profile of Cloud Backup',
    facts: having({ version: '8.0.33' }),
    now: in2025,
    status: 'warning',
    findings: [unlisted],
    readiness: {
      instance: { full: 'degraded', incremental: 'degraded', log: 'degraded', restore: 'degraded' },
    },
    manual: 'versions',
  },
  {
    when: 'MySQL 8.4 natively',
    facts: having({ version: '8.4.6' }),
    registered: native,
    status: 'passed',
    findings: [],
    readiness: { instance: { full: 'ready', incremental: 'ready', log: 'ready', restore: 'ready' } },
    manual: 'mysql',
  },
  {
    when: 'MySQL 8.3, an innovation release, natively',
    facts: having({ version: '8.3.0' }),
    registered: native,
    status: 'warning',
    findings: [shortTerm],
    manual: 'mysql',
  },
  {
    when: 'MySQL 9.7 natively',
    facts: having({ version: '9.7.0' }),
    registered: native,
    status: 'passed',
    findings: [{ code: 'VERSION_NOT_LISTED', on }],
    manual: 'mysql',
  },
  {
    when: 'MariaDB 10.11 natively',
    facts: having(mariaDb('10.11.19')),
    registered: native,
    status: 'passed',
    findings: [],
    observed: {
      product: 'MariaDB',
      version: '10.11.19-MariaDB-log',
      version_comment: 'MariaDB Server',
      version_compile_os: 'debian-linux-gnu',
    },
    manual: 'mariadb',
  },
  {
    when: 'MariaDB 10.11 under the profile of Cloud Backup',
    facts: having(mariaDb('10.11.19')),
    status: 'warning',
    findings: [unlisted],
    manual: 'versions',
  },
  ...(['10.1.48', '10.2.44', '10.3.39', '10.4.34', '10.5.29', '10.6.22'] as const).map((version): Row => ({
    when: `MariaDB ${version} natively`,
    facts: having(mariaDb(version)),
    registered: native,
    status: 'warning',
    findings: [ended],
    manual: 'mariadb',
  })),
  ...(['11.4.8', '11.8.3'] as const).map((version): Row => ({
    when: `MariaDB ${version} natively`,
    facts: having(mariaDb(version)),
    registered: native,
    status: 'passed',
    findings: [],
    manual: 'mariadb',
  })),
  {
    when: 'MariaDB 11.2 natively',
    facts: having(mariaDb('11.2.6')),
    registered: native,
    status: 'warning',
    findings: [shortTerm],
    manual: 'mariadb',
  },
  {
    when: 'MariaDB 12.3 natively',
    facts: having(mariaDb('12.3.1')),
    registered: native,
    status: 'passed',
    findings: [{ code: 'VERSION_NOT_LISTED', on }],
    manual: 'mariadb',
  },
  {
    when: 'Windows under the profile of Cloud Backup',
    facts: having({ version_compile_os: 'Win64' }),
    now: in2025,
    status: 'failed',
    findings: [{ code: 'WINDOWS', on, blocks: all }],
    readiness: { instance: { full: 'blocked', restore: 'blocked' } },
    manual: 'precheck',
  },
  {
    when: 'Windows natively',
    facts: having({ version_compile_os: 'Win64' }),
    now: in2025,
    registered: native,
    status: 'passed',
    findings: [],
    manual: 'precheck',
  },
  {
    when: 'a server that does not say its system',
    facts: having({ version_compile_os: undefined }),
    now: in2025,
    status: 'error',
    findings: [{ code: 'OS_UNKNOWN', on, obscures: all }],
    manual: 'precheck',
  },
  {
    when: 'TiDB, which says that it is MySQL',
    facts: having({ version: '8.0.11-TiDB-v8.5.0' }),
    status: 'error',
    findings: [unknown],
    readiness: { instance: { full: 'unknown', restore: 'unknown' } },
    manual: 'mysql',
  },
  {
    when: 'a version that is not known',
    facts: having({ version: null }),
    status: 'error',
    findings: [unknown],
    manual: 'mysql',
  },
  {
    when: 'MariaDB 5.5, whose number Cloud Backup lists for MySQL',
    facts: having(mariaDb('5.5.68')),
    status: 'warning',
    findings: [unlisted, { code: 'SHORT_TERM_SERIES', on }],
    manual: 'versions',
  },
  {
    when: 'MariaDB 10.9 natively, whose minor number is above that of the newest series',
    facts: having(mariaDb('10.9.8')),
    registered: native,
    status: 'warning',
    findings: [shortTerm],
    manual: 'mariadb',
  },
  {
    when: 'a later series of the same major number natively',
    facts: having(mariaDb('11.9.1')),
    registered: native,
    status: 'passed',
    findings: [{ code: 'VERSION_NOT_LISTED', on }],
    manual: 'mariadb',
  },
  {
    when: 'a system whose name is empty',
    facts: having({ version_compile_os: '' }),
    now: in2025,
    status: 'error',
    findings: [{ code: 'OS_UNKNOWN', on, obscures: all }],
    manual: 'precheck',
  },
  {
    when: 'a system that has the name of Windows in its own',
    facts: having({ version_compile_os: 'darwin' }),
    now: in2025,
    status: 'passed',
    findings: [],
    manual: 'precheck',
  },
]

const verify = "mysql: SHOW GLOBAL VARIABLES LIKE 'version%';"
const supported = { version: 'of a series in support' }

const details: readonly DetailRow[] = [
  {
    when: 'MySQL 8.0 after its support, natively',
    code: 'SUPPORT_ENDED',
    on,
    params: { product: 'MySQL', version: '8.0.32', end: '2026-04-30' },
    observed: { version: '8.0.32' },
    expected: supported,
    steps: ['downtime manual'],
    verify,
  },
  {
    when: 'MySQL 8.0, the last day of its support, natively',
    code: 'SUPPORT_ENDS',
    on,
    params: { product: 'MySQL', version: '8.0.32', end: '2026-04-30' },
    observed: { version: '8.0.32' },
    expected: supported,
    steps: ['downtime manual'],
    verify,
  },
  {
    when: 'MariaDB 11.2 natively',
    code: 'SHORT_TERM_SERIES',
    on,
    params: { product: 'MariaDB', version: '11.2.6' },
    observed: { version: '11.2.6-MariaDB-log' },
    expected: supported,
    steps: ['downtime manual'],
    verify,
  },
  {
    when: 'MariaDB 12.3 natively',
    code: 'VERSION_NOT_LISTED',
    on,
    params: { product: 'MariaDB', version: '12.3.1' },
    observed: { version: '12.3.1-MariaDB-log' },
    expected: supported,
    steps: [],
  },
  {
    when: 'MySQL 8.0.33 under the profile of Cloud Backup',
    code: 'NOT_OF_CLOUD_BACKUP',
    on,
    params: { product: 'MySQL', version: '8.0.33' },
    observed: { version: '8.0.33' },
    expected: { version: 'MySQL 5.1.38 to 8.0.32' },
    steps: ['downtime manual'],
    verify,
  },
  {
    when: 'Windows under the profile of Cloud Backup',
    code: 'WINDOWS',
    on,
    params: { os: 'Win64' },
    observed: { version_compile_os: 'Win64' },
    expected: { version_compile_os: 'Linux' },
    steps: ['downtime manual'],
    verify,
  },
  {
    when: 'a server that does not say its system',
    code: 'OS_UNKNOWN',
    on,
    params: {},
    observed: { version_compile_os: null },
    expected: { version_compile_os: 'Linux' },
    steps: [],
  },
  {
    when: 'a version that is not known',
    code: 'VERSION_UNKNOWN',
    on,
    params: { version: 'NULL' },
    observed: { version: null },
    expected: supported,
    steps: [],
  },
]

describe('MYSQL_VERSION', () => {
  testCheckItem({
    check,
    engine: 'mysql',
    answer: mysqlFacts,
    manuals,
    affects: { 'cloud-backup': all, native: all },
    verdicts,
    details,
  })
})

const resultOf = (changes: Parameters<typeof settings>[0]) =>
  judged(check, { answer: mysqlFacts(having(changes)) }, contextFor('mysql'))

describe('who a MySQL server is', () => {
  // "server_uuid", MySQL reference manual: MariaDB has none.
  it.each([
    ['its server_uuid', '3e11fa47-71ca-11e1-9e33-c80aa9429562', '3e11fa47-71ca-11e1-9e33-c80aa9429562'],
    ['nothing where it has none', undefined, null],
    ['nothing where that is no UUID', 'db1', null],
    ['nothing where more than a UUID is there', '3e11fa47-71ca-11e1-9e33-c80aa9429562-1', null],
  ])('is told by %s', (_what, server_uuid, id) => {
    expect(resultOf({ server_uuid }).identities).toMatchObject({
      instance: { name: null, id, fork: null },
      type: 'database',
      // Its databases are not looked at.
      isWhole: false,
      count: 0,
      databases: [],
    })
  })
})

describe('settings', () => {
  it('without a version are those of no server', () => {
    expect(resultOf({ version: undefined })).toMatchObject({
      status: 'error',
      reason: { code: 'UNEXPECTED_ANSWER' },
      findings: [],
    })
  })
})

describe('a version', () => {
  it.each([
    ['8.4.6', 'MySQL 8.4.6 of 8.4'],
    ['8.0.36-28', 'MySQL 8.0.36 of 8.0'],
    ['10.11.19-MariaDB-0+deb12u1-log', 'MariaDB 10.11.19 of 10.11'],
    ['5.5.5-10.4.34-MariaDB', 'MariaDB 10.4.34 of 10.4'],
    ['5.5.62', 'MySQL 5.5.62 of 5.5'],
  ])('%s is %s', (text, expected) => {
    const product = productOf(text)
    expect(`${product?.name} ${product?.version} of ${product?.series}`).toBe(expected)
  })

  it.each([
    null,
    '',
    'x',
    '8.4',
    '8.4.',
    'v8.0.32',
    'MariaDB',
    '5.7.25-OceanBase-v4',
    '8.0.11-TiDB-v8',
    '8.0.12345',
  ])('%s is that of no product', (text) => expect(productOf(text)).toBeNull())

  it('is compared by its numbers', () => {
    expect(compareVersions([8, 0, 9], [8, 0, 32])).toBeLessThan(0)
    expect(compareVersions([8, 1, 0], [8, 0, 32])).toBeGreaterThan(0)
    expect(compareVersions([8, 0, 32], [8, 0, 32])).toBe(0)
  })
})

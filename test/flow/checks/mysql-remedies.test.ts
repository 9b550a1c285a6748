import { chmodSync, mkdirSync, rmSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { mysqlProbe } from '../../../shared/adapters/mysql/mysql-probe.ts'
import { checksFor } from '../../../shared/checks/catalogue.ts'
import { mysql } from '../../../shared/checks/mysql/engine.ts'
import type { StepText } from '../../../shared/checks/framework/define-step.ts'
import { mysqlClient } from '../../../shared/checks/mysql/languages.ts'
import { allSteps } from '../../../shared/checks/step-catalogue.ts'
import { validateLogin } from '../../../shared/flows/logins/validate-login.ts'
import type { Finding } from '../../../shared/model/finding.ts'
import type { Thresholds } from '../../../shared/model/thresholds.ts'
import { contextFor, definitionOf, judged } from '../../support/context.ts'
import {
  type MySqlFacts,
  accountsWith,
  mysqlFacts,
  replica,
  settings as settingsOf,
} from '../../support/facts/mysql.ts'
import { backupAccount, makeAccounts, precheckAccount } from '../../support/mariadb/accounts.ts'
import {
  type MariaDb,
  type MariaDbs,
  hasMariaDb,
  mariaDbPackages,
  mariaDbs,
} from '../../support/mariadb/instance.ts'
import { precheck } from '../../support/mariadb/precheck.ts'

/**
 * Every remediation, as an administrator runs it: the state is made on a real server and prechecked, the commands are
 * typed into the client of MariaDB, what is done by hand is done, and a second precheck no longer finds it.
 */

const backup = `'${backupAccount.user}'@'%'`
const login = `'${precheckAccount.user}'@'%'`

interface Case {
  readonly code: string
  readonly make: (server: MariaDb) => void | Promise<void>
  /** What its steps by hand come to; `printed`: what the commands before have printed. */
  readonly byHand?: (server: MariaDb, printed: string) => void | Promise<void>
  readonly thresholds?: Partial<Thresholds>
  /** The same state as MySQL says it: the commands that it is told are run, which MariaDB takes too. */
  readonly onMySql?: Partial<MySqlFacts>
  /** What is left behind that is not for the remediation to take away. */
  readonly clean?: (server: MariaDb) => void
}

const run =
  (sql: string) =>
  (server: MariaDb): void =>
    void server.run(sql)

const inSession =
  (...statements: readonly string[]) =>
  async (server: MariaDb): Promise<void> => {
    const session = await server.session()
    for (const sql of statements) await session.query(sql)
  }

/** InnoDB shows the transactions of a moment ago as long as it is asked more often than every 100 ms. */
const unhurried = { interval: 150 }

const until = async (server: MariaDb, sql: string): Promise<void> => {
  await expect.poll(() => Number(server.run(sql)), unhurried).toBeGreaterThan(0)
}

const waitingSession = async (server: MariaDb): Promise<void> => {
  await inSession('START TRANSACTION', "INSERT INTO shop.orders (what) VALUES ('open')")(server)
  const session = await server.session()
  session.query('ALTER TABLE shop.orders ADD COLUMN more INT').catch(() => undefined)
  await until(server, "SELECT COUNT(*) FROM information_schema.processlist WHERE state LIKE 'Waiting for%'")
}

const convertPrinted = (server: MariaDb, printed: string): void =>
  void server.run(
    printed
      .split('\n')
      .filter((line) => line.startsWith('ALTER TABLE'))
      .join('\n'),
  )

/** How many sources the server is connected to. */
const followed =
  "SELECT COUNT(*) FROM information_schema.processlist WHERE command = 'Slave_IO' AND state LIKE 'Waiting for master%'"

const cases: readonly Case[] = [
  { code: 'LOCKS_NOT_SHOWN', make: () => undefined },
  {
    code: 'RIGHTS_MISSING',
    make: run(
      `REVOKE SELECT, SHOW VIEW, TRIGGER, EVENT, RELOAD, PROCESS, BINLOG MONITOR, REPLICATION SLAVE ON *.* FROM ${backup}`,
    ),
  },
  {
    code: 'ACCOUNT_MISSING',
    make: run(`DROP USER ${backup}`),
    byHand: run(
      `CREATE USER ${backup} IDENTIFIED BY '${backupAccount.password}'; GRANT ALL ON *.* TO ${backup}`,
    ),
  },
  { code: 'ACCOUNT_LOCKED', make: run(`ALTER USER ${backup} ACCOUNT LOCK`) },
  {
    code: 'PASSWORD_EXPIRED',
    make: run(`ALTER USER ${backup} PASSWORD EXPIRE`),
    byHand: run(`ALTER USER ${backup} IDENTIFIED BY 'another-password'`),
  },
  { code: 'PASSWORD_EXPIRES', make: run(`ALTER USER ${backup} PASSWORD EXPIRE INTERVAL 10 DAY`) },
  { code: 'OWN_PASSWORD_EXPIRES', make: run(`ALTER USER ${login} PASSWORD EXPIRE INTERVAL 10 DAY`) },
  { code: 'TABLES_HIDDEN', make: run(`REVOKE SELECT ON *.* FROM ${login}`) },
  { code: 'TABLES_UNSEEN', make: run(`REVOKE SELECT ON *.* FROM ${login}`) },
  { code: 'ACCOUNTS_HIDDEN', make: run(`REVOKE SELECT ON *.* FROM ${login}`) },
  { code: 'ACTIVITY_HIDDEN', make: run(`REVOKE PROCESS ON *.* FROM ${login}`) },
  { code: 'ENCRYPTION_UNKNOWN', make: run(`REVOKE PROCESS ON *.* FROM ${login}`) },
  { code: 'FILES_UNKNOWN', make: run(`REVOKE PROCESS ON *.* FROM ${login}`) },
  { code: 'LOGS_UNREADABLE', make: run(`REVOKE BINLOG MONITOR ON *.* FROM ${login}`) },
  { code: 'ROLE_UNKNOWN', make: run(`REVOKE SLAVE MONITOR ON *.* FROM ${login}`) },
  { code: 'RETENTION_SHORT', make: run('SET GLOBAL binlog_expire_logs_seconds = 60') },
  { code: 'RETENTION_TIGHT', make: run('SET GLOBAL binlog_expire_logs_seconds = 3600') },
  { code: 'NEVER_PURGED', make: run('SET GLOBAL binlog_expire_logs_seconds = 0') },
  {
    code: 'NEVER_PURGED',
    make: run('SET GLOBAL binlog_expire_logs_seconds = 0'),
    onMySql: { settings: settingsOf({ version: '5.7.44', binlog_expire_logs_seconds: undefined }) },
  },
  { code: 'STATEMENT_FORMAT', make: run("SET GLOBAL binlog_format = 'STATEMENT'") },
  { code: 'BINLOG_NOT_SYNCED', make: run('SET GLOBAL sync_binlog = 0') },
  { code: 'REDO_NOT_FLUSHED', make: run('SET GLOBAL innodb_flush_log_at_trx_commit = 2') },
  {
    code: 'LOG_FILE_LOST',
    make: async (server) => {
      const newest = (): string => server.run('SHOW MASTER STATUS').split('\t')[0] ?? ''
      const lost = newest()
      server.run('FLUSH BINARY LOGS')
      // What a crash would be mended from is not purged, and the next file says when that begins with itself.
      await expect
        .poll(() => server.run(`SHOW BINLOG EVENTS IN '${newest()}'`), unhurried)
        .toMatch(new RegExp(`Binlog_checkpoint.*${newest()}$`, 'm'))
      rmSync(join(server.data, lost))
    },
  },
  {
    code: 'NOT_TRANSACTIONAL',
    make: run(
      'CREATE TABLE shop.old (id INT) ENGINE=MyISAM; CREATE TABLE shop.`o``d"d` (id INT) ENGINE=Aria',
    ),
    byHand: convertPrinted,
  },
  {
    code: 'WITHOUT_ROWS',
    make: run('CREATE TABLE shop.fleeting (id INT) ENGINE=MEMORY'),
    byHand: convertPrinted,
  },
  {
    code: 'VERSIONED',
    make: run('CREATE TABLE shop.prices (id INT) WITH SYSTEM VERSIONING'),
    byHand: run('ALTER TABLE shop.prices DROP SYSTEM VERSIONING'),
  },
  {
    code: 'ENGINE_MISSING',
    make: (server) => {
      server.run(
        "INSTALL SONAME 'ha_archive'; CREATE TABLE shop.past (id INT) ENGINE=ARCHIVE; INSERT INTO shop.past VALUES (1)",
      )
      server.run("FLUSH TABLES; UNINSTALL SONAME 'ha_archive'")
    },
    byHand: run("INSTALL SONAME 'ha_archive'"),
    clean: run('DROP TABLE shop.past'),
  },
  {
    code: 'VIEW_INVALID',
    make: run(
      'CREATE TABLE shop.short (id INT); CREATE VIEW shop.broken AS SELECT * FROM shop.short; DROP TABLE shop.short',
    ),
  },
  {
    code: 'VIEWS_WITHOUT_DEFINER',
    make: run(
      "CREATE DEFINER='gone'@'APP.Example' VIEW shop.lonely AS SELECT * FROM shop.orders; CREATE DEFINER='nobody'@'%' SQL SECURITY INVOKER VIEW shop.invoked AS SELECT * FROM shop.orders",
    ),
    byHand: (_server, printed) => expect(printed).toBe('lonely\tgone@app.example\n'),
    clean: run("DROP VIEW shop.lonely, shop.invoked; DROP USER 'gone'@'app.example'"),
  },
  {
    code: 'VIEWS_WITHOUT_DEFINER',
    make: run(
      'CREATE ROLE reports; CREATE DEFINER=reports VIEW shop.of_role AS SELECT * FROM shop.orders; DROP ROLE reports',
    ),
    clean: run('DROP VIEW shop.of_role; DROP ROLE reports'),
  },
  {
    code: 'PROGRAMS_WITHOUT_DEFINER',
    make: run(
      "CREATE DEFINER='gone'@'%' PROCEDURE shop.run_once() SELECT 1; CREATE DEFINER='gone'@'%' TRIGGER shop.before_order BEFORE INSERT ON shop.orders FOR EACH ROW SET @seen = 1; CREATE DEFINER='gone'@'%' EVENT shop.nightly ON SCHEDULE EVERY 1 DAY DO SELECT 1",
    ),
    byHand: (_server, printed) => expect(printed).toMatch(/run_once[^]*before_order[^]*nightly\tgone@%/),
    clean: run(
      "DROP PROCEDURE shop.run_once; DROP TRIGGER shop.before_order; DROP EVENT shop.nightly; DROP USER 'gone'@'%'",
    ),
  },
  { code: 'DEFINERS_HIDDEN', make: run(`REVOKE EVENT ON *.* FROM ${login}`) },
  { code: 'DEFINERS_HIDDEN', make: run(`REVOKE TRIGGER ON *.* FROM ${login}`) },
  {
    code: 'FILES_OUTSIDE',
    make: (server) => {
      const elsewhere = join(server.data, '..', 'elsewhere')
      mkdirSync(elsewhere)
      // The server is another user.
      chmodSync(elsewhere, 0o777)
      server.run(
        `CREATE TABLE shop.away (id INT PRIMARY KEY) DATA DIRECTORY='${elsewhere}'; CREATE TABLE shop.parts (id INT) PARTITION BY LIST (id) (PARTITION a VALUES IN (1) DATA DIRECTORY='${elsewhere}', PARTITION b VALUES IN (2))`,
      )
    },
    byHand: (server, printed) => {
      expect(printed).toMatch(/shop\/away\t.*shop\/away\.ibd/)
      expect(printed).toMatch(/shop\/parts#P#a\t/)
      server.run(
        'CREATE TABLE shop.anew LIKE shop.away; INSERT INTO shop.anew SELECT * FROM shop.away; RENAME TABLE shop.away TO shop.away_before, shop.anew TO shop.away; DROP TABLE shop.away_before; ALTER TABLE shop.parts REMOVE PARTITIONING',
      )
    },
    clean: run('DROP TABLE shop.away, shop.parts'),
  },
  {
    code: 'TABLE_BROKEN',
    make: async (server) => {
      server.run(
        'CREATE TABLE shop.hurt (id INT PRIMARY KEY) ENGINE=MyISAM; INSERT INTO shop.hurt VALUES (1), (2)',
      )
      await server.stopFor(() => truncateSync(join(server.data, 'shop/hurt.MYI'), 100))
    },
    clean: run('DROP TABLE shop.hurt'),
  },
  { code: 'LOCK_AWAITED', make: waitingSession },
  {
    code: 'LONG_TRANSACTION',
    thresholds: { openTransactionMaxMinutes: 0 },
    make: async (server) => {
      const session = await server.session()
      await session.query('START TRANSACTION')
      await session.query("INSERT INTO shop.orders (what) VALUES ('open')")
      const own = `trx_mysql_thread_id = ${session.threadId}`
      await until(
        server,
        `SELECT COUNT(*) FROM information_schema.INNODB_TRX WHERE ${own} AND trx_started < NOW()`,
      )
    },
  },
  {
    code: 'PREPARED_TRANSACTIONS',
    make: async (server) => {
      const session = await server.session()
      for (const sql of [
        "XA START 'left'",
        "INSERT INTO shop.orders (what) VALUES ('prepared')",
        "XA END 'left'",
      ])
        await session.query(sql)
      await session.query("XA PREPARE 'left'")
      await session.end()
      await until(server, 'SELECT COUNT(*) FROM information_schema.INNODB_TRX WHERE trx_mysql_thread_id = 0')
    },
    byHand: run("XA ROLLBACK 'left'"),
  },
  { code: 'TABLE_LOCKED', make: inSession('LOCK TABLES shop.orders WRITE') },
  { code: 'BACKUP_LOCK_HELD', make: inSession('BACKUP STAGE START') },
  { code: 'PACKET_SMALL', make: run('SET GLOBAL max_allowed_packet = 1048576') },
  {
    code: 'CONNECTIONS_USED',
    make: async (server) => {
      for (let count = 0; count < 8; count += 1) await server.session()
      server.run('SET GLOBAL max_connections = 10')
    },
  },
  {
    code: 'REPLICATION_STOPPED',
    make: async (server) => {
      const source = await dbs.start(['--log-bin=binlog', '--server-id=2'])
      source.run("CREATE USER follower@'%' IDENTIFIED BY 'f'; GRANT REPLICATION SLAVE ON *.* TO follower@'%'")
      server.run(
        `CHANGE MASTER TO MASTER_HOST='127.0.0.1', MASTER_PORT=${source.port}, MASTER_USER='follower', MASTER_PASSWORD='f'`,
      )
    },
    byHand: (server) => until(server, followed),
  },
  {
    code: 'REPLICATION_STOPPED',
    make: run('STOP ALL SLAVES'),
    onMySql: {
      slaves: null,
      replicas: [replica({ replica_io_running: 'No', replica_sql_running: 'No' })],
    },
    byHand: (server) => until(server, followed),
  },
  {
    code: 'UPDATES_NOT_LOGGED',
    make: () => undefined,
    byHand: (server) => server.restart([...settings, '--log-slave-updates']),
    clean: run('STOP ALL SLAVES; RESET SLAVE ALL'),
  },
  {
    code: 'LOG_FILTERED',
    make: (server) => server.restart([...settings, '--binlog-ignore-db=shop']),
    byHand: (server) => server.restart(settings),
  },
  {
    code: 'BINLOG_OFF',
    make: (server) => server.restart([]),
    byHand: (server) => server.restart(settings),
  },
]

const settings = [
  '--log-bin=binlog',
  '--binlog-format=ROW',
  '--sync-binlog=1',
  '--expire-logs-days=7',
  '--server-id=1',
]
let dbs: MariaDbs
let server: MariaDb

/** Steps that were typed into the client. */
const executed = new Set<string>()

const findingsOf = async (code: string, thresholds?: Partial<Thresholds>): Promise<Finding[]> => {
  const { results } = await precheck(server, thresholds)
  return results.flatMap(({ findings }) => findings.filter(({ message }) => message.code === code))
}

/** What a MySQL in that state would be told. */
const toldOnMySql = (code: string, facts: Partial<MySqlFacts>): Finding[] => {
  const context = contextFor('mysql', { profile: 'native', backupAccount: backupAccount.user })
  return checksFor('mysql')
    .filter(({ engine }) => engine === 'mysql')
    .flatMap((check) => judged(check, { answer: mysqlFacts(facts) }, context).findings)
    .filter(({ message }) => message.code === code)
}

/**
 * Runs the steps in their order, those by hand after what is before them has printed its part, and the query that shows
 * that they helped.
 */
const follow = async ({ remediation }: Finding, { byHand }: Case): Promise<void> => {
  let printed = ''
  let isDone = false
  for (const { language, command, message } of remediation?.steps ?? []) {
    if (command !== null && language === mysqlClient.name) {
      printed += server.run(command)
      executed.add(message.code)
    } else if (!isDone) {
      isDone = true
      await byHand?.(server, printed)
    }
  }
  if (!isDone) await byHand?.(server, printed)
  if (remediation?.verify) server.run(remediation.verify.query)
}

beforeAll(() => {
  if (hasMariaDb) dbs = mariaDbs()
})
afterAll(async () => {
  if (hasMariaDb) await dbs.end()
})

describe.skipIf(!hasMariaDb)(`remediations, run on MariaDB (${mariaDbPackages})`, () => {
  beforeAll(async () => {
    server = await dbs.start(settings)
    server.run(
      'CREATE DATABASE shop; CREATE TABLE shop.orders (id INT PRIMARY KEY AUTO_INCREMENT, what VARCHAR(99))',
    )
    makeAccounts(server)
  })

  afterEach(() => server.endSessions())

  it.each(cases.map((each) => [each.code, each.onMySql ? 'MySQL' : 'MariaDB', each] as const))(
    'end %s, as %s is told to',
    async (code, _, each) => {
      await each.make(server)
      const found = await findingsOf(code, each.thresholds)
      expect(found[0]?.remediation?.steps.length).toBeGreaterThan(0)
      for (const finding of each.onMySql ? toldOnMySql(code, each.onMySql) : found)
        await follow(finding, each)
      await expect
        .poll(
          async () => (await findingsOf(code, each.thresholds)).map(({ observed }) => observed),
          unhurried,
        )
        .toEqual([])
      each.clean?.(server)
    },
    60_000,
  )

  it('are run whole: no command of any step was left out', () => {
    const own = [...new Set(allSteps)].filter(({ code }) => code.startsWith('mysql.'))
    const left = own.filter((step) => isCommand(step) && !executed.has(step.code))
    expect(left.map(({ code }) => code)).toEqual([])
  })
})

/** Steps by hand have no command whatever they are made from. */
const isCommand = (step: StepText): boolean => {
  const params = {
    login: 'l',
    privilege: 'p',
    statement: 's',
    account: 'a',
    user: 'a',
    host: '%',
    rights: 'SELECT',
    seconds: '1',
    days: '1',
    file: 'f',
  }
  const more = { database: 'd', table: 't', id: '1', bytes: '1', count: '1', path: '/' }
  const make = step as unknown as (params: object) => { readonly command: string | null }
  return make({ ...params, ...more }).command !== null
}

const secrets = { resolve: async () => ({ value: precheckAccount.password }) }

const validate = async () => {
  const definition = definitionOf('mysql', {
    checks: { set: 'deep' },
    connection: {
      host: '127.0.0.1',
      port: server.port,
      tls: { mode: 'off' },
      credential: { username: precheckAccount.user, password: 'env:PRECHECK_SECRET_X' },
    },
  })
  const message = await validateLogin(
    {
      probes: { databases: { mysql: mysqlProbe(null) } },
      secrets,
      steady: { ms: () => performance.now() },
    } as never,
    {
      kind: 'validate',
      validationId: 'v1',
      target: { instanceId: 'db1', definition },
      limitMs: 20_000,
    } as never,
  )
  if (message.kind !== 'validation') throw new Error('expected a validation')
  return message.result
}

const privileges = Object.entries(mysql.privileges)

describe.skipIf(!hasMariaDb)(`grants, run on MariaDB (${mariaDbPackages})`, () => {
  beforeAll(async () => {
    server = await dbs.start(settings)
    makeAccounts(server)
  })

  it('of everything leave nothing missing', async () => {
    server.run(`REVOKE ALL PRIVILEGES, GRANT OPTION FROM ${login}`)
    const before = await validate()
    expect(before.problem).toBeNull()
    expect([...before.missing, ...(before.missingBeyond ?? [])].sort()).toEqual(
      Object.keys(mysql.privileges).sort(),
    )
    for (const [, { grants }] of privileges) server.run(grants(precheckAccount.user).join('\n'))
    expect(await validate()).toEqual({ problem: null, missing: [] })
  })

  it.each(privileges)('of %s alone are found missing, and mend that', async (name, { grants }) => {
    const rights = name === 'REPLICATION CLIENT' ? 'SLAVE MONITOR' : name
    server.run(`REVOKE ${rights} ON *.* FROM ${login}`)
    expect((await validate()).missingBeyond).toContain(name)
    server.run(grants(precheckAccount.user).join('\n'))
    expect(await validate()).toEqual({ problem: null, missing: [] })
  })

  // Of the rights that backup accounts are granted, MySQL 8 alone has this one; the others are run above.
  it('of BACKUP_ADMIN are nothing that MariaDB can run', () => {
    const [found] = toldOnMySql('BACKUP_ADMIN_MISSING', { accounts: accountsWith({ backup_admin: 0 }) })
    const [command] = (found?.remediation?.steps ?? []).map((step) => step.command)
    expect(command).toBe(`GRANT BACKUP_ADMIN ON *.* TO ${backup};`)
    expect(() => server.run(command ?? '')).toThrow('ERROR 1064')
  })
})

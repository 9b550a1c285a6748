import { chmodSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { join } from 'node:path'
import { backupAccount } from './accounts.ts'
import { type MariaDb, type MariaDbs, ready } from './instance.ts'
import type { State } from './proof.ts'

const account = `'${backupAccount.user}'@'%'`

const changed = (name: string, sql: string): State => ({
  name,
  make: async (server) => void server.run(sql),
})

const without = (right: string): State =>
  changed(`the backup account without ${right}`, `REVOKE ${right} ON *.* FROM ${account}`)

/** Runs it and does not wait for its end, which may never come. */
const started = async (server: MariaDb, sql: string): Promise<void> => {
  const session = await server.session()
  session.query(sql).catch(() => undefined)
}

/** Waits until a session of the server waits for a lock. */
const untilWaiting = async (server: MariaDb): Promise<void> => {
  const waits = "SELECT COUNT(*) FROM information_schema.processlist WHERE state LIKE 'Waiting for%lock%'"
  while (Number(server.run(waits)) === 0) await sleep(50)
}

/** Purges the first binary log, which the server keeps until what it has is on disk. */
const purge = async (server: MariaDb): Promise<void> => {
  server.run('FLUSH BINARY LOGS')
  do {
    server.run("PURGE BINARY LOGS TO 'binlog.000002'")
    await sleep(50)
  } while (server.run('SHOW BINARY LOGS').includes('binlog.000001'))
}

/** Makes a server follow another one, which has a row more then. */
const follow = async (server: MariaDb, dbs: MariaDbs): Promise<MariaDb> => {
  const source = await dbs.start([...ready, '--server-id=2', '--gtid-domain-id=2'])
  source.run(
    "CREATE USER 'follower'@'%' IDENTIFIED BY 'follower'; GRANT REPLICATION SLAVE ON *.* TO 'follower'@'%'",
  )
  source.run(
    'CREATE DATABASE branch; CREATE TABLE branch.sales (id INT PRIMARY KEY); INSERT INTO branch.sales VALUES (1)',
  )
  server.run(
    `CHANGE MASTER TO MASTER_HOST='127.0.0.1', MASTER_PORT=${source.port}, MASTER_USER='follower', MASTER_PASSWORD='follower', MASTER_LOG_FILE='binlog.000001', MASTER_LOG_POS=4; START SLAVE`,
  )
  await untilHas(server, 1)
  return source
}

/** Waits until the replica has so many rows of its source. */
const untilHas = async (server: MariaDb, rows: number): Promise<void> => {
  const count = (): number => {
    try {
      return Number(server.run('SELECT COUNT(*) FROM branch.sales'))
    } catch {
      return 0
    }
  }
  while (count() < rows) await sleep(50)
}

/** Settings of a server with keys of its own, which are not in its data. */
const encrypted = (folder: string): string[] => {
  const keys = join(folder, 'keys.txt')
  writeFileSync(keys, `1;${'a7'.repeat(32)}\n`)
  return [
    '--plugin-load-add=file_key_management',
    `--file-key-management-filename=${keys}`,
    '--innodb-encrypt-tables=ON',
    '--innodb-default-encryption-key-id=1',
  ]
}

/** Every state that is tried, the healthy ones first. */
export const states: readonly State[] = [
  { name: 'ready for everything' },
  changed('read-only', 'SET GLOBAL read_only = ON'),
  { name: 'row image MINIMAL', settings: ['--binlog-row-image=MINIMAL'] },
  {
    name: 'binary log format MIXED',
    settings: ['--binlog-format=MIXED'],
    make: async (server, { remember }) => {
      server.run('INSERT INTO shop.orders (what) VALUES (UUID())')
      remember()
    },
  },
  {
    name: 'a new binary log begun since the last backup',
    make: async (server, { remember }) => {
      server.run("FLUSH BINARY LOGS; INSERT INTO shop.orders (what) VALUES ('in the second file')")
      remember()
    },
  },
  { name: 'no binary log', instead: ['--plugin-load-add=metadata_lock_info'] },
  {
    name: 'binary log format STATEMENT',
    settings: ['--binlog-format=STATEMENT'],
    make: async (server, { remember }) => {
      server.run('INSERT INTO shop.orders (what) VALUES (UUID())')
      remember()
    },
  },
  {
    name: 'a database left out of the binary log',
    settings: ['--binlog-ignore-db=shop'],
  },
  {
    name: 'a binary log file removed by hand',
    make: async (server, { remember }) => {
      server.run("FLUSH BINARY LOGS; INSERT INTO shop.orders (what) VALUES ('after')")
      remember()
      rmSync(join(server.data, 'binlog.000001'))
    },
  },
  {
    name: 'a binary log missing from the index',
    make: async (server, { remember }) => {
      server.run("FLUSH BINARY LOGS; INSERT INTO shop.orders (what) VALUES ('in the second file')")
      server.run("FLUSH BINARY LOGS; INSERT INTO shop.orders (what) VALUES ('in the third file')")
      remember()
      const index = join(server.data, 'binlog.index')
      const shortened = (text: string): string => text.replace('./binlog.000002\n', '')
      await server.stopFor(() => writeFileSync(index, shortened(readFileSync(index, 'utf8'))))
    },
  },
  {
    name: 'binary logs kept for a minute',
    settings: ['--binlog-expire-logs-seconds=60'],
    // What a minute would do.
    make: purge,
  },
  ...[
    'SELECT',
    'SHOW VIEW',
    'TRIGGER',
    'EVENT',
    'RELOAD',
    'PROCESS',
    'BINLOG MONITOR',
    'REPLICATION SLAVE',
    'LOCK TABLES',
  ].map(without),
  changed('the backup account locked', `ALTER USER ${account} ACCOUNT LOCK`),
  changed('the password of the backup account expired', `ALTER USER ${account} PASSWORD EXPIRE`),
  changed(
    'a view and a procedure whose definers do not exist',
    "CREATE DEFINER='gone'@'%' VIEW shop.lonely AS SELECT 1 AS one; CREATE DEFINER='gone'@'%' PROCEDURE shop.alone() SELECT 1",
  ),
  changed('no backup account', `DROP USER ${account}`),
  changed(
    'rights of the backup account by a role that is not its default',
    `CREATE ROLE tools; GRANT SELECT, SHOW VIEW, TRIGGER, EVENT, RELOAD, PROCESS, LOCK TABLES, BINLOG MONITOR, REPLICATION SLAVE ON *.* TO tools; GRANT tools TO ${account}; REVOKE SELECT, SHOW VIEW, TRIGGER, EVENT, RELOAD, PROCESS, LOCK TABLES, BINLOG MONITOR, REPLICATION SLAVE ON *.* FROM ${account}`,
  ),
  {
    name: 'a table whose file is gone',
    make: async (server, { remember }) => {
      server.run('CREATE TABLE shop.gone (id INT PRIMARY KEY); INSERT INTO shop.gone VALUES (1)')
      remember()
      await server.stopFor(() => rmSync(join(server.data, 'shop/gone.ibd')))
    },
  },
  {
    name: 'a MyISAM table with a damaged index',
    make: async (server, { remember }) => {
      server.run(
        'CREATE TABLE shop.old (id INT PRIMARY KEY) ENGINE=MyISAM; INSERT INTO shop.old VALUES (1), (2)',
      )
      remember()
      await server.stopFor(() => truncateSync(join(server.data, 'shop/old.MYI'), 100))
    },
  },
  {
    name: 'a table of an engine that is not there',
    make: async (server, { remember }) => {
      server.run(
        "INSTALL SONAME 'ha_archive'; CREATE TABLE shop.past (id INT) ENGINE=ARCHIVE; INSERT INTO shop.past VALUES (1)",
      )
      remember()
      server.run("FLUSH TABLES; UNINSTALL SONAME 'ha_archive'")
    },
  },
  changed(
    'a view of a table that is not there',
    'CREATE TABLE shop.short (id INT); CREATE VIEW shop.broken AS SELECT * FROM shop.short; DROP TABLE shop.short',
  ),
  {
    name: 'a table in memory',
    make: async (server, { remember }) => {
      server.run('CREATE TABLE shop.fleeting (id INT) ENGINE=MEMORY; INSERT INTO shop.fleeting VALUES (1)')
      remember()
    },
  },
  {
    name: 'a MyISAM table',
    make: async (server, { remember }) => {
      server.run('CREATE TABLE shop.old (id INT) ENGINE=MyISAM; INSERT INTO shop.old VALUES (1)')
      remember()
    },
  },
  {
    name: 'a versioned table with history',
    make: async (server, { remember }) => {
      server.run(
        'CREATE TABLE shop.prices (id INT PRIMARY KEY, price INT) WITH SYSTEM VERSIONING; INSERT INTO shop.prices VALUES (1, 1); UPDATE shop.prices SET price = 2',
      )
      remember()
    },
  },
  {
    name: 'an open transaction',
    make: async (server) => {
      const session = await server.session()
      await session.query('START TRANSACTION')
      await session.query("INSERT INTO shop.log (what) VALUES ('not committed')")
    },
  },
  {
    name: 'an ALTER TABLE that waits for a transaction',
    make: async (server) => {
      const session = await server.session()
      await session.query('START TRANSACTION')
      await session.query("INSERT INTO shop.log (what) VALUES ('not committed')")
      await started(server, 'ALTER TABLE shop.log ADD COLUMN more INT')
      await untilWaiting(server)
    },
  },
  {
    name: 'a table locked for writing',
    make: async (server) => {
      await (await server.session()).query('LOCK TABLES shop.orders WRITE')
    },
  },
  {
    name: 'a table locked for reading',
    make: async (server) => {
      await (await server.session()).query('LOCK TABLES shop.orders READ')
    },
  },
  {
    name: 'a backup stage held by an idle session',
    make: async (server) => {
      await (await server.session()).query('BACKUP STAGE START')
    },
  },
  {
    name: 'a global read lock held by an idle session',
    make: async (server) => {
      await (await server.session()).query('FLUSH TABLES WITH READ LOCK')
    },
  },
  {
    name: 'a transaction prepared and left',
    make: async (server) => {
      const session = await server.session()
      for (const sql of [
        "XA START 'left'",
        "INSERT INTO shop.log (what) VALUES ('prepared')",
        "XA END 'left'",
        "XA PREPARE 'left'",
      ])
        await session.query(sql)
      await session.end()
    },
  },
  {
    name: 'all connections used',
    settings: ['--max-connections=10', '--extra-max-connections=1'],
    make: async (server) => {
      for (let count = 0; count < 10; count += 1)
        await server.session('backup', backupAccount.password).catch(() => undefined)
    },
  },
  {
    name: 'tables encrypted, restored without their key',
    settings: encrypted,
  },
  {
    name: 'a table outside the data directory, restored on the same host',
    make: async (server, { remember }) => {
      const elsewhere = join(server.data, '..', 'elsewhere')
      mkdirSync(elsewhere)
      // The server is another user.
      chmodSync(elsewhere, 0o777)
      server.run(
        `CREATE TABLE shop.away (id INT PRIMARY KEY) DATA DIRECTORY='${elsewhere}'; INSERT INTO shop.away VALUES (1)`,
      )
      remember()
    },
  },
  {
    name: 'packets of a megabyte at most, and a larger row',
    target: ['--max-allowed-packet=1M'],
    make: async (server, { remember }) => {
      server.run(
        "CREATE TABLE shop.letters (id INT PRIMARY KEY, what LONGTEXT); INSERT INTO shop.letters VALUES (1, REPEAT('x', 3000000))",
      )
      remember()
      server.run('SET GLOBAL max_allowed_packet = 1048576')
    },
  },
  {
    name: 'a replica that logs what it receives',
    settings: ['--log-slave-updates'],
    make: async (server, { dbs, remember }) => {
      await follow(server, dbs)
      remember()
    },
  },
  {
    name: 'a replica that does not log what it receives',
    make: async (server, { dbs, remember }) => {
      await follow(server, dbs)
      remember()
    },
  },
  {
    name: 'a replica that has stopped',
    settings: ['--log-slave-updates'],
    make: async (server, { dbs, remember }) => {
      const source = await follow(server, dbs)
      remember()
      server.run('STOP SLAVE SQL_THREAD')
      source.run('INSERT INTO branch.sales VALUES (2)')
    },
  },
  {
    ...changed(
      'the backup account takes TLS alone, and the tools come without',
      `ALTER USER ${account} REQUIRE SSL`,
    ),
    blind: 'MYSQL_BACKUP_RIGHTS',
  },
  {
    name: 'a table that lost its definition',
    blind: 'MYSQL_TABLES_BROKEN',
    make: async (server, { remember }) => {
      server.run('CREATE TABLE shop.lost (id INT PRIMARY KEY); INSERT INTO shop.lost VALUES (1)')
      remember()
      await server.stopFor(() => rmSync(join(server.data, 'shop/lost.frm')))
    },
  },
  {
    name: 'a table whose tablespace was discarded',
    blind: 'MYSQL_TABLES_BROKEN',
    make: async (server, { remember }) => {
      server.run('CREATE TABLE shop.empty (id INT PRIMARY KEY); INSERT INTO shop.empty VALUES (1)')
      remember()
      server.run('ALTER TABLE shop.empty DISCARD TABLESPACE')
    },
  },
  {
    name: 'a binary log purged before it was backed up',
    blind: 'MYSQL_BINLOG_GAPS',
    make: purge,
  },
  {
    name: 'the binary log begun anew since the last backup',
    blind: 'MYSQL_BINLOG_GAPS',
    make: async (server, { remember }) => {
      server.run("RESET MASTER; INSERT INTO shop.orders (what) VALUES ('after the reset')")
      remember()
    },
  },
  {
    name: 'a session that writes past the binary log',
    blind: 'MYSQL_BINLOG_FORMAT',
    make: async (server, { remember }) => {
      server.run("SET sql_log_bin = 0; INSERT INTO shop.orders (what) VALUES ('unseen')")
      remember()
    },
  },
  {
    name: 'a table locked for writing, and no plugin that shows it',
    instead: ready.filter((setting) => !setting.includes('metadata_lock_info')),
    blind: 'MYSQL_BACKUP_LOCKS',
    make: async (server) => {
      await (await server.session()).query('LOCK TABLES shop.orders WRITE')
    },
  },
]

import { type Privilege, defineEngine } from '../framework/define-engine.ts'
import { partsOf } from './account-name.ts'
import { mysqlClient } from './languages.ts'
import { mysqlNumbers, mysqlProblems } from './problems.ts'
import { quoteString } from './quote.ts'
import { roleWords } from './roles.ts'
import { yes } from './grant-tables.ts'

const quotedAccount = (account: string): string => {
  const { user, host } = partsOf(account)
  return `${quoteString(user)}@${quoteString(host)}`
}

/** Where the account is not known: that which takes logins from everywhere, whose host may have to be put in. */
const granting =
  (rights: string): Privilege['grants'] =>
  (login, account = `${login}@%`) => [`GRANT ${rights} ON *.* TO ${quotedAccount(account)};`]

/** A right of the login over the whole server, its own or that of its role. */
const ofServer = (right: string, column: string): Privilege => ({
  probe: `SELECT COUNT(*) > 0 AS held FROM mysql.user AS u WHERE u.${column} = ${yes}
  AND (CONCAT(u.User, '@', u.Host) = CURRENT_USER() /*M! OR (u.is_role = ${yes} AND u.User = CURRENT_ROLE()) */)`,
  grants: granting(right),
})

/**
 * MySQL and MariaDB: one protocol and most statements, but versions, error numbers and rights of their own. Without
 * SELECT on all databases, `information_schema` leaves out what is in them. REPLICATION CLIENT is BINLOG MONITOR on
 * MariaDB, which has SLAVE MONITOR beside it for what replicas say of themselves.
 */
export const mysql = defineEngine({
  name: 'mysql',
  title: 'MySQL',
  script: mysqlClient,
  account: 'SELECT CURRENT_USER() AS account',
  languages: [],
  privileges: {
    SELECT: ofServer('SELECT', 'Select_priv'),
    'SHOW DATABASES': ofServer('SHOW DATABASES', 'Show_db_priv'),
    TRIGGER: ofServer('TRIGGER', 'Trigger_priv'),
    EVENT: ofServer('EVENT', 'Event_priv'),
    PROCESS: {
      probe: 'SELECT COUNT(*) AS seen FROM information_schema.INNODB_TRX',
      grants: granting('PROCESS'),
    },
    'REPLICATION CLIENT': {
      probe: `SELECT COUNT(*) > 0 AS held FROM mysql.user AS u WHERE u.Repl_client_priv = ${yes}
  AND CONCAT(u.User, '@', u.Host) = CURRENT_USER() /*M! AND EXISTS (SELECT 1
    FROM information_schema.USER_PRIVILEGES AS p WHERE p.privilege_type = 'SLAVE MONITOR'
    AND p.grantee = CONCAT('''', u.User, '''@''', u.Host, '''')) */`,
      grants: granting('REPLICATION CLIENT /*M! , SLAVE MONITOR */'),
    },
  },
  problems: mysqlProblems,
  numbers: mysqlNumbers,
  words: roleWords,
})

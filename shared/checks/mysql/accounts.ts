import * as z from 'zod'
import { orUnknown, rows } from '../framework/answer.ts'
import type { Queries } from '../framework/question.ts'
import type { CheckContext } from '../framework/define-check.ts'
import { no, nothing } from './grant-tables.ts'

/** More accounts than that are not read: of one that is not among them nothing is known. */
const maxAccounts = 1000

/**
 * What the items ask that look at accounts: every account with its own rights over the whole server, whether it can log
 * in, and until when. Never what it proves itself with: the catalogues have the hash of the password beside that
 * (`SHOW GRANTS` and `SHOW CREATE USER` show it, so they are not asked). MariaDB keeps lock and lifetime in
 * `mysql.global_priv`, MySQL in columns of `mysql.user`: each runs the comments that are written for it. -1: the
 * lifetime is that of the server. Sources: "mysql.global_priv Table", MariaDB reference; "Grant Tables", MySQL manual.
 */
export const accountQueries = {
  accounts: {
    sql: `SELECT u.User AS account_user, u.Host AS account_host, u.Select_priv AS select_priv,
  u.Reload_priv AS reload_priv, u.Process_priv AS process_priv, u.Lock_tables_priv AS lock_tables_priv,
  u.Show_view_priv AS show_view_priv, u.Trigger_priv AS trigger_priv, u.Event_priv AS event_priv,
  u.Repl_client_priv AS repl_client_priv, u.Repl_slave_priv AS repl_slave_priv,
  (SELECT COUNT(*) FROM information_schema.USER_PRIVILEGES AS p WHERE p.privilege_type = 'BACKUP_ADMIN'
    AND p.grantee = CONCAT('''', u.User, '''@''', u.Host, '''')) AS backup_admin,
  /*M! u.default_role <> ${nothing} *//*!80000 EXISTS (SELECT 1 FROM mysql.default_roles AS r
    WHERE r.user = u.User AND r.host = u.Host) OR */ /*!50700 0 */ AS has_roles,
  u.password_expired,
  /*M! IF(JSON_VALUE(g.priv, '$.account_locked') = '1', 'Y', 'N') *//*!50700 u.account_locked */ AS account_locked,
  CONVERT(/*M! IFNULL(JSON_VALUE(g.priv, '$.password_lifetime'), -1) *//*!50700 IFNULL(u.password_lifetime, -1) */,
    SIGNED) AS password_lifetime,
  TIMESTAMPDIFF(DAY, /*M! FROM_UNIXTIME(JSON_VALUE(g.priv, '$.password_last_changed')) */
    /*!50700 u.password_last_changed */, NOW()) AS password_age_days,
  CURRENT_USER() = CONCAT(u.User, '@', u.Host) AS is_self
FROM mysql.user AS u /*M! JOIN mysql.global_priv AS g ON g.User = u.User AND g.Host = u.Host WHERE u.is_role = ${no} */
ORDER BY is_self DESC, u.User, u.Host LIMIT ${maxAccounts}`,
    optional: true,
  },
} as const satisfies Queries

const YesNo = z.enum(['Y', 'N'])
const Flag = z.union([z.literal(0), z.literal(1)])

const Account = {
  account_user: z.string(),
  account_host: z.string(),
  select_priv: orUnknown(YesNo),
  reload_priv: orUnknown(YesNo),
  process_priv: orUnknown(YesNo),
  lock_tables_priv: orUnknown(YesNo),
  show_view_priv: orUnknown(YesNo),
  trigger_priv: orUnknown(YesNo),
  event_priv: orUnknown(YesNo),
  repl_client_priv: orUnknown(YesNo),
  repl_slave_priv: orUnknown(YesNo),
  /** How often it is granted; 0 on MariaDB and MySQL 5.7, which do not have it. */
  backup_admin: orUnknown(z.int()),
  /** Rights of roles are not among its own. */
  has_roles: orUnknown(Flag),
  password_expired: orUnknown(YesNo),
  account_locked: orUnknown(YesNo),
  /** Days; 0: for ever, -1: as the server says. */
  password_lifetime: orUnknown(z.int()),
  /** Days; null: the server does not know. */
  password_age_days: orUnknown(z.int()),
  is_self: orUnknown(Flag),
}

/** Null: the login may not read the catalogues of accounts. */
export const AccountRows = rows(Account).nullable()
export type AccountRow = NonNullable<z.output<typeof AccountRows>>[number]

/** As it is written in statements and registrations. */
export const nameOf = ({ account_user, account_host }: AccountRow): string =>
  `${account_user}@${account_host}`

/**
 * The accounts that a registration means by a name: one, by `user@host`, or all of that user, since which of them a
 * tool becomes is decided by where it comes from. None where the registration names none, or they may not be read.
 */
export const accountsNamed = (
  accounts: readonly AccountRow[] | null,
  name: string | undefined,
): readonly AccountRow[] =>
  accounts?.filter((account) => account.account_user === name || nameOf(account) === name) ?? []

/** Whether an account that is not among the rows is certainly none. */
export const isWhole = (accounts: readonly AccountRow[]): boolean => accounts.length < maxAccounts

/** Account that takes the backups, as registered. */
export const backupAccountOf = ({ target }: CheckContext): string | undefined =>
  target.definition.backupAccount

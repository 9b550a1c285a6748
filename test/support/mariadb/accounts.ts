import { mysql } from '../../../shared/checks/mysql/engine.ts'
import type { MariaDb } from './instance.ts'
import type { Account } from './tools.ts'

/** The login of prechecks, and the account that takes the backups. */
export const precheckAccount: Account = { user: 'precheck', password: 'precheck-password' }
export const backupAccount: Account = { user: 'backup', password: 'backup-password' }

/** What the engine says that the login of prechecks needs. */
const precheckGrants: readonly string[] = Object.values(mysql.privileges).flatMap(({ grants }) =>
  grants(precheckAccount.user),
)

const backupRights =
  'SELECT, SHOW VIEW, TRIGGER, EVENT, RELOAD, PROCESS, LOCK TABLES, REPLICATION CLIENT, REPLICATION SLAVE'

const create = ({ user, password }: Account): string =>
  `CREATE USER '${user}'@'%' IDENTIFIED BY '${password}';`

/** Makes both accounts, each with all of its rights. */
export const makeAccounts = (server: MariaDb): void => {
  server.run(
    [
      create(precheckAccount),
      create(backupAccount),
      `GRANT ${backupRights} ON *.* TO '${backupAccount.user}'@'%';`,
      ...precheckGrants,
    ].join('\n'),
  )
}

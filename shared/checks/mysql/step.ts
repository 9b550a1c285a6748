import { stepsFor } from '../framework/define-step.ts'

/** Privileges of MySQL and MariaDB ("Privileges Provided by MySQL"; "GRANT", MariaDB reference). */
type Right =
  | 'ALTER'
  | 'BINLOG ADMIN'
  | 'CONNECTION_ADMIN'
  | 'CREATE USER'
  | 'CREATE VIEW'
  | 'DROP'
  | 'GRANT OPTION'
  | 'INSERT'
  | 'INSERT ON mysql.plugin'
  | 'PROCESS'
  | 'RELOAD'
  | 'REPLICATION CLIENT'
  | 'REPLICATION SLAVE ADMIN'
  | 'REPLICATION_SLAVE_ADMIN'
  | 'SELECT'
  | 'SHOW VIEW'
  | 'SLAVE MONITOR'
  | 'SUPER'
  | 'SYSTEM_VARIABLES_ADMIN'
  | 'XA_RECOVER_ADMIN'

/** Defines a step of MySQL and MariaDB. */
export const step = stepsFor<Right>('mysql')

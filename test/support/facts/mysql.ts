import { type Cell, type RowLike, rowsLike } from './row.ts'

/** The settings of a healthy server that runs MySQL 8.0 on Linux, by their names. */
const healthySettings = {
  version: '8.0.32',
  version_comment: 'MySQL Community Server - GPL',
  version_compile_os: 'Linux',
  log_bin: 'ON',
  binlog_format: 'ROW',
  binlog_row_image: 'FULL',
  server_id: '1',
  server_uuid: '3e11fa47-71ca-11e1-9e33-c80aa9429562',
} as const satisfies Readonly<Record<string, string>>
type SettingChanges = Partial<
  Readonly<Record<keyof typeof healthySettings, Exclude<Cell, boolean> | undefined>>
>

/** A setting as the server shows it. */
export const setting = rowsLike({ variable_name: 'version', value: '8.0.32' })

/** The settings of a healthy server, but for the changes; what is changed to `undefined` is not there. */
export const settings = (changes: SettingChanges = {}) =>
  Object.entries({ ...healthySettings, ...changes }).flatMap(([variable_name, value]) =>
    value === undefined ? [] : [{ variable_name, value }],
  )

/** MariaDB of that version, as it calls itself. */
export const mariaDb = (version: string): SettingChanges => ({
  version: `${version}-MariaDB-log`,
  version_comment: 'MariaDB Server',
  version_compile_os: 'debian-linux-gnu',
})

/** One row of each statement, for its columns; a healthy server may have none. */
export const mysqlSamples = {
  settings: setting(),
} as const satisfies Readonly<Record<string, Readonly<Record<string, Cell>>>>

/** Rows of every statement of the MySQL items by its name; null: refused for lack of a privilege. */
export type MySqlFacts = {
  readonly [Statement in keyof typeof mysqlSamples]:
    | readonly RowLike<(typeof mysqlSamples)[Statement]>[]
    | null
}

/** What the statements of the MySQL items bring back from a healthy server, but for the changes. */
export const mysqlFacts = (changes: Partial<MySqlFacts> = {}): MySqlFacts => ({
  settings: settings(),
  ...changes,
})

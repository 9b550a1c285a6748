import * as z from 'zod'
import { someRows } from '../framework/answer.ts'
import type { Query } from '../framework/question.ts'

/**
 * What the check items ask of the settings of a server, in one statement for all of them: a setting that this product
 * or version does not have has no row. Every login may read them ("SHOW VARIABLES", MySQL reference manual).
 */
const names = [
  'version',
  'version_comment',
  'version_compile_os',
  'log_bin',
  'binlog_format',
  'binlog_row_image',
  'server_id',
  'server_uuid',
  'binlog_expire_logs_seconds',
  'expire_logs_days',
  'sync_binlog',
  'innodb_flush_log_at_trx_commit',
  'gtid_mode',
  'gtid_binlog_pos',
  'gtid_slave_pos',
  'log_slave_updates',
  'log_replica_updates',
  'max_allowed_packet',
  'max_connections',
  'default_password_lifetime',
  'datadir',
  'encrypt_binlog',
  'binlog_encryption',
] as const
export type SettingName = (typeof names)[number]

export const settingsQuery: Query = {
  sql: `SHOW GLOBAL VARIABLES WHERE variable_name IN (${names.map((name) => `'${name}'`).join(', ')})
  AND value IS NOT NULL`,
}

/** Rows of the statement. A server has a version, whatever else it has. */
export const SettingRows = someRows({
  variable_name: z.string(),
  value: z.union([z.string(), z.number()]).nullable(),
}).refine(
  (rows) => rows.some(({ variable_name }) => variable_name.toLowerCase() === 'version'),
  'expected a version',
)
type SettingRows = z.output<typeof SettingRows>

/** The value of a setting as the server writes it; null where it has none, or more than one. */
export const settingOf = (rows: SettingRows, name: SettingName): string | null => {
  const [value, ...others] = rows.flatMap((row) =>
    row.variable_name.toLowerCase() === name ? [row.value] : [],
  )
  return value === undefined || value === null || others.length > 0 ? null : String(value)
}

/** The value of a setting that is a number; null where it is none. */
export const numberOf = (rows: SettingRows, name: SettingName): number | null => {
  const value = settingOf(rows, name)
  return value === null || !/^-?\d+(\.\d+)?$/.test(value) ? null : Number(value)
}

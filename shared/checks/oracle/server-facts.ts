import * as z from 'zod'
import { someRows } from '../framework/answer.ts'
import type { Query } from '../framework/question.ts'
import type { oracle } from './engine.ts'
import { wordOrNull } from './facts.ts'

/**
 * What the running instances say beside their status, in rows of one shape. It works on a database that is only
 * mounted. `inst_id` is that of the instance (0: it does not matter), `con_id` that of the container.
 *
 * - `INSTANCE`: `name`: its name; `value`: its version, as 19.0.0.0.0.
 * - `KEYSTORE`: of the encryption keys, the one that is asked first. `name`: where it is (`FILE`, say); `value`: its status;
 *   `detail`: how it is opened.
 * - `ENCRYPTED`: a container with encrypted tablespaces, among those that are open; `value`: how many.
 * - `PASSWORD_FILE`: an account in the password file. `value`, `detail`: TRUE if it may log in as SYSDBA, as SYSBACKUP.
 * - `PARAMETER`: `name`, `value`; NONE where nothing is set.
 * - `LIMIT`: processes and sessions: `value`: in use; `detail`: how many there may be.
 * - `LAG`: of a standby. `name`: the metric; `value`: an interval, as +00 00:00:04; `detail`: when it was computed and when
 *   the primary was last heard of, both as MM/DD/YYYY HH24:MI:SS in the time of the standby.
 *
 * Source: "Dynamic Performance Views", Oracle Database Reference.
 */
export const serverQuery: Query = {
  sql: `SELECT 'INSTANCE' AS kind, i.inst_id, 0 AS con_id, i.instance_name AS name, i.version AS value, '-' AS detail
    FROM gv$instance i
  UNION ALL
  SELECT 'KEYSTORE', w.inst_id, w.con_id, NVL(w.wrl_type, '-'), w.status, w.wallet_type
    FROM gv$encryption_wallet w WHERE NVL(w.wallet_order, 'SINGLE') <> 'SECONDARY'
  UNION ALL
  SELECT 'ENCRYPTED', 0, e.con_id, 'TABLESPACES', TO_CHAR(COUNT(*)), '-'
    FROM v$encrypted_tablespaces e WHERE e.encryptedts = 'YES' GROUP BY e.con_id
  UNION ALL
  SELECT 'PASSWORD_FILE', p.inst_id, 0, p.username, p.sysdba, p.sysbackup FROM gv$pwfile_users p
  UNION ALL
  SELECT 'PARAMETER', p.inst_id, 0, p.name, NVL(p.value, 'NONE'), '-'
    FROM gv$parameter p WHERE p.name IN ('spfile', 'remote_login_passwordfile')
  UNION ALL
  SELECT 'LIMIT', r.inst_id, 0, r.resource_name, TO_CHAR(r.current_utilization), TRIM(r.limit_value)
    FROM gv$resource_limit r WHERE r.resource_name IN ('processes', 'sessions')
  UNION ALL
  SELECT 'LAG', s.inst_id, 0, LOWER(s.name), s.value, s.time_computed || ' ' || s.datum_time
    FROM gv$dataguard_stats s WHERE LOWER(s.name) IN ('transport lag', 'apply lag')`,
}

/** The rights that it takes. */
export const serverPrivileges = [
  'SELECT ON SYS.GV_$INSTANCE',
  'SELECT ON SYS.GV_$ENCRYPTION_WALLET',
  'SELECT ON SYS.V_$ENCRYPTED_TABLESPACES',
  'SELECT ON SYS.GV_$PWFILE_USERS',
  'SELECT ON SYS.GV_$PARAMETER',
  'SELECT ON SYS.GV_$RESOURCE_LIMIT',
  'SELECT ON SYS.GV_$DATAGUARD_STATS',
] as const satisfies readonly (keyof typeof oracle.privileges)[]

export const ServerRows = someRows({
  kind: z.enum(['INSTANCE', 'KEYSTORE', 'ENCRYPTED', 'PASSWORD_FILE', 'PARAMETER', 'LIMIT', 'LAG']),
  inst_id: z.int(),
  con_id: z.int(),
  name: z.string(),
  value: wordOrNull,
  detail: wordOrNull,
}).refine((rows) => rows.some(({ kind }) => kind === 'INSTANCE'), 'expected an instance')
export type ServerRow = z.output<typeof ServerRows>[number]

/** The rows of a kind, of the name if one is given. */
export const ofKind = (rows: readonly ServerRow[], kind: ServerRow['kind'], name?: string): ServerRow[] =>
  rows.filter((row) => row.kind === kind && (name === undefined || row.name === name))

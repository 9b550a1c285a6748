import * as z from 'zod'
import { rows } from '../framework/answer.ts'
import type { PrivilegeAudit } from '../framework/privilege-audit.ts'
import { quoteUser } from './quote.ts'

const One = rows({ seen: z.int() }).nullable()
const Facts = z.object({ gv_instance: One, v_database: One, gv_pdbs: One, v_archive_dest: One })

const attempt = (view: string) =>
  ({ sql: `SELECT COUNT(*) AS seen FROM ${view} WHERE ROWNUM < 2`, optional: true }) as const

/**
 * What the user of an Oracle instance lacks: each view is tried. Grants go on the `V_$` object, since the synonym takes none
 * (ORA-02030); SELECT_CATALOG_ROLE would cover them all.
 */
export const oraclePrivilegeAudit: PrivilegeAudit = {
  engine: 'oracle',
  queries: {
    gv_instance: attempt('gv$instance'),
    v_database: attempt('v$database'),
    gv_pdbs: attempt('gv$pdbs'),
    v_archive_dest: attempt('v$archive_dest'),
  },
  audit: (answer, wanted, username) => {
    const parsed = Facts.safeParse(answer)
    if (!parsed.success) return { misshapen: z.prettifyError(parsed.error) }
    const { gv_instance, v_database, gv_pdbs, v_archive_dest } = parsed.data
    const held: Readonly<Record<string, boolean>> = {
      'SELECT ON SYS.GV_$INSTANCE': gv_instance !== null,
      'SELECT ON SYS.V_$DATABASE': v_database !== null,
      'SELECT ON SYS.GV_$PDBS': gv_pdbs !== null,
      'SELECT ON SYS.V_$ARCHIVE_DEST': v_archive_dest !== null,
    }
    const user = quoteUser(username)
    return {
      missing: wanted
        .filter((privilege) => held[privilege] !== true)
        .map((privilege) => ({ privilege, grants: [`GRANT ${privilege} TO ${user};`] })),
    }
  },
}

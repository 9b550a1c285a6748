import type { Remediation } from '../../model/remediation.ts'
import { databaseSteps as steps } from './database-steps.ts'
import type { KindRow } from './facts.ts'
import { sqlplus } from './languages.ts'
import { quoteString } from './quote.ts'
import type { Role } from './role.ts'

const verifyPluggable = (name: string): Remediation['verify'] => ({
  language: sqlplus.name,
  query: `SELECT inst_id, name, open_mode, restricted FROM gv$pdbs WHERE name = ${quoteString(name)};`,
})

/** Opens a closed one, and says in which mode it will be. */
export const openAgain = (
  database: string,
  kind: KindRow | null,
  isReadOnly: boolean,
): { readonly open_mode: string; readonly remediation: Remediation } => {
  const verify = verifyPluggable(database)
  const inMode = (open_mode: string, open: Remediation['steps'][number]) => ({
    open_mode,
    remediation: { steps: [open, steps.saveState({ database })], verify, changes: { open_mode } },
  })
  const forReading = inMode('READ ONLY', steps.openReadOnly({ database }))
  const forWriting = inMode('READ WRITE', steps.openPluggable({ database }))
  const usual = isReadOnly ? forReading : forWriting
  if (kind === null) {
    const { open_mode, remediation } = usual
    const askFirst = [steps.askKind({ database }), ...remediation.steps]
    return { open_mode, remediation: { steps: askFirst, verify, changes: {} } }
  }
  switch (kind.status) {
    // What has never been opened has to be opened for writing once.
    case 'NEW':
    case 'NORMAL':
      return usual
    // A refreshable clone opens for reading only.
    case 'REFRESHING':
      return forReading
    default: {
      const decide = steps.decideOnPluggable({ database, status: kind.status ?? 'NULL' })
      return { open_mode: usual.open_mode, remediation: { steps: [decide], verify, changes: {} } }
    }
  }
}

/** The violations say why it opened restricted; opening it again helps once they are mended. */
export const reopen = (database: string, isReadOnly: boolean): Remediation => ({
  steps: [
    steps.showViolations({ database }),
    steps.mendViolations({}),
    steps.closePluggable({ database }),
    isReadOnly ? steps.openReadOnly({ database }) : steps.openPluggable({ database }),
  ],
  verify: verifyPluggable(database),
  changes: { restricted: 'NO' },
})

const verifyRecovery: Remediation['verify'] = {
  language: sqlplus.name,
  query: 'SELECT inst_id, name, open_mode, recovery_status FROM gv$pdbs;',
}

/**
 * "ALTER PLUGGABLE DATABASE", pdb_recovery_clauses and pdb_datafile_clause, SQL Language Reference: from inside the
 * container, while it is closed; its files come online after that, never before (ORA-65152). On a standby redo apply
 * recovers it, once its files are there.
 */
export const enableRecovery = (database: string, { redo }: Role, isOpen: boolean): Remediation => {
  const enable = [
    ...(isOpen ? [steps.closePluggable({ database })] : []),
    steps.enterPluggable({ database }),
    steps.enableRecovery({}),
    steps.bringFilesOnline({}),
    steps.enterRoot({}),
  ]
  const recovered = { recovery_status: 'ENABLED' }
  if (redo === 'own') {
    return {
      steps: [...enable, steps.recoverPluggable({ database }), steps.openPluggable({ database })],
      verify: verifyRecovery,
      changes: { ...recovered, open_mode: 'READ WRITE' },
    }
  }
  const fetch = [steps.restoreFromPrimary({ database }), steps.stopRedoApply({})]
  return {
    steps: [...fetch, ...enable, steps.startRedoApply({})],
    verify: verifyRecovery,
    changes: recovered,
  }
}

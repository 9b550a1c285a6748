import type { Effect } from '../../model/finding.ts'
import { allOperations, backupOperations } from '../../model/operation.ts'
import type { CheckContext } from '../framework/define-check.ts'

/**
 * What keeps a database from being backed up. Cloud Backup restores such a database no more than it backs it up; to
 * RMAN a restore may be the very thing that mends it ("Performing Complete Database Recovery", RMAN user's guide).
 */
export const beyondBackup = ({ target }: CheckContext): Partial<Effect> =>
  target.definition.profile === 'native'
    ? { blocks: [...backupOperations], degrades: ['restore'] }
    : { blocks: [...allOperations] }

/**
 * A primary, or its like, that is mounted only: RMAN takes its backups, and a restore wants it so ("Backing Up the
 * Database", ibid.); Cloud Backup wants it open.
 */
export const mountedOnly = ({ target }: CheckContext): Partial<Effect> =>
  target.definition.profile === 'native'
    ? { degrades: [...backupOperations] }
    : { blocks: [...allOperations] }

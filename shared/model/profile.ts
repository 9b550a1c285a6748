import * as z from 'zod'

/**
 * Whose rules decide what a finding blocks: `cloud-backup` follows the wording of the Cloud Backup precheck
 * documents, `native` what the database engine itself can do with its own backup tools.
 */
export const Profile = z.enum(['cloud-backup', 'native'])
export type Profile = z.infer<typeof Profile>

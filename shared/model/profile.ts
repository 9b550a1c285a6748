import * as z from 'zod'

/**
 * Who backs the instance up, and so whose rules decide what a finding blocks: `cloud-backup` follows the wording of the
 * Cloud Backup precheck documents, `native` what the database engine itself can do with its own backup tools. They need
 * no endpoint of Alibaba Cloud, so that under `native` none is tried but those that the registration names.
 */
export const Profile = z.enum(['cloud-backup', 'native'])
export type Profile = z.infer<typeof Profile>

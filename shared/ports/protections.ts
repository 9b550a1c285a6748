import { InstanceProtection } from '../model/instance-protection.ts'
import type { DocumentKind, Documents } from './documents.ts'

/** How the instances stood when their prechecks looked, by their ids: written ahead of the end of the precheck. */
export const protectionKind: DocumentKind<InstanceProtection> = {
  table: 'instance_protection',
  keyColumns: ['instance_id'],
  schema: InstanceProtection,
  order: 'ascending',
  mayBeLost: true,
}

export type Protections = Documents<InstanceProtection>

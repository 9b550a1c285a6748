import { HostSlots } from '../model/host-slots.ts'
import type { DocumentKind, Documents } from './documents.ts'

/** The slots of the hosts, by the ids of `sharedHostOf`. */
export const hostSlotsKind: DocumentKind<HostSlots> = {
  table: 'host_slots',
  keyColumns: ['host_id'],
  schema: HostSlots,
  order: 'ascending',
}

export type HostSlotsStore = Documents<HostSlots>

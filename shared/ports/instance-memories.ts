import { InstanceMemory } from '../model/instance-memory.ts'
import type { DocumentKind, Documents } from './documents.ts'

/** What is remembered of each instance, by its id. Where it is lost, the next precheck is held against the one before. */
export const instanceMemoryKind: DocumentKind<InstanceMemory> = {
  table: 'instance_memory',
  keyColumns: ['instance_id'],
  schema: InstanceMemory,
  order: 'ascending',
  mayBeLost: true,
}

export type InstanceMemories = Documents<InstanceMemory>

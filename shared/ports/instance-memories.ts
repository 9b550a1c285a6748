import { InstanceMemory } from '../model/instance-memory.ts'
import type { DocumentKind, Documents } from './documents.ts'

/** What is remembered of each instance, by its id. */
export const instanceMemoryKind: DocumentKind<InstanceMemory> = {
  table: 'instance_memory',
  keyColumns: ['instance_id'],
  schema: InstanceMemory,
  order: 'ascending',
}

export type InstanceMemories = Documents<InstanceMemory>

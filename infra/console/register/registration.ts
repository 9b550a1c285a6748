import type { Instance } from '../../../shared/model/instance.ts'
import { type Answer, ask } from '../state/api.ts'
import type { Registration } from '../../forms/registration-fields.ts'

/** An id that is not there yet is none either, and the service says so beside all else. */
const pathOf = (id: string): string => `v1/instances/${encodeURIComponent(id || ' ')}`

/** Has the service judge a registration; nothing is written. By the revision, it would be new (1) or replace another. */
export const tryRegistration = ({ id, definition }: Registration): Promise<Answer<Instance>> =>
  ask(`${pathOf(id)}?dryRun=true`, { method: 'PUT', body: definition })

/** Registers it, if what is there has the revision that was seen; 0: nothing is. */
export const register = ({ id, definition }: Registration, seen: number): Promise<Answer<Instance>> =>
  ask(pathOf(id), { method: 'PUT', body: definition, headers: { 'if-match': `"${seen}"` } })

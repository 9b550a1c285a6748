import type { Instance } from '../../../shared/model/instance.ts'
import { type Sending, useSending } from '../state/sending.ts'

/** A registration that is shown and changed in parts. */
export interface Changing {
  readonly instance: Instance
  /** Reads it again. */
  readonly refresh: () => Promise<void>
}

/** Changes parts of a registration, as RFC 7396 has it: null lets go of a field. `patch` tells whether it was changed. */
export const usePatch = ({
  instance: { id, revision },
  refresh,
}: Changing): { readonly sending: Sending; readonly patch: (changes: object) => Promise<boolean> } => {
  const sending = useSending()
  const patch = async (body: object): Promise<boolean> => {
    // Of two who change it at the same time, the second is told so.
    const headers = { 'if-match': `"${revision}"` }
    const changed = await sending.send(`v1/instances/${encodeURIComponent(id)}`, {
      method: 'PATCH',
      body,
      headers,
    })
    await refresh()
    return changed !== null
  }
  return { sending, patch }
}

import type { SignedIn } from '../../../shared/flows/sessions.ts'
import type { Token } from '../../../shared/model/token.ts'
import type { CookieName } from './cookies.ts'

/** Who sent a request. */
export interface Caller {
  readonly token: Pick<Token, 'id' | 'name' | 'scope' | 'expiresAt'>
  /** The session and its cookie; null: the token itself was sent. */
  readonly signedIn: (SignedIn & { readonly cookie: CookieName }) | null
}

/** Of routes that are open to everybody: nobody is asked. */
export const nobody: Caller = { token: { id: '', name: '', scope: 'read' }, signedIn: null }

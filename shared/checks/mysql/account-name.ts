/**
 * The two names of an account, which has an @ between them; a user may have one in the name, a host may not
 * ("Specifying Account Names", MySQL manual).
 */
export const partsOf = (account: string): { readonly user: string; readonly host: string } => {
  const at = account.lastIndexOf('@')
  return { user: account.slice(0, at), host: account.slice(at + 1) }
}

/** Throws if a problem document in Chinese says in another language what is wrong with a field. */
export const expectChineseFields = (problem: string): void => {
  const { errors } = JSON.parse(problem) as { readonly errors: readonly { readonly message: string }[] }
  const foreign = errors.filter(({ message }) => !/\p{sc=Han}/u.test(message))
  if (foreign.length > 0) throw new Error(`Not in Chinese: ${JSON.stringify(foreign)}`)
}

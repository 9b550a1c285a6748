/** What tells two names apart, by the part of a collation that says so ("Collation and Unicode support"). */
const sensitivities: ReadonlyMap<string | undefined, Intl.CollatorOptions['sensitivity']> = new Map([
  ['CI_AI', 'base'],
  ['CI_AS', 'accent'],
  ['CS_AI', 'case'],
  ['CS_AS', 'variant'],
])

/** How a server compares names: byte by byte under a binary collation, and under one that is unknown. */
export const namesUnder = (collation: string | null): ((one: string, other: string) => boolean) => {
  const sensitivity = sensitivities.get(/_(C[IS]_A[IS])(?:_|$)/.exec(collation ?? '')?.[1])
  if (sensitivity === undefined) return (one, other) => one === other
  const collator = new Intl.Collator('en', { sensitivity })
  return (one, other) => collator.compare(one, other) === 0
}

import type { CheckContext, FindingDraft } from '../framework/define-check.ts'

/** A finding on the whole server. */
export const onInstance = <const Code extends string>(
  { target }: CheckContext,
  draft: Omit<FindingDraft<Code>, 'object'>,
): FindingDraft<Code> => ({ ...draft, object: { type: 'instance', name: target.instanceId } })

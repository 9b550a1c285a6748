import { firstArgumentDifference } from './match.ts'
import { show, showCall, showDifference } from './show.ts'

export interface ReceivedCall {
  readonly client: object
  readonly method: string
  readonly args: readonly unknown[]
}

/** Answers one call: a value, a promise of one, or a throw. */
export type Reply = (call: ReceivedCall) => unknown

/** What one `on` set up: whom it is for, the replies that are given once, in order, and the one that is given from then on. */
export interface Rule {
  /** Null: any method. */
  readonly method: string | null
  readonly patterns: readonly unknown[]
  readonly once: Reply[]
  always: Reply | null
}

const namesMethod = (rule: Rule, method: string): boolean => rule.method === null || rule.method === method

/** The reply of the last rule that fits and has one left, or null. */
export const takeReply = (rules: readonly Rule[], { method, args }: ReceivedCall): Reply | null => {
  for (const rule of rules.toReversed()) {
    if (!namesMethod(rule, method) || firstArgumentDifference(rule.patterns, args)) continue
    const reply = rule.once.shift() ?? rule.always
    if (reply) return reply
  }
  return null
}

const whyNot = (rule: Rule, args: readonly unknown[]): string => {
  const difference = firstArgumentDifference(rule.patterns, args)
  return difference ? showDifference(difference) : 'every answer was given, and there is no default'
}

const showRule = (rule: Rule): string =>
  rule.method === null ? 'onAnyMethod()' : `on(${[show(rule.method), ...rule.patterns.map(show)].join(', ')})`

/** A call that no `on` fits. It reaches no service. */
export class UnmatchedCallError extends Error {
  override readonly name = 'UnmatchedCallError'

  constructor(client: string, rules: readonly Rule[], { method, args }: ReceivedCall) {
    const near = rules
      .filter((rule) => namesMethod(rule, method))
      .map((rule) => `\n  ${showRule(rule)}: ${whyNot(rule, args)}`)
    super(
      `The double of the ${client} has no answer to ${showCall(method, args)}. ` +
        `Set one up: .on(${show(method)}).resolves(…)` +
        (near.length > 0 ? `\nSet up for ${method}, but not fitting:${near.join('')}` : ''),
    )
  }
}

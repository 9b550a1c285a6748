import type { PrecheckView } from '../../../functions/api/views/precheck-view.ts'
import type { Texts } from '../texts/en.ts'

export type Finding = PrecheckView['items'][number]['findings'][number]

/** A finding for who fixes it: what is wrong, each step with its command, and what shows that it is fixed. */
export const findingText = (
  { text, remediation }: Pick<Finding, 'text' | 'remediation'>,
  words: Texts,
): string => {
  const { steps = [], verify = null } = remediation ?? {}
  const lines = steps.map(({ text: order, riskText, needsText, command }, at) => {
    const line = `${at + 1}. ${words.remarked(order, riskText)} ${words.needs(needsText)}`
    // What is escaped is to be read, and not to be typed.
    return command === null ? line : `${line}\n${command}`
  })
  const proof = verify ? [words.said(words.verify, verify.query)] : []
  return [text, ...lines, ...proof].join('\n')
}

import type { PrecheckView } from '../views/precheck-view.ts'

type Item = PrecheckView['items'][number]

/** What an item says, a line for each finding, with the commands that fix it below it. */
export const findingLines = ({ reason, findings }: Item): string[] => [
  ...(reason ? [[reason.text, reason.advice].filter(Boolean).join(' ')] : []),
  ...findings.flatMap(({ level, text, remediation }) => [
    `${level}: ${text}`,
    ...(remediation?.steps ?? []).map(({ text: what, command }) => `  ${command ?? what}`),
  ]),
]

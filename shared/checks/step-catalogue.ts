import type { Text } from '../model/message.ts'
import { catalogue } from './catalogue.ts'
import type { StepText } from './framework/define-step.ts'
import { olderSteps } from '../model/remediation.ts'

/** Code of the text of a step whose command cannot be typed safely. */
export const heldBack = 'HELD_BACK'

const ownTexts: Readonly<Record<string, Text>> = {
  [heldBack]: {
    en: 'No command is given to be run: {client} would expand or split a name in it ({hazard}). Type it in a tool that takes the name as it is.',
    zh: '不提供可直接执行的命令：其中的名称包含会被 {client} 展开或拆分的内容（{hazard}）。请在按原样处理名称的工具中输入。',
  },
  [olderSteps.byHand]: { en: '{words}', zh: '手工操作：{words}' },
  [olderSteps.command]: { en: 'Run the command.', zh: '执行该命令。' },
}

/** Every step that some check item fixes something with; steps of several items are there several times. */
export const allSteps: readonly StepText[] = catalogue.flatMap(({ fixes }) => fixes)

/** What every step of a remediation does, by code. */
export const stepTexts: Readonly<Record<string, Text>> = {
  ...ownTexts,
  ...Object.fromEntries(allSteps.map(({ code, text }) => [code, text])),
}

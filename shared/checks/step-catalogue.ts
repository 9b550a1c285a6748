import type { Text } from '../model/message.ts'
import { olderSteps } from '../model/remediation.ts'
import { engines } from './catalogue.ts'
import { networkSteps } from './connectivity/steps.ts'
import { hostSteps } from './host/steps.ts'
import { memorySteps } from './memory/steps.ts'

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

const ofFamilies = [
  networkSteps,
  hostSteps,
  memorySteps,
  ...Object.values(engines).map(({ steps }) => steps),
].flatMap((steps) => Object.values(steps).map(({ code, text }) => [code, text] as const))

/** What every step of a remediation does, by code. */
export const stepTexts: Readonly<Record<string, Text>> = { ...ownTexts, ...Object.fromEntries(ofFamilies) }

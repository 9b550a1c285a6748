import { expect, it } from 'vitest'
import { type Finding, findingText } from '../../../infra/console/instance/finding-text.ts'
import { en } from '../../../infra/console/texts/en.ts'
import { zh } from '../../../infra/console/texts/zh.ts'

const step = {
  language: 'tsql',
  risk: 'online',
  needs: 'dbo',
  message: { code: 'sqlserver.BRING_ONLINE', params: {} },
  text: 'Bring Sales online.',
  riskText: 'no downtime',
  needsText: 'ALTER on the database',
  command: 'ALTER DATABASE [Sales] SET ONLINE;',
} as const
const byHand = { ...step, text: 'Look at the disks.', command: null, escapedCommand: 'rm \\$(HOME)' } as const
const remediation: Finding['remediation'] = {
  steps: [step, byHand],
  verify: { language: 'tsql', query: 'SELECT 1;' },
  changes: {},
}

it('says what is wrong, and each step with its command, and what shows that it is fixed', () => {
  expect(findingText({ text: 'Sales is OFFLINE.', remediation }, en).split('\n')).toEqual([
    'Sales is OFFLINE.',
    '1. Bring Sales online. (no downtime) Needs: ALTER on the database',
    'ALTER DATABASE [Sales] SET ONLINE;',
    '2. Look at the disks. (no downtime) Needs: ALTER on the database',
    'Then this shows that it is fixed: SELECT 1;',
  ])
})

it('is the sentence alone where nothing is to be done', () => {
  expect(findingText({ text: 'Sales 处于 OFFLINE 状态。', remediation: null }, zh)).toBe(
    'Sales 处于 OFFLINE 状态。',
  )
})

import { isLeftOut, isOfflineOnPurpose } from '../model/database-rules.ts'
import type { CheckItemId } from '../model/finding.ts'
import type { InstanceDefinition } from '../model/instance.ts'
import type { Text } from '../model/message.ts'
import type { Evaluation } from './framework/define-check.ts'

/** Why the owner of an instance has items leave databases out, whatever the item. */
export const ownerTexts: Readonly<Record<string, Text>> = {
  EXCLUDED_BY_OWNER: {
    en: 'The registration excludes it from this check item.',
    zh: '注册信息已将其排除在该检查项之外。',
  },
  OFFLINE_ON_PURPOSE: {
    en: 'It is offline, and the registration says that it is so on purpose.',
    zh: '该数据库处于离线状态，且注册信息说明其为有意离线。',
  },
}

type Why = 'EXCLUDED_BY_OWNER' | 'OFFLINE_ON_PURPOSE'

/** What an item concludes, without the databases that the registration has it leave out. */
export const asOwnerSays = (
  checkItem: CheckItemId,
  { databases: rules }: InstanceDefinition,
  evaluation: Evaluation,
): Evaluation => {
  const { findings, databases = [], excluded = [], offline = [], protection } = evaluation
  if (!rules) return evaluation
  const isOffline = new Set(offline)
  const named = findings.flatMap(({ object }) => (object.type === 'instance' ? [] : [object.name]))
  const whyOut = (name: string): Why | null => {
    if (isLeftOut(rules, checkItem, name)) return 'EXCLUDED_BY_OWNER'
    return isOffline.has(name) && isOfflineOnPurpose(rules, name) ? 'OFFLINE_ON_PURPOSE' : null
  }
  const out = new Map<string, Why>()
  for (const name of [...databases, ...named]) {
    const code = whyOut(name)
    if (code) out.set(name, code)
  }
  if (out.size === 0) return evaluation
  return {
    ...evaluation,
    findings: findings.filter(({ object }) => object.type === 'instance' || !out.has(object.name)),
    databases: databases.filter((name) => !out.has(name)),
    ...(protection && { protection: protection.filter(({ database }) => !out.has(database)) }),
    excluded: [...excluded, ...[...out].map(([name, code]) => ({ name, reason: { code, params: {} } }))],
  }
}

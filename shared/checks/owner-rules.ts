import { isLeftOut } from '../model/database-rules.ts'
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
}

const reason = { code: 'EXCLUDED_BY_OWNER', params: {} } as const

/** What an item concludes, without the databases that the registration has it leave out. */
export const asOwnerSays = (
  checkItem: CheckItemId,
  { databases: rules }: InstanceDefinition,
  evaluation: Evaluation,
): Evaluation => {
  const { findings, databases = [], excluded = [] } = evaluation
  const named = findings.flatMap(({ object }) => (object.type === 'instance' ? [] : [object.name]))
  const isOut = (name: string): boolean => isLeftOut(rules, checkItem, name)
  const out = new Set([...databases, ...named].filter(isOut))
  if (out.size === 0) return evaluation
  return {
    ...evaluation,
    findings: findings.filter(({ object }) => object.type === 'instance' || !out.has(object.name)),
    databases: databases.filter((name) => !out.has(name)),
    excluded: [...excluded, ...[...out].map((name) => ({ name, reason }))],
  }
}

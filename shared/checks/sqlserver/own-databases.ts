import type { Evaluation, FindingDraft } from '../framework/define-check.ts'
import { onDatabase } from './database-finding.ts'
import {
  type DatabaseFacts,
  type DatabaseRow,
  considered,
  exclusionTexts,
  observedOf,
  stateOf,
} from './databases.ts'
import { roleOf } from './role.ts'
import { type Role, contentsOf } from './roles.ts'

/** Texts of what is not judged here. */
export const ownTexts = {
  ...exclusionTexts,
  JUDGED_ELSEWHERE: {
    en: '{database} is a secondary ({role}): this is judged where its primary is.',
    zh: '{database} 是辅助数据库（{role}）：在主数据库所在的实例上判定。',
  },
  NOT_ONLINE: {
    en: '{database} is {state}: this is judged once it is ONLINE.',
    zh: '{database} 处于 {state} 状态：联机后再判定。',
  },
} as const
type NotJudged = Exclude<keyof typeof ownTexts, keyof typeof exclusionTexts>

/** A database that has contents of its own, is ONLINE and is no secondary is judged; of others it is said that they are not. */
const judgeOwn = <Code extends string>(
  row: DatabaseRow,
  facts: DatabaseFacts,
  judge: (row: DatabaseRow) => readonly FindingDraft<Code>[],
): readonly FindingDraft<Code | NotJudged>[] => {
  const role: Role = roleOf(row, facts)
  if (contentsOf(role) === 'elsewhere') {
    return [onDatabase(row, { code: 'JUDGED_ELSEWHERE', params: { role: [role] }, observed: { role } })]
  }
  const state = stateOf(row)
  return state === 'ONLINE'
    ? judge(row)
    : [
        onDatabase(row, {
          code: 'NOT_ONLINE',
          params: { state },
          observed: { state_desc: row.state_desc, is_in_standby: row.is_in_standby },
        }),
      ]
}

/** What an item concludes of the databases whose backups are judged on this instance. */
export const overOwnDatabases = <Code extends string>(
  facts: DatabaseFacts,
  judge: (row: DatabaseRow) => readonly FindingDraft<Code>[],
): Evaluation<Code | NotJudged> => {
  const { databases, excluded } = considered(facts)
  return {
    findings: databases.flatMap((row) => judgeOwn(row, facts, judge)),
    databases: databases.map(({ name }) => name),
    offline: databases.filter((row) => row.state_desc === 'OFFLINE').map(({ name }) => name),
    excluded,
    observed: observedOf(facts, databases),
  }
}

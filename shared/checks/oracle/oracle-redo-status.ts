import * as z from 'zod'
import type { Operation } from '../../model/operation.ts'
import type { Remediation } from '../../model/remediation.ts'
import { type FindingDraft, defineCheck } from '../framework/define-check.ts'
import { type RmanRow, RmanRows, rmanOf, rmanPrivileges, rmanQuery } from './backup-facts.ts'
import { oracle } from './engine.ts'
import { DatabaseFact, databaseQuery } from './facts.ts'
import { sqlplus } from './languages.ts'
import { recoverySteps as steps } from './recovery-steps.ts'
import { roleOf } from './role.ts'

const texts = {
  GROUP_INVALID: {
    en: 'All members of redo log group {group} are INVALID: its redo cannot be archived.',
    zh: '重做日志组 {group} 的所有成员均为 INVALID：其重做日志无法归档。',
  },
  MEMBER_NOT_IN_USE: {
    en: 'A member of redo log group {group} is {status}: {member}',
    zh: '重做日志组 {group} 的成员为 {status}：{member}',
  },
  SINGLE_MEMBER: {
    en: 'Redo log groups have one member only: {groups}. Unless the storage mirrors it, redo that is not archived yet is lost with the file.',
    zh: '以下重做日志组仅有一个成员：{groups}。除非存储有镜像，否则文件损坏时尚未归档的重做日志将丢失。',
  },
  MEMBER_UNKNOWN: {
    en: 'The status of a member of a redo log group is unknown: the server reports {status}.',
    zh: '无法判定重做日志组成员的状态：服务器返回 {status}。',
  },
} as const
type Draft = FindingDraft<keyof typeof texts>

const affected: readonly Operation[] = ['log', 'restore']

/** "V$LOGFILE", Oracle Database Reference; NULL is said to be in use by the statement. */
const sound: readonly (string | null)[] = ['IN USE', 'DELETED']
const broken: readonly (string | null)[] = ['INVALID', 'STALE']

const verifyMembers: Remediation['verify'] = {
  language: sqlplus.name,
  query: 'SELECT group#, status, member FROM v$logfile ORDER BY group#;',
}

const isKnown = ({ value, amount }: RmanRow): boolean =>
  amount !== null && [...sound, ...broken].includes(value)

const judgeGroup = (database: DatabaseFact, group: number, members: readonly RmanRow[]): Draft[] => {
  const object = { type: 'instance', name: `${database.name} group ${group}` } as const
  const remediation = { steps: [steps.mendMember({})], verify: verifyMembers, changes: { value: 'IN USE' } }
  const expected = { value: 'IN USE' }
  if (members.length > 0 && members.every(({ value }) => value === 'INVALID')) {
    const observed = { invalid_members: members.length }
    const about = { object, params: { group }, observed, expected, remediation } as const
    return [{ ...about, code: 'GROUP_INVALID', blocks: ['log'], degrades: ['restore'] }]
  }
  const impaired = members.filter(({ value }) => broken.includes(value))
  return impaired.slice(0, 1).map(({ name, value }) => ({
    code: 'MEMBER_NOT_IN_USE',
    params: { group, status: value ?? '-', member: name ?? '-' },
    object,
    observed: { value, impaired_members: impaired.length },
    expected,
    degrades: [...affected],
    remediation,
  }))
}

const unknown = ({ name }: DatabaseFact, status: string | null): Draft => ({
  code: 'MEMBER_UNKNOWN',
  params: { status: status ?? '-' },
  object: { type: 'instance', name },
  observed: { value: status },
  expected: { value: 'IN USE' },
  obscures: [...affected],
})

const single = ({ name }: DatabaseFact, groups: readonly number[]): Draft => ({
  code: 'SINGLE_MEMBER',
  params: { groups: groups.join(', ') },
  object: { type: 'instance', name },
  observed: { groups_of_one_member: groups.length },
  expected: { groups_of_one_member: 0 },
})

const judgeMembers = (database: DatabaseFact, members: readonly RmanRow[]): Draft[] => {
  const odd = members.filter((row) => !isKnown(row))
  const groups = [...new Set(members.flatMap(({ amount }) => amount ?? []))]
  const ofGroup = (group: number) => members.filter((row) => row.amount === group && row.value !== 'DELETED')
  const alone = groups.filter((group) => ofGroup(group).length === 1)
  return [
    ...(members.length === 0 ? [unknown(database, null)] : []),
    ...odd.slice(0, 1).map(({ value }) => unknown(database, value)),
    ...groups.flatMap((group) => judgeGroup(database, group, ofGroup(group))),
    ...(alone.length > 0 ? [single(database, alone)] : []),
  ]
}

/** Verifies that the members of the online redo logs can be used. A standby that receives its redo does not use its own. */
export default defineCheck(oracle, {
  id: 'ORACLE_REDO_STATUS',
  set: 'standard',
  title: { en: 'All members of the redo logs are in use', zh: '重做日志检查：所有成员可用' },
  failureTitle: { en: 'Members of the redo logs are not in use', zh: '重做日志检查：存在不可用的成员' },
  description: {
    en: 'Checks the status of the members of the online redo logs. Redo that cannot be read cannot be archived nor backed up.',
    zh: '检查联机重做日志成员的状态。无法读取的重做日志无法归档，也无法备份。',
  },
  affects: () => affected,
  texts,
  privileges: ['SELECT ON SYS.V_$DATABASE', ...rmanPrivileges],
  fixes: [steps.mendMember],
  documents: ['https://docs.oracle.com/en/database/oracle/oracle-database/19/refrn/V-LOGFILE.html'],
  queries: { database: databaseQuery, rman: rmanQuery },
  facts: z.object({ database: DatabaseFact, rman: RmanRows }),
  evaluate: ({ database, rman }) => {
    if (roleOf(database.database_role).redo === 'received') return { findings: [] }
    const members = rmanOf(rman, 'redo-member')
    return { findings: judgeMembers(database, members), observed: { members: members.length } }
  },
})

import { allOperations } from '../../model/operation.ts'
import type { FindingDraft } from '../framework/define-check.ts'
import { onState } from './database-finding.ts'
import type { DatabaseFacts, DatabaseRow } from './databases.ts'
import { setMultiUser, waitUntilReady } from './remediations.ts'
import { roleOf } from './role.ts'
import { judgeRoles, roleTexts } from './role-findings.ts'
import { contentsOf } from './roles.ts'

/** What may be wrong with a database that is ONLINE. */
export const onlineTexts = {
  ...roleTexts,
  NOT_READY: {
    en: '{database} is ONLINE but does not accept connections yet. Run the precheck again in a few minutes.',
    zh: '{database} 已处于 ONLINE 状态，但尚不接受连接。请几分钟后重新预检。',
  },
  SINGLE_USER: {
    en: '{database} is in SINGLE_USER mode: the backup cannot connect while another session is connected.',
    zh: '{database} 处于 SINGLE_USER 模式：已有其他连接时，备份无法连接。',
  },
  ACCESS_UNKNOWN: {
    en: 'It is unknown who may connect to {database}: the server reports {access}.',
    zh: '无法判定哪些用户可以连接 {database}：服务器返回 {access}。',
  },
} as const
type Code = keyof typeof onlineTexts

const judgeAccess = (row: DatabaseRow): FindingDraft<Code>[] => {
  const { user_access_desc } = row
  if (user_access_desc === 'MULTI_USER' || user_access_desc === 'RESTRICTED_USER') return []
  const about = { observed: { user_access_desc }, expected: { user_access_desc: 'MULTI_USER' } }
  if (user_access_desc === 'SINGLE_USER') {
    const remediation = setMultiUser(row.name)
    return [onState(row, { code: 'SINGLE_USER', degrades: [...allOperations], ...about, remediation })]
  }
  const params = { access: user_access_desc ?? 'NULL' }
  return [onState(row, { code: 'ACCESS_UNKNOWN', params, obscures: [...allOperations], ...about })]
}

/**
 * A database that has just come online has no collation before it accepts connections, one that AUTO_CLOSE closed has
 * none either and opens when it is needed ("sys.databases").
 */
const judgeReady = (row: DatabaseRow): FindingDraft<Code>[] => {
  const { collation_name, is_auto_close_on } = row
  if (collation_name !== null || is_auto_close_on === true) return []
  return [
    onState(row, {
      code: 'NOT_READY',
      blocks: [...allOperations],
      observed: { collation_name },
      expected: { collation_name: 'not NULL' },
      remediation: waitUntilReady(row, { collation_name: 'not NULL' }),
    }),
  ]
}

/** Who may connect, and whether anybody can, matters only where the contents are its own: a secondary may accept nobody. */
export const judgeOnline = (row: DatabaseRow, facts: DatabaseFacts): FindingDraft<Code>[] => [
  ...(contentsOf(roleOf(row, facts)) === 'own' ? [...judgeReady(row), ...judgeAccess(row)] : []),
  ...judgeRoles(row, facts),
]

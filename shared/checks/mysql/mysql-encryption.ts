import * as z from 'zod'
import { allOperations } from '../../model/operation.ts'
import { oneRow, orUnknown } from '../framework/answer.ts'
import { type CheckContext, type FindingDraft, defineCheck } from '../framework/define-check.ts'
import { accountSteps } from './account-steps.ts'
import { mysql } from './engine.ts'
import { grant } from './grant.ts'
import { onInstance } from './instance-finding.ts'
import { sessionSteps as steps } from './session-steps.ts'
import { SettingRows, settingOf, settingsQuery } from './settings.ts'

const texts = {
  KEYS_NEEDED: {
    en: '{tables} tablespaces are encrypted: without their keys, which are in no physical backup, what is copied cannot be restored on another server.',
    zh: '有 {tables} 个表空间已加密：物理备份中没有密钥，没有密钥时无法在其他服务器上恢复。',
  },
  LOG_COPY_IN_CLEAR: {
    en: 'The binary log is encrypted on the server. Copies that are taken over a connection are not.',
    zh: '二进制日志在服务器上已加密，但通过连接复制的副本未加密。',
  },
  ENCRYPTION_UNKNOWN: {
    en: 'It is unknown whether tablespaces are encrypted: the login of the precheck needs PROCESS.',
    zh: '无法判定表空间是否加密：预检账号需要 PROCESS 权限。',
  },
} as const
type Draft = FindingDraft<keyof typeof texts>

const facts = z.object({
  settings: SettingRows,
  encryption: oneRow({ encrypted: orUnknown(z.int()) }).nullable(),
})
type Facts = z.output<typeof facts>

const judgeLog = ({ settings }: Facts, context: CheckContext): Draft[] => {
  const value = settingOf(settings, 'encrypt_binlog') ?? settingOf(settings, 'binlog_encryption')
  if (value !== 'ON') return []
  const observed = { binlog_encryption: value }
  return [onInstance(context, { code: 'LOG_COPY_IN_CLEAR', observed, expected: {} })]
}

const judgeTables = ({ encryption }: Facts, context: CheckContext): Draft[] => {
  const encrypted = encryption?.encrypted ?? null
  if (encrypted === null) {
    return [
      onInstance(context, {
        code: 'ENCRYPTION_UNKNOWN',
        observed: { encrypted },
        expected: {},
        obscures: [...allOperations],
        remediation: grant(['PROCESS'], context),
      }),
    ]
  }
  if (encrypted === 0) return []
  return [
    onInstance(context, {
      code: 'KEYS_NEEDED',
      params: { tables: encrypted },
      observed: { encrypted },
      expected: {},
      degrades: [...allOperations],
      // Whether somebody has kept them, no server knows.
      remediation: { steps: [steps.keepKeys({})], verify: null, changes: {} },
    }),
  ]
}

/** Says of an encrypted server that its keys have to be kept. Whether they are, it does not show. */
export default defineCheck(mysql, {
  id: 'MYSQL_ENCRYPTION',
  set: 'standard',
  title: { en: 'A restore needs no key of the server', zh: '加密检查：恢复不需要服务器的密钥' },
  failureTitle: {
    en: 'A restore needs keys of the server, or it is unknown whether it does',
    zh: '加密检查：恢复需要服务器的密钥，或无法判定',
  },
  description: {
    en: 'Checks whether tablespaces or binary logs are encrypted. Backups have no keys: without a copy of them, encrypted tables cannot be restored on another server.',
    zh: '检查表空间或二进制日志是否加密。备份中没有密钥：没有密钥副本时，加密的表无法在其他服务器上恢复。',
  },
  affects: () => allOperations,
  texts,
  blindSpots: [
    {
      en: 'Whether somebody has kept a copy of the keys, no server knows.',
      zh: '服务器无法知道是否有人保存了密钥副本。',
    },
  ],
  privileges: ['PROCESS'],
  fixes: [accountSteps.grantToLogin, steps.keepKeys],
  documents: [
    'https://mariadb.com/kb/en/information-schema-innodb_tablespaces_encryption-table/',
    'https://mariadb.com/kb/en/file-key-management-encryption-plugin/',
    'https://dev.mysql.com/doc/refman/8.4/en/innodb-data-encryption.html',
  ],
  queries: {
    settings: settingsQuery,
    encryption: {
      sql: `SELECT COUNT(*) AS encrypted FROM /*M! information_schema.INNODB_TABLESPACES_ENCRYPTION AS e
WHERE e.encryption_scheme <> 0 *//*!50700 information_schema.TABLES AS e
WHERE UPPER(e.create_options) LIKE '%ENCRYPTION=''Y''%' */`,
      optional: true,
    },
  },
  facts,
  evaluate: (asked, context) => ({
    findings: [...judgeTables(asked, context), ...judgeLog(asked, context)],
    observed: { encrypted: asked.encryption?.encrypted ?? null },
  }),
})

import type { Operation } from '../../model/operation.ts'
import type { Remediation } from '../../model/remediation.ts'
import { type CheckContext, type FindingDraft, defineCheck } from '../framework/define-check.ts'
import { type ConditionFacts, type ConditionRow, asksConditions, conditionOf } from './conditions.ts'
import { overSeenDatabases } from './coverage.ts'
import { onDatabase } from './database-finding.ts'
import { type DatabaseRow, exclusionTexts } from './databases.ts'
import { encryptionSteps } from './encryption-steps.ts'
import { sqlserver } from './engine.ts'
import { tsql } from './languages.ts'
import { quoteString } from './quote.ts'
import { showFact } from './recovery-model-remediations.ts'
import { roleOf } from './role.ts'
import { contentsOf } from './roles.ts'
import { sqlServerSteps } from './steps.ts'

const texts = {
  ...exclusionTexts,
  CERTIFICATE_NOT_BACKED_UP: {
    en: '{database} is encrypted, and this server has no record of a backup of its certificate {certificate}: if the server is lost and nobody has the certificate, no backup of the database can be restored.',
    zh: '{database} 已加密，但本服务器没有其证书 {certificate} 的备份记录：如果服务器丢失且无人保有该证书，该数据库的任何备份都无法还原。',
  },
  CERTIFICATE_EXPIRED: {
    en: 'The certificate {certificate} of the encryption of {database} has expired. It goes on encrypting and decrypting, backups included.',
    zh: '{database} 加密所用的证书 {certificate} 已过期。它仍可用于加密和解密，包括备份。',
  },
  CERTIFICATE_EXPIRES: {
    en: 'The certificate {certificate} of the encryption of {database} expires in {days} days. It goes on encrypting and decrypting after that, backups included.',
    zh: '{database} 加密所用的证书 {certificate} 将在 {days} 天后过期。过期后仍可用于加密和解密，包括备份。',
  },
  KEY_IN_PROVIDER: {
    en: '{database} is encrypted by an asymmetric key of a key management provider: a restore needs that provider with the key, whose backup is not seen from here.',
    zh: '{database} 由密钥管理提供程序中的非对称密钥加密：还原时需要该提供程序及其密钥，此处无法看到其备份情况。',
  },
  ENCRYPTION_CHANGES: {
    en: 'The encryption of {database} is being changed (encryption_state {state}). Until a full backup is taken after that, log backups may need the certificate of before.',
    zh: '{database} 的加密正在变更（encryption_state {state}）。在变更后执行全量备份之前，日志备份可能仍需要原来的证书。',
  },
  CERTIFICATE_UNKNOWN: {
    en: '{database} is encrypted, and it is unknown whether its certificate was ever backed up: the login does not see it.',
    zh: '{database} 已加密，无法判定其证书是否备份过：该登录账号看不到该证书。',
  },
  ENCRYPTION_UNKNOWN: {
    en: 'It is unknown whether {database} is encrypted, or by what: the server reports {state}.',
    zh: '无法判定 {database} 是否加密或以何种方式加密：服务器返回 {state}。',
  },
} as const
type Draft = FindingDraft<keyof typeof texts>

const operations: readonly Operation[] = ['restore']

/** What each `encryption_state` means ("sys.dm_database_encryption_keys"). */
const states: ReadonlyMap<number | null, 'plain' | 'encrypted' | 'changing'> = new Map([
  [null, 'plain'],
  [0, 'plain'],
  [1, 'plain'],
  [2, 'changing'],
  [3, 'encrypted'],
  [4, 'changing'],
  [5, 'changing'],
  [6, 'changing'],
])

const verifyCertificate = (certificate: string): Remediation['verify'] => ({
  language: tsql.name,
  query: `SELECT name, pvt_key_last_backup_date, expiry_date FROM master.sys.certificates WHERE name = ${quoteString(certificate)};`,
})

const judgeExpiry = (row: DatabaseRow, certificate: string, days: number, context: CheckContext): Draft[] => {
  if (days > context.thresholdsFor(row.name).expiryWarningDays) return []
  const about = {
    observed: { certificate_days_left: days },
    expected: {},
    remediation: {
      steps: [encryptionSteps.replaceCertificate({})],
      verify: verifyCertificate(certificate),
      // Whether it has to be valid is for the rules of its owner.
      changes: {},
    },
  }
  return days < 0
    ? [onDatabase(row, { ...about, code: 'CERTIFICATE_EXPIRED', params: { certificate } })]
    : [onDatabase(row, { ...about, code: 'CERTIFICATE_EXPIRES', params: { certificate, days } })]
}

/** The date is that of the last export of the private key on this server: a certificate that came from a file has none. */
const judgeCertificate = (
  row: DatabaseRow,
  condition: ConditionRow,
  { server }: ConditionFacts,
  context: CheckContext,
): Draft[] => {
  const { certificate, is_certificate_backed_up, certificate_days_left: days } = condition
  if (certificate === null || is_certificate_backed_up === null) {
    return [
      onDatabase(row, {
        code: 'CERTIFICATE_UNKNOWN',
        observed: { certificate, is_certificate_backed_up },
        expected: { is_certificate_backed_up: true },
        obscures: [...operations],
        ...(server.view_any_definition !== true && { remediation: showFact(context.target) }),
      }),
    ]
  }
  const expiry = days === null ? [] : judgeExpiry(row, certificate, days, context)
  if (is_certificate_backed_up) return expiry
  return [
    onDatabase(row, {
      code: 'CERTIFICATE_NOT_BACKED_UP',
      params: { certificate },
      observed: { certificate, is_certificate_backed_up },
      expected: { is_certificate_backed_up: true },
      degrades: [...operations],
      remediation: {
        steps: [encryptionSteps.backUpCertificate({ certificate })],
        verify: verifyCertificate(certificate),
        changes: { is_certificate_backed_up: true },
      },
    }),
    ...expiry,
  ]
}

const unknownEncryption = (row: DatabaseRow, condition: ConditionRow | null): Draft => {
  const is_encrypted = condition?.is_encrypted ?? null
  const encryption_state = condition?.encryption_state ?? null
  const encryptor_type = condition?.encryptor_type ?? null
  return onDatabase(row, {
    code: 'ENCRYPTION_UNKNOWN',
    params: {
      state: [is_encrypted, encryption_state, encryptor_type].map((each) => each ?? 'NULL').join(', '),
    },
    observed: { is_encrypted, encryption_state, encryptor_type },
    expected: { is_encrypted: 'not NULL' },
    obscures: [...operations],
  })
}

/** A TDE key is protected by a certificate of master, or by an asymmetric key that never leaves its provider. */
const judgeEncryptor = (
  row: DatabaseRow,
  condition: ConditionRow,
  facts: ConditionFacts,
  context: CheckContext,
): Draft[] => {
  switch (condition.encryptor_type) {
    case 'CERTIFICATE':
      return judgeCertificate(row, condition, facts, context)
    case 'ASYMMETRIC KEY':
      return [
        onDatabase(row, {
          code: 'KEY_IN_PROVIDER',
          observed: { encryptor_type: condition.encryptor_type },
        }),
      ]
    default:
      return [unknownEncryption(row, condition)]
  }
}

/** The certificate of a secondary came from a file, and its backups are those of its primary. */
const judgeEncryption = (row: DatabaseRow, facts: ConditionFacts, context: CheckContext): Draft[] => {
  if (contentsOf(roleOf(row, facts)) === 'elsewhere') return []
  const condition = conditionOf(row, facts)
  const meaning = condition ? states.get(condition.encryption_state) : undefined
  if (!condition || condition.is_encrypted === null || meaning === undefined) {
    return [unknownEncryption(row, condition)]
  }
  // That of a database that is not open is not shown.
  if (meaning === 'plain') return condition.is_encrypted ? [unknownEncryption(row, condition)] : []
  const { encryption_state } = condition
  const change = onDatabase(row, {
    code: 'ENCRYPTION_CHANGES',
    params: { state: encryption_state ?? 'NULL' },
    observed: { encryption_state },
    expected: { encryption_state: 3 },
  })
  return [...(meaning === 'changing' ? [change] : []), ...judgeEncryptor(row, condition, facts, context)]
}

/**
 * Verifies that the certificate of every encrypted database was backed up with its private key: without it a backup
 * can be restored nowhere else. An expired certificate goes on working for TDE, which is a note.
 */
export default defineCheck(sqlserver, {
  id: 'SQL_SERVER_TDE_CERTIFICATE',
  set: 'standard',
  title: {
    en: 'The certificates of encrypted databases are backed up',
    zh: 'TDE 证书检查：加密数据库的证书均已备份',
  },
  failureTitle: {
    en: 'Certificates of encrypted databases are not backed up',
    zh: 'TDE 证书检查：有加密数据库的证书未备份',
  },
  description: {
    en: 'Checks whether the certificate that protects the encryption key of each encrypted database was backed up. Without the certificate, backups of the database cannot be restored on another server.',
    zh: '检查保护各加密数据库加密密钥的证书是否已备份。没有该证书，数据库的备份无法在其他服务器上还原。',
  },
  affects: () => operations,
  texts,
  documents: [
    'https://learn.microsoft.com/sql/relational-databases/security/encryption/transparent-data-encryption',
    'https://learn.microsoft.com/sql/relational-databases/system-dynamic-management-views/sys-dm-database-encryption-keys-transact-sql',
    'https://learn.microsoft.com/sql/relational-databases/system-catalog-views/sys-certificates-transact-sql',
  ],
  fixes: [encryptionSteps.backUpCertificate, sqlServerSteps.grant, encryptionSteps.replaceCertificate],
  ...asksConditions,
  evaluate: (facts, context) => overSeenDatabases(facts, (row) => judgeEncryption(row, facts, context)),
})

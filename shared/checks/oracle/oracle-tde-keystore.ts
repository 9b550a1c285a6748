import * as z from 'zod'
import type { AffectedObject } from '../../model/finding.ts'
import type { Operation } from '../../model/operation.ts'
import type { Remediation } from '../../model/remediation.ts'
import { type FindingDraft, defineCheck } from '../framework/define-check.ts'
import { containerOf, databaseNames } from './containers.ts'
import { oracle } from './engine.ts'
import { DatabaseFact, PluggableRows, databaseQuery, pluggableQuery } from './facts.ts'
import { sqlplus } from './languages.ts'
import { roleOf, takesNoBackup } from './role.ts'
import { type ServerRow, ServerRows, ofKind, serverPrivileges, serverQuery } from './server-facts.ts'
import { showKeystores, serverSteps as steps } from './server-steps.ts'

const texts = {
  KEYSTORE_NOT_OPEN: {
    en: 'The keystore with the encryption keys of {database} is {status}: nothing can be recovered without it, and backups that RMAN encrypts or compresses fail.',
    zh: '存放 {database} 加密密钥的密钥库状态为 {status}：没有密钥则无法恢复，由 RMAN 加密或压缩的备份也会失败。',
  },
  KEYSTORE_PASSWORD: {
    en: 'Somebody has to type a password to open the keystore of {database}: after a restart, and in a restore, encrypted data cannot be read until then.',
    zh: '{database} 的密钥库需要人工输入密码才能打开：重启后以及恢复过程中，在此之前无法读取加密数据。',
  },
  KEYSTORE_UNKNOWN: {
    en: 'Whether the keystore of {database} is open is unknown: the server reports {status}.',
    zh: '无法判定 {database} 的密钥库是否已打开：服务器返回 {status}。',
  },
  KEYSTORE_APART: {
    en: 'The database has encrypted tablespaces. No backup of it holds the keystore: without a copy of the keystore and its password, no backup can be restored elsewhere.',
    zh: '该数据库包含加密表空间。数据库备份不包含密钥库：没有密钥库副本及其密码，任何备份都无法在其他位置恢复。',
  },
  ENCRYPTION_UNSEEN: {
    en: 'The database is only mounted: whether it has encrypted tablespaces shows once it is open. Its keystore was not judged.',
    zh: '数据库仅处于装载状态：打开后才能获知是否包含加密表空间，因此未检查密钥库。',
  },
} as const
type Draft = FindingDraft<keyof typeof texts>

const affected: readonly Operation[] = ['full', 'incremental', 'restore']

/** "V$ENCRYPTION_WALLET", Oracle Database Reference. */
const shutStatuses: readonly string[] = ['CLOSED', 'NOT_AVAILABLE', 'OPEN_NO_MASTER_KEY']
/** `UNKNOWN`: made with another tool, which does not show how it is opened. */
const openedByItself: readonly string[] = ['AUTOLOGIN', 'LOCAL_AUTOLOGIN', 'HSM', 'OKV', 'UNKNOWN']

const verify: Remediation['verify'] = { language: sqlplus.name, query: showKeystores }

const openSteps = (status: string, database: string): Remediation['steps'] => {
  if (status === 'OPEN_NO_MASTER_KEY') return [steps.importKeys({ database })]
  return [
    ...(status === 'NOT_AVAILABLE' ? [steps.bringKeystoreBack({})] : []),
    steps.openKeystore({ database }),
  ]
}

/** Judges the keystore of what is encrypted with it. */
const judgeKeystore = (row: ServerRow | null, object: AffectedObject): Draft[] => {
  const part = {
    object,
    observed: { status: row?.value ?? null, wallet_type: row?.detail ?? null },
    expected: { status: 'OPEN', wallet_type: 'AUTOLOGIN' },
  }
  const [status, type] = [row?.value ?? 'NULL', row?.detail ?? 'NULL']
  const database = object.name
  if (shutStatuses.includes(status)) {
    const remediation = { steps: openSteps(status, database), verify, changes: { value: 'OPEN' } }
    const params = { database, status }
    const degrades: Operation[] = ['full', 'incremental']
    return [{ ...part, code: 'KEYSTORE_NOT_OPEN', params, blocks: ['restore'], degrades, remediation }]
  }
  if (status === 'OPEN' && type === 'PASSWORD') {
    const remediation = { steps: [steps.createAutoLogin({})], verify, changes: { detail: 'LOCAL_AUTOLOGIN' } }
    return [{ ...part, code: 'KEYSTORE_PASSWORD', params: { database }, degrades: ['restore'], remediation }]
  }
  if (status === 'OPEN' && openedByItself.includes(type)) return []
  const params = { database, status: `${status}, ${type}` }
  return [{ ...part, code: 'KEYSTORE_UNKNOWN', params, obscures: [...affected] }]
}

/** The keystores of a container over all instances: its own, or that of the whole. */
const keystoresOf = (con_id: number, server: readonly ServerRow[]): readonly ServerRow[] => {
  const keystores = ofKind(server, 'KEYSTORE')
  const own = keystores.filter((row) => row.con_id === con_id)
  return own.length > 0 ? own : keystores.filter((row) => row.con_id === 0)
}

/** One finding of a code on an object, from the first instance that shows it. */
const once = (drafts: readonly Draft[]): Draft[] =>
  drafts.filter(
    ({ code, object }, index) =>
      drafts.findIndex((other) => other.code === code && other.object.name === object.name) === index,
  )

const noteOn = (name: string, code: 'KEYSTORE_APART' | 'ENCRYPTION_UNSEEN'): Draft => ({
  code,
  object: { type: 'instance', name },
  observed: {},
  expected: {},
  ...(code === 'KEYSTORE_APART' && {
    remediation: { steps: [steps.backUpKeystore({})], verify: null, changes: {} },
  }),
})

/**
 * Verifies that the keystore of encrypted tablespaces is open, and opens by itself. Blocks of encrypted tablespaces are
 * backed up as they are; what needs the keys is recovery, and backups that RMAN encrypts or compresses.
 */
export default defineCheck(oracle, {
  id: 'ORACLE_TDE_KEYSTORE',
  set: 'standard',
  title: { en: 'The keystore of the encryption keys is open', zh: '加密密钥库已打开' },
  failureTitle: { en: 'The keystore of the encryption keys is not open', zh: '加密密钥库未打开' },
  description: {
    en: 'Checks whether the keystore of encrypted tablespaces is open and opens by itself. If the check fails, encrypted data cannot be recovered.',
    zh: '检查加密表空间的密钥库是否已打开，以及能否自动打开。如果未通过，则无法恢复加密数据。',
  },
  affects: () => affected,
  texts,
  privileges: [...serverPrivileges, 'SELECT ON SYS.V_$DATABASE', 'SELECT ON SYS.GV_$PDBS'],
  fixes: [
    steps.backUpKeystore,
    steps.bringKeystoreBack,
    steps.createAutoLogin,
    steps.importKeys,
    steps.openKeystore,
  ],
  documents: [
    'https://docs.oracle.com/en/database/oracle/oracle-database/19/refrn/V-ENCRYPTION_WALLET.html',
    'https://docs.oracle.com/en/database/oracle/oracle-database/19/refrn/V-ENCRYPTED_TABLESPACES.html',
  ],
  queries: { database: databaseQuery, pluggables: pluggableQuery, server: serverQuery },
  facts: z.object({ database: DatabaseFact, pluggables: PluggableRows, server: ServerRows }),
  evaluate: ({ database, pluggables, server }) => {
    const encrypted = ofKind(server, 'ENCRYPTED')
    const observed = { encrypted_containers: encrypted.length }
    if (takesNoBackup(roleOf(database.database_role))) return { findings: [], observed }
    const drafts = encrypted.flatMap(({ con_id }) => {
      const object = containerOf(con_id, database, pluggables)
      const keystores = keystoresOf(con_id, server)
      return keystores.length === 0
        ? judgeKeystore(null, object)
        : keystores.flatMap((row) => judgeKeystore(row, object))
    })
    const isUnseen = encrypted.length === 0 && database.open_mode === 'MOUNTED'
    return {
      findings: [
        ...once(drafts),
        ...(encrypted.length > 0 ? [noteOn(database.name, 'KEYSTORE_APART')] : []),
        ...(isUnseen ? [noteOn(database.name, 'ENCRYPTION_UNSEEN')] : []),
      ],
      databases: databaseNames(database, pluggables),
      observed,
    }
  },
})

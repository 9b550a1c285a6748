import * as z from 'zod'
import { msPerDay } from '../../model/durations.ts'
import { allOperations } from '../../model/operation.ts'
import { type CheckContext, type FindingDraft, defineCheck } from '../framework/define-check.ts'
import { identitiesOf } from '../framework/identities.ts'
import { mysql } from './engine.ts'
import { mysqlClient } from './languages.ts'
import { type Product, compareVersions, productOf } from './product.ts'
import { SettingRows, settingOf, settingsQuery } from './settings.ts'
import { serverSteps as steps } from './steps.ts'
import { supportDocuments, supportOf } from './support-dates.ts'

const texts = {
  SUPPORT_ENDED: {
    en: 'The server is {product} {version}, whose support ended on {end}: what may keep its backups from being taken or restored is mended no more.',
    zh: '服务器为 {product} {version}，已于 {end} 停止支持：影响其备份或恢复的问题不再修复。',
  },
  SUPPORT_ENDS: {
    en: 'The server is {product} {version}, whose support ends on {end}. Plan the upgrade.',
    zh: '服务器为 {product} {version}，将于 {end} 停止支持。请计划升级。',
  },
  SHORT_TERM_SERIES: {
    en: 'The server is {product} {version}, of a series with short-term support, which ended when the next one came: nothing is mended in it any more.',
    zh: '服务器为 {product} {version}，属于短期支持的版本系列，下一系列发布后即停止支持：问题不再修复。',
  },
  VERSION_NOT_LISTED: {
    en: 'The server is {product} {version}, newer than the series whose end of support is known here.',
    zh: '服务器为 {product} {version}，比此处已知停止支持日期的版本系列更新。',
  },
  NOT_OF_CLOUD_BACKUP: {
    en: 'The server is {product} {version}, but Cloud Backup lists MySQL 5.1.38 to 8.0.32: it may not be able to back it up or restore it.',
    zh: '服务器为 {product} {version}，而云备份支持的是 MySQL 5.1.38 至 8.0.32：可能无法备份或恢复。',
  },
  WINDOWS: {
    en: 'The server runs on Windows ({os}), where Cloud Backup does not back up MySQL.',
    zh: '服务器运行在 Windows 上（{os}），云备份不支持备份 Windows 上的 MySQL。',
  },
  OS_UNKNOWN: {
    en: 'It is unknown whether the server runs on Windows, where Cloud Backup does not back up MySQL.',
    zh: '无法判定服务器是否运行在 Windows 上，云备份不支持备份 Windows 上的 MySQL。',
  },
  VERSION_UNKNOWN: {
    en: 'It is unknown whether this is MySQL or MariaDB, and of which version: the server reports {version}.',
    zh: '无法判定这是 MySQL 还是 MariaDB 以及其版本：服务器返回 {version}。',
  },
} as const
type Draft = FindingDraft<keyof typeof texts>

/** Versions that Cloud Backup lists (help.aliyun.com, "MySQL backup", 2025-11-21). */
const oldestOfCloudBackup = [5, 1, 38]
const newestOfCloudBackup = [8, 0, 32]

const facts = z.object({ settings: SettingRows })
type Facts = z.output<typeof facts>

const verify = {
  language: mysqlClient.name,
  query: "SHOW GLOBAL VARIABLES LIKE 'version%';",
}
/** To which version is for its owner to decide. */
const upgrade: Draft['remediation'] = { steps: [steps.upgrade({})], verify, changes: {} }

const about = ({ settings }: Facts, { target }: CheckContext) => ({
  object: { type: 'instance', name: target.instanceId } as const,
  observed: { version: settingOf(settings, 'version') },
  expected: { version: 'of a series in support' },
})

/** Whatever Cloud Backup lists, its makers mend no more: under its profile, that is worth a note only. */
const judgeSupport = (product: Product, asked: Facts, context: CheckContext): Draft[] => {
  const support = supportOf(product)
  const base = { ...about(asked, context), params: { product: product.name, version: product.version } }
  if (support === 'newer') return [{ ...base, code: 'VERSION_NOT_LISTED' }]
  const degrades = context.target.definition.profile === 'native' ? [...allOperations] : []
  const outdated = { ...base, degrades, remediation: upgrade }
  if (support === 'short-term') return [{ ...outdated, code: 'SHORT_TERM_SERIES' }]
  const { end } = support
  const daysLeft = (Date.parse(end) - context.now.getTime()) / msPerDay
  // The last day counts.
  const hasEnded = daysLeft <= -1
  if (!hasEnded && daysLeft > context.thresholdsFor().expiryWarningDays) return []
  const code = hasEnded ? 'SUPPORT_ENDED' : 'SUPPORT_ENDS'
  return [{ ...outdated, code, params: { ...base.params, end } }]
}

const isOfCloudBackup = ({ name, numbers }: Product): boolean =>
  name === 'MySQL' &&
  compareVersions(numbers, oldestOfCloudBackup) >= 0 &&
  compareVersions(numbers, newestOfCloudBackup) <= 0

const move: Draft['remediation'] = { steps: [steps.moveToSupported({})], verify, changes: {} }

/** `version_compile_os` is `Win64` there, `Linux` or `debian-linux-gnu` elsewhere. */
const judgeSystem = (asked: Facts, context: CheckContext): Draft[] => {
  const os = settingOf(asked.settings, 'version_compile_os')
  const base = { ...about(asked, context), observed: { version_compile_os: os } }
  const expected = { version_compile_os: 'Linux' }
  if (os === null || os === '')
    return [{ ...base, code: 'OS_UNKNOWN', expected, obscures: [...allOperations] }]
  if (!/^win/i.test(os)) return []
  const params = { os }
  return [{ ...base, code: 'WINDOWS', params, expected, blocks: [...allOperations], remediation: move }]
}

const judgeCloudBackup = (product: Product, asked: Facts, context: CheckContext): Draft[] => {
  if (context.target.definition.profile !== 'cloud-backup') return []
  const unlisted: Draft = {
    ...about(asked, context),
    code: 'NOT_OF_CLOUD_BACKUP',
    params: { product: product.name, version: product.version },
    expected: { version: 'MySQL 5.1.38 to 8.0.32' },
    degrades: [...allOperations],
    remediation: move,
  }
  return [...(isOfCloudBackup(product) ? [] : [unlisted]), ...judgeSystem(asked, context)]
}

const judge = (asked: Facts, context: CheckContext): Draft[] => {
  const version = settingOf(asked.settings, 'version')
  const product = productOf(version)
  if (product) return [...judgeCloudBackup(product, asked, context), ...judgeSupport(product, asked, context)]
  const params = { version: version ?? 'NULL' }
  return [{ ...about(asked, context), code: 'VERSION_UNKNOWN', params, obscures: [...allOperations] }]
}

/** 36 characters where there is one. MariaDB has none, and the databases are not looked at here. */
const uuid = /^[0-9a-f-]{36}$/i

const identify = ({ settings }: Facts) => {
  const id = settingOf(settings, 'server_uuid') ?? ''
  const instance = { name: null, id: uuid.test(id) ? id : null, fork: null }
  return identitiesOf({ instance, type: 'database', isWhole: false, databases: [] })
}

/** Verifies that the server is of a version that is mended, and that Cloud Backup lists; says what it is. */
export default defineCheck(mysql, {
  id: 'MYSQL_VERSION',
  set: 'essential',
  title: {
    en: 'The version of MySQL or MariaDB is supported',
    zh: '版本检查：MySQL 或 MariaDB 的版本受支持',
  },
  failureTitle: {
    en: 'The version of MySQL or MariaDB is not supported, or soon will not be',
    zh: '版本检查：MySQL 或 MariaDB 的版本不受支持或即将停止支持',
  },
  description: {
    en: 'Checks whether the server is MySQL or MariaDB, whether its series is still supported, and under the profile "cloud-backup" whether Cloud Backup lists its version and system.',
    zh: '检查服务器是 MySQL 还是 MariaDB、其版本系列是否仍在支持期内，以及在 profile 为“cloud-backup”时云备份是否支持其版本和操作系统。',
  },
  affects: () => allOperations,
  texts,
  privileges: [],
  fixes: [steps.moveToSupported, steps.upgrade],
  documents: [
    ...supportDocuments,
    'https://www.alibabacloud.com/help/doc-detail/73336.htm',
    'https://help.aliyun.com/en/cloud-backup/user-guide/precheck-a-mysql-database-deployed-on-an-ecs-instance',
  ],
  queries: { settings: settingsQuery },
  facts,
  evaluate: (asked, context) => {
    const version = settingOf(asked.settings, 'version')
    return {
      findings: judge(asked, context),
      identities: identify(asked),
      observed: {
        product: productOf(version)?.name ?? null,
        version,
        version_comment: settingOf(asked.settings, 'version_comment'),
        version_compile_os: settingOf(asked.settings, 'version_compile_os'),
      },
    }
  },
})

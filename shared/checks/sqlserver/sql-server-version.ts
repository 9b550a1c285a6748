import * as z from 'zod'
import { msPerDay } from '../../model/durations.ts'
import { allOperations } from '../../model/operation.ts'
import { type CheckContext, type FindingDraft, defineCheck } from '../framework/define-check.ts'
import { isHosted } from './coverage.ts'
import { DatabaseFacts, databaseQueries, majorVersionOf } from './databases.ts'
import { sqlserver } from './engine.ts'
import { serviceSteps } from './service-steps.ts'
import { type SupportedVersion, newestListed, supportedVersions } from './support-dates.ts'

const texts = {
  SUPPORT_ENDED: {
    en: '{title} ({version}) is out of support since {date}: nobody fixes what may keep its backups from being taken or restored, and a restore needs a server of this version or later.',
    zh: '{title}（{version}）自 {date} 起已停止支持：影响其备份或还原的问题不再修复，且还原需要相同或更高版本的服务器。',
  },
  SUPPORT_ENDS: {
    en: 'The support of {title} ({version}) ends on {date}. Plan the upgrade.',
    zh: '{title}（{version}）将于 {date} 停止支持。请计划升级。',
  },
  VERSION_NOT_LISTED: {
    en: 'The version {version} is newer than those whose end of support is known here.',
    zh: '版本 {version} 比此处已知停止支持日期的版本更新。',
  },
  VERSION_UNKNOWN: {
    en: 'It is unknown whether the version is supported: the server reports {version}.',
    zh: '无法判定该版本是否受支持：服务器返回 {version}。',
  },
} as const
type Code = keyof typeof texts
type Draft = FindingDraft<Code>

const facts = z.object({ server: DatabaseFacts.shape.server })
type Facts = z.output<typeof facts>

const onVersion = (code: Code, { server }: Facts, part: Partial<Draft>, { target }: CheckContext): Draft => ({
  observed: { product_version: server.product_version },
  expected: {},
  ...part,
  code,
  params: { version: server.product_version, ...part.params },
  object: { type: 'instance', name: target.instanceId },
})

const judgeSupport = (listed: SupportedVersion, asked: Facts, context: CheckContext): Draft[] => {
  const { title, supportEnds: date } = listed
  const daysLeft = (Date.parse(date) - context.now.getTime()) / msPerDay
  // The last day counts.
  const hasEnded = daysLeft <= -1
  if (!hasEnded && daysLeft > context.thresholdsFor().expiryWarningDays) return []
  const part = {
    params: { title, date },
    expected: { product_version: 'of a version in support' },
    degrades: [...allOperations],
    // To which version is for its owner to decide.
    remediation: { steps: [serviceSteps.upgrade({})], verify: null, changes: {} },
  }
  return [onVersion(hasEnded ? 'SUPPORT_ENDED' : 'SUPPORT_ENDS', asked, part, context)]
}

/** A managed service is kept up by its vendor. */
const judgeVersion = (asked: Facts, context: CheckContext): Draft[] => {
  if (!isHosted(asked.server)) return []
  const version = majorVersionOf(asked)
  const listed = supportedVersions.get(version)
  if (listed) return judgeSupport(listed, asked, context)
  return version > newestListed
    ? [onVersion('VERSION_NOT_LISTED', asked, {}, context)]
    : [onVersion('VERSION_UNKNOWN', asked, { obscures: [...allOperations] }, context)]
}

/**
 * Verifies that the vendor still supports the version. Extended security updates that are paid for are not seen. That
 * a managed service follows other rules is said with the states of databases.
 */
export default defineCheck(sqlserver, {
  id: 'SQL_SERVER_VERSION',
  set: 'standard',
  title: { en: 'The version of SQL Server is supported', zh: 'SQL Server 版本检查：版本在支持期内' },
  failureTitle: {
    en: 'The version of SQL Server is out of support, or soon will be',
    zh: 'SQL Server 版本检查：版本已停止支持或即将停止支持',
  },
  description: {
    en: 'Checks whether Microsoft still supports the version of the server. Extended security updates that are paid for are not seen.',
    zh: '检查服务器版本是否仍在 Microsoft 的支持期内。无法看到是否购买了扩展安全更新。',
  },
  affects: () => allOperations,
  texts,
  privileges: [],
  fixes: [serviceSteps.upgrade],
  documents: [...supportedVersions.values()].map(({ source }) => source),
  queries: { server: databaseQueries.server },
  facts,
  evaluate: (asked, context) => ({
    findings: judgeVersion(asked, context),
    observed: {
      product_version: asked.server.product_version,
      edition: asked.server.edition,
      engine_edition: asked.server.engine_edition,
    },
  }),
})

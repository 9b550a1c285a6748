import * as z from 'zod'
import { allOperations } from '../../model/operation.ts'
import { type FindingDraft, defineCheck } from '../framework/define-check.ts'
import { oracle } from './engine.ts'
import { sqlplus } from './languages.ts'
import { ServerRows, ofKind, serverPrivileges, serverQuery } from './server-facts.ts'
import { serverSteps as steps } from './server-steps.ts'

const texts = {
  VERSION_OUT_OF_SUPPORT: {
    en: '{instance} runs Oracle {version}, whose support ended on {end}: faults of backup and recovery, and security holes, are mended no more.',
    zh: '{instance} 运行的 Oracle {version} 已于 {end} 结束支持：备份和恢复的缺陷以及安全漏洞不再修复。',
  },
  VERSION_NOT_LISTED: {
    en: '{instance} runs Oracle {version}, which is newer than what this service knows of: how long it is supported was not judged.',
    zh: '{instance} 运行的 Oracle {version} 比本服务已知的版本更新：未判定其支持期限。',
  },
  VERSION_UNKNOWN: {
    en: 'The version of {instance} is unknown: the server reports {version}.',
    zh: '无法判定 {instance} 的版本：服务器返回 {version}。',
  },
} as const
type Draft = FindingDraft<keyof typeof texts>

/**
 * The last day (UTC) on which Oracle mends faults of a release, extended support included where there is one. Sources:
 * for 12.1 and 12.2 the Lifetime Support Policy for Technology Products; for 18 "Release Schedule of Current Database
 * Releases" (Doc ID 742060.1); for 19 and 21 the same document, as the download page of the JDBC drivers quotes it; for
 * 23 (23ai, 26ai) premier support by that page.
 */
const lastDays: ReadonlyMap<string, string> = new Map([
  ['12.1', '2022-07-31'],
  ['12.2', '2022-03-31'],
  ['18', '2021-06-30'],
  ['19', '2032-12-31'],
  ['21', '2027-07-31'],
  ['23', '2031-12-31'],
])
const newestListed = 23

/** What is supported together: the year since 18, two numbers before. Null: no version. */
const releaseOf = (version: string | null): { readonly name: string; readonly major: number } | null => {
  if (version === null || !/^\d{1,3}\.\d{1,3}(?:\.\d+)*$/.test(version)) return null
  const major = Number.parseInt(version, 10)
  return { major, name: version.split('.', major < 18 ? 2 : 1).join('.') }
}

const query = 'SELECT inst_id, instance_name, version FROM gv$instance;'

const judge = (instance: string, version: string | null, today: string): Draft[] => {
  const about = {
    object: { type: 'instance', name: instance },
    observed: { version },
    expected: { version: 'supported' },
  } as const
  const release = releaseOf(version)
  const end = lastDays.get(release?.name ?? '')
  const params = { instance, version: version ?? 'NULL' }
  if (end !== undefined) {
    if (today <= end) return []
    const remediation = {
      steps: [steps.upgrade({})],
      verify: { language: sqlplus.name, query },
      changes: {},
    }
    const degrades = [...allOperations]
    return [{ ...about, code: 'VERSION_OUT_OF_SUPPORT', params: { ...params, end }, degrades, remediation }]
  }
  if (release !== null && release.major > newestListed)
    return [{ ...about, code: 'VERSION_NOT_LISTED', params }]
  return [{ ...about, code: 'VERSION_UNKNOWN', params, obscures: [...allOperations] }]
}

/** Verifies that Oracle still mends faults of the release. */
export default defineCheck(oracle, {
  id: 'ORACLE_VERSION',
  set: 'standard',
  title: { en: 'The version of Oracle is supported', zh: 'Oracle 版本在支持期内' },
  failureTitle: { en: 'The version of Oracle is out of support', zh: 'Oracle 版本已停止支持' },
  description: {
    en: 'Checks whether Oracle still mends faults of the release. If the check fails, new faults of backup and recovery stay.',
    zh: '检查该版本是否仍在 Oracle 的支持期内。如果未通过，备份和恢复的新缺陷将不再修复。',
  },
  affects: () => allOperations,
  texts,
  privileges: serverPrivileges,
  fixes: [steps.upgrade],
  documents: ['https://www.oracle.com/us/assets/lifetime-support-technology-069183.pdf'],
  queries: { server: serverQuery },
  facts: z.object({ server: ServerRows }),
  evaluate: ({ server }, { now }) => {
    const instances = ofKind(server, 'INSTANCE')
    const today = now.toISOString().slice(0, 10)
    return {
      findings: instances.flatMap(({ name, value }) => judge(name, value, today)),
      observed: { version: [...new Set(instances.map(({ value }) => value ?? 'NULL'))].join(', ') },
    }
  },
})

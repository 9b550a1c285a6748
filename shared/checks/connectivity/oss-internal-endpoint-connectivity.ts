import { allOperations } from '../../model/operation.ts'
import { defineNetworkCheck } from '../framework/define-check.ts'
import { ossEndpoints } from './endpoints.ts'
import { ReachFacts, judgeReaches } from './reach.ts'
import { reachFixes } from './steps.ts'
import { reachTexts } from './texts.ts'

/**
 * Verifies that OSS of the same region is reached through its internal endpoint: DNS, TCP, TLS and HTTP in turn. Any
 * HTTP status but those of proxies passes. Blocks backup and restore of the whole instance. Fixed in the network, not
 * in the database.
 */
export default defineNetworkCheck({
  id: 'OSS_INTERNAL_ENDPOINT_CONNECTIVITY',
  set: 'essential',
  title: { en: 'OSS can be reached through its internal endpoint', zh: 'OSS 连接性检查：可通过内网访问 OSS' },
  failureTitle: {
    en: 'OSS cannot be reached through its internal endpoint',
    zh: 'OSS 连接性检查：无法通过内网访问 OSS',
  },
  description: {
    en: 'Checks the connectivity to OSS of the same region over its internal endpoint. If the check fails, you cannot perform backup or restore operations.',
    zh: '检查通过内网域名访问同地域 OSS 的连接性。如果未通过，则无法执行备份和恢复操作。',
  },
  affects: () => allOperations,
  texts: reachTexts,
  fixes: reachFixes,
  documents: ['https://www.alibabacloud.com/help/en/oss/user-guide/regions-and-endpoints'],
  endpoints: ossEndpoints,
  facts: ReachFacts,
  evaluate: judgeReaches,
})

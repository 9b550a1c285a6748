import { allOperations } from '../../model/operation.ts'
import { defineNetworkCheck } from '../framework/define-check.ts'
import { ossEndpoints } from './endpoints.ts'
import { ReachFacts, judgeReaches, reachTexts } from './reach.ts'

/**
 * Verifies that OSS of the same region is reached through its internal endpoint: DNS, TCP, TLS and HTTP in turn. Any
 * HTTP status passes. Blocks backup and restore of the whole instance. Mended in the network, not in the database.
 */
export default defineNetworkCheck({
  id: 'OSS_INTERNAL_ENDPOINT_CONNECTIVITY',
  title: { en: 'OSS is reached through its internal endpoint', zh: 'OSS连接性检查:可通过内网访问OSS' },
  failureTitle: {
    en: 'OSS is not reached through its internal endpoint',
    zh: 'OSS连接性检查:无法通过内网访问OSS',
  },
  description: {
    en: 'Checks the way to OSS of the same region over its internal domain. If it is closed, nothing can be backed up or restored.',
    zh: '检查通过内网域名访问同地域OSS的连接性。不通则无法备份和恢复。',
  },
  affects: () => allOperations,
  texts: reachTexts,
  documents: ['https://www.alibabacloud.com/help/en/oss/user-guide/regions-and-endpoints'],
  endpoints: ossEndpoints,
  facts: ReachFacts,
  evaluate: judgeReaches,
})

import { allOperations } from '../../model/operation.ts'
import { defineNetworkCheck } from '../framework/define-check.ts'
import { serviceEndpoints } from './endpoints.ts'
import { ReachFacts, judgeReaches } from './reach.ts'
import { reachFixes } from './steps.ts'
import { reachTexts } from './texts.ts'

/**
 * Verifies that every control endpoint of the region is reached: DNS, TCP, TLS and HTTP in turn. Any HTTP status but
 * those of proxies passes. Blocks every operation on the instance. Fixed in the network, not in the database.
 */
export default defineNetworkCheck({
  id: 'SERVICE_CONNECTIVITY',
  set: 'essential',
  title: { en: 'The control network can be reached', zh: '管控网络连接性检查：可连接管控网络' },
  failureTitle: { en: 'The control network cannot be reached', zh: '管控网络连接性检查：无法连接管控网络' },
  description: {
    en: 'Checks the connectivity to the control endpoints of Cloud Backup. If the check fails, you cannot perform any operations on the instance.',
    zh: '检查与云备份管控网络的连接性。如果未通过，则无法对该实例执行任何操作。',
  },
  affects: () => allOperations,
  texts: reachTexts,
  fixes: reachFixes,
  documents: [
    'https://www.alibabacloud.com/help/en/cloud-backup/developer-reference/api-hbr-2017-09-08-endpoint',
  ],
  endpoints: serviceEndpoints,
  facts: ReachFacts,
  evaluate: judgeReaches,
})

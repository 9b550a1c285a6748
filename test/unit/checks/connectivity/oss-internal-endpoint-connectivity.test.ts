import { describe } from 'vitest'
import check from '../../../../shared/checks/connectivity/oss-internal-endpoint-connectivity.ts'
import { all, testCheckItem } from '../../../support/verdict-table.ts'
import { reachDetails, reachManuals, reachVerdicts, reaches } from './reaches.ts'

describe('OSS_INTERNAL_ENDPOINT_CONNECTIVITY', () => {
  testCheckItem({
    check,
    engine: 'oracle',
    answer: reaches,
    manuals: reachManuals,
    affects: { 'cloud-backup': all, native: all },
    verdicts: reachVerdicts,
    details: reachDetails,
    never: { error: 'an endpoint is reached or it is not: only a probe that fails leaves that open' },
  })
})

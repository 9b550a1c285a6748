import { describe, expect, it } from 'vitest'
import { thresholdsOf } from '../../../shared/model/effective-policy.ts'
import { defaultThresholds } from '../../../shared/model/default-thresholds.ts'

describe('the thresholds of an instance', () => {
  const thresholdsFor = thresholdsOf({
    all: { fullBackupMaxAgeHours: 24 },
    databases: [
      { name: 's*', thresholds: { fullBackupMaxAgeHours: 12, logSpaceWarningPercent: 50 } },
      { name: 'Sales', thresholds: { fullBackupMaxAgeHours: 6 } },
    ],
  })

  it('are the defaults but for what a policy says', () => {
    expect(thresholdsFor()).toEqual({ ...defaultThresholds, fullBackupMaxAgeHours: 24 })
    expect(thresholdsFor('HR')).toEqual(thresholdsFor())
  })

  it('are those of the database where its name fits, the last one first', () => {
    expect(thresholdsFor('sales')).toMatchObject({ fullBackupMaxAgeHours: 6, logSpaceWarningPercent: 50 })
    expect(thresholdsFor('stock')).toMatchObject({ fullBackupMaxAgeHours: 12 })
  })
})

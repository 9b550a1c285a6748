import { describe, expect, it } from 'vitest'
import type { CheckItemView } from '../../../functions/api/resources/check-items.ts'
import { matching, operationsOf } from '../../../infra/console/check-items/matching.ts'

const item = (id: string, changes: Partial<CheckItemView> = {}): CheckItemView => ({
  id,
  engine: 'oracle',
  set: 'standard',
  title: 'The log mode',
  failureTitle: '',
  description: '',
  affects: { 'cloud-backup': ['full'], native: ['full', 'log'] },
  findings: [{ code: 'CODE', text: '{database} is open' }],
  blindSpots: [],
  queries: ['SELECT log_mode FROM v$database'],
  privileges: ['SELECT ON V_$DATABASE'],
  fixes: ['Turn it on.'],
  documents: [],
  ...changes,
})
const items = [
  item('A'),
  item('B', { engine: 'all', set: 'deep', queries: [] }),
  item('C', { engine: 'mysql' }),
]
const all = { text: '', engine: '', set: '', operation: '' }
const found = (wanted: Partial<typeof all>) =>
  matching(items, { ...all, ...wanted })
    .map(({ id }) => id)
    .join('')

describe('the catalogue', () => {
  it('is found by every word of its texts, queries, rights and fixes', () => {
    expect(found({})).toBe('ABC')
    expect(found({ text: 'V$DATABASE' })).toBe('AC')
    expect(found({ text: 'turn  CODE' })).toBe('ABC')
    expect(found({ text: 'turn elsewhere' })).toBe('')
  })

  it('is found by engine, set and what it can block', () => {
    expect(found({ engine: 'mysql' })).toBe('BC')
    expect(found({ set: 'deep' })).toBe('B')
    expect(found({ operation: 'log' })).toBe('ABC')
    expect(found({ operation: 'restore' })).toBe('')
    expect(operationsOf(item('A'))).toEqual(['full', 'log'])
  })
})

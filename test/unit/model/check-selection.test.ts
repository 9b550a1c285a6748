import { describe, expect, it } from 'vitest'
import { type CheckSelection, isSelected } from '../../../shared/model/check-selection.ts'

const items = [
  { id: 'ESSENTIAL_ITEM', set: 'essential' },
  { id: 'STANDARD_ITEM', set: 'standard' },
  { id: 'DEEP_ITEM', set: 'deep' },
] as const
const [essential, standard, deep] = items.map(({ id }) => id)

describe('the check items of a full precheck', () => {
  it.each<[string, CheckSelection | undefined, unknown]>([
    ['of an instance from before there were sets', undefined, [essential]],
    ['of the essential set', { set: 'essential' }, [essential]],
    ['of the standard set', { set: 'standard' }, [essential, standard]],
    ['of the deep set', { set: 'deep' }, [essential, standard, deep]],
    ['with one beside the set', { set: 'essential', include: ['DEEP_ITEM'] }, [essential, deep]],
    ['with one of the set left out', { set: 'deep', exclude: ['STANDARD_ITEM'] }, [essential, deep]],
    [
      'with one both wanted and left out',
      { set: 'essential', include: ['DEEP_ITEM'], exclude: ['DEEP_ITEM'] },
      [essential],
    ],
  ])('%s', (_, selection, ids) => {
    expect(items.filter((item) => isSelected(item, selection)).map(({ id }) => id)).toEqual(ids)
  })
})

import { describe, expect, it } from 'vitest'
import type { FleetView } from '../../../functions/api/views/fleet-view.ts'
import {
  type Wanted,
  attention,
  grouped,
  isStale,
  matching,
  membersOf,
  ofStanding,
} from '../../../infra/console/fleet/members.ts'

const now = 1_800_000_000
const hour = 3600

const fleet: FleetView = {
  ids: ['a', 'b', 'c', 'd', 'e', 'f'],
  engines: { names: ['oracle', 'mysql'], of: [0, 0, 1, 1, 0, 0] },
  regions: { names: ['cn-beijing', 'cn-hangzhou'], of: [0, 1, 0, 1, 0, 1] },
  tags: { names: ['team:orders', 'tier:gold'], of: [[0], [0, 1], [], [1], [], []] },
  outcomes: 'pfwi-f',
  previous: 'fp-i-f',
  completedAt: [now, now, now - 37 * hour, now, 0, now],
  new: [0, 2, 0, 0, 0, 0],
  resolved: [1, 0, 0, 0, 0, 0],
  running: [{ at: 4, precheckId: 'pc' }],
  disabled: [],
  next: null,
}
const members = membersOf(fleet)
const all: Wanted = { text: '', standing: '', engine: '', region: '', tag: '' }
const idsOf = (found: readonly { readonly id: string }[]) => found.map(({ id }) => id).join('')

describe('the members of a fleet', () => {
  it('are made of its columns', () => {
    expect(members[1]).toEqual({
      id: 'b',
      engine: 'oracle',
      region: 'cn-hangzhou',
      tags: ['team:orders', 'tier:gold'],
      standing: 'failed',
      before: 'passed',
      completedAt: now,
      new: 2,
      resolved: 0,
      isRunning: false,
    })
    expect(members[4]).toMatchObject({ standing: 'never', before: 'never', isRunning: true })
  })

  it('are found by a part of the id or of a tag, and by what they are', () => {
    const found = (wanted: Partial<Wanted>) => idsOf(matching(members, { ...all, ...wanted }))
    expect(found({})).toBe('abcdef')
    expect(found({ text: ' B ' })).toBe('b')
    expect(found({ text: 'gold' })).toBe('bd')
    expect(found({ engine: 'mysql' })).toBe('cd')
    expect(found({ engine: 'mysql', region: 'cn-beijing' })).toBe('c')
    expect(found({ tag: 'team:orders' })).toBe('ab')
    expect(found({ tag: 'team' })).toBe('')
    expect(idsOf(ofStanding(members, 'failed'))).toBe('bf')
    expect(idsOf(ofStanding(members, ''))).toBe('abcdef')
  })

  it('stand on the wall worst first, in groups where somebody wants them', () => {
    expect(grouped(members, '').map((group) => [group.name, idsOf(group.members)])).toEqual([['', 'bfdcae']])
    expect(grouped(members, 'engine').map((group) => [group.name, idsOf(group.members)])).toEqual([
      ['mysql', 'dc'],
      ['oracle', 'bfae'],
    ])
    expect(grouped(members, 'tag').map((group) => [group.name, idsOf(group.members)])).toEqual([
      ['team:orders', 'ba'],
      ['tier:gold', 'd'],
      ['–', 'fce'],
    ])
    expect(grouped([], '')).toEqual([])
  })

  it('keep the places at which somebody saw them, whatever has become of them', () => {
    const later = membersOf({
      ...fleet,
      outcomes: 'ffwp-p',
      previous: 'pfwi-f',
      completedAt: Array(6).fill(now),
    })
    const seen = new Map(members.map((member) => [member.id, member]))
    const asSeen = ({ id }: { readonly id: string }) => seen.get(id)!
    expect(grouped(later, '', asSeen).map((group) => idsOf(group.members))).toEqual(['bfdcae'])
    expect(grouped(later, '').map((group) => idsOf(group.members))).toEqual(['abcdfe'])
    expect(idsOf(attention(members, now))).toBe('bfdac')
    expect(idsOf(attention(later, now, asSeen))).toBe('bfdac')
    // One that was as it should be comes last.
    const [calm] = membersOf({ ...fleet, outcomes: 'p', previous: 'p', resolved: [0], ids: ['a'] })
    const asCalm = (member: (typeof members)[0]) => (member.id === 'a' ? calm! : asSeen(member))
    expect(idsOf(attention(later, now, asCalm))).toBe('bfdca')
  })

  it('are to be looked at when they failed, changed or are old, in this order', () => {
    expect(idsOf(attention(members, now))).toBe('bfdac')
  })

  it('are stale a night and half a day after their result, and not before the first one', () => {
    expect(isStale({ completedAt: now - 36 * hour }, now)).toBe(false)
    expect(isStale({ completedAt: now - 36 * hour - 1 }, now)).toBe(true)
    expect(isStale({ completedAt: 0 }, now)).toBe(false)
  })
})

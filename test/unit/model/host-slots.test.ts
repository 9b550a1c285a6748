import { describe, expect, it } from 'vitest'
import { sharedHostOf } from '../../../shared/model/host-slots.ts'
import type { InstanceDefinition } from '../../../shared/model/instance.ts'

const instanceWith = (tags: Readonly<Record<string, string>>, port = 1433) =>
  ({ tags, connection: { host: 'DB7.example.com', port } }) as unknown as InstanceDefinition

const byAddress = { id: 'host.db7.example.com', name: 'db7.example.com' }

describe('the host of an instance', () => {
  it('is its address, whatever the port and however it is spelled', () => {
    expect(sharedHostOf(instanceWith({}), { perHost: 1, tag: null })).toEqual(byAddress)
    expect(sharedHostOf(instanceWith({}, 1434), { perHost: 1, tag: null })).toEqual(byAddress)
  })

  it.each([
    ['the value of the tag', { rack: 'R1' }, 'rack', { id: 'tag.R1', name: 'R1' }],
    ['its address without that tag', { site: 'R1' }, 'rack', byAddress],
    ['its address where the tag is empty', { rack: '' }, 'rack', byAddress],
    ['its address where no tag names it', { rack: 'R1', null: 'R2' }, null, byAddress],
  ])('is %s', (_, tags, tag, host) => {
    expect(sharedHostOf(instanceWith(tags), { perHost: 1, tag })).toEqual(host)
  })
})

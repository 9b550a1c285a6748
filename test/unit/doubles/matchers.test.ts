import MNS from '@alicloud/mns'
import TableStore from 'tablestore'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { messageSent, noRow } from '../../doubles/answers.ts'
import type { ClientDouble } from '../../doubles/client-double.ts'
import { mockClient } from '../../doubles/mock-client.ts'

const client = new TableStore.Client({
  accessKeyId: 'id',
  secretAccessKey: 'secret',
  endpoint: 'http://127.0.0.1:9',
  instancename: 'precheck',
})

const failureOf = (assertion: () => void): string => {
  try {
    assertion()
  } catch (error) {
    return String(error)
  }
  throw new Error('The assertion held')
}

describe('the matchers', () => {
  let ots: ClientDouble<InstanceType<typeof TableStore.Client>>

  beforeEach(async () => {
    ots = mockClient(TableStore.Client)
    ots.on('getRow').resolves(noRow())
    await client.getRow({ tableName: 'prechecks', primaryKey: [{ id: 'a' }] })
    await client.getRow({
      tableName: 'prechecks',
      primaryKey: [{ id: 'b' }, { n: TableStore.Long.fromNumber(7) }],
    })
  })
  afterEach(() => ots.restore())

  it('hold for the calls that were received', () => {
    expect(ots).toHaveReceived('getRow')
    expect(ots).not.toHaveReceived('putRow')
    expect(ots).toHaveReceivedTimes('getRow', 2)
    expect(ots).toHaveReceivedTimes('putRow', 0)
    expect(ots).not.toHaveReceivedTimes('getRow', 1)
    expect(ots).toHaveReceivedWith('getRow', { primaryKey: [{ id: 'a' }] })
    expect(ots).not.toHaveReceivedWith('getRow', { tableName: 'instances' })
    expect(ots).not.toHaveReceivedWith('putRow')
    expect(ots).toHaveReceivedNthWith('getRow', 2, { primaryKey: [{ id: expect.any(String) }, {}] })
    expect(ots).not.toHaveReceivedNthWith('getRow', 1, { primaryKey: [{ id: 'b' }] })
    expect(ots).not.toHaveReceivedNthWith('getRow', 3, {})
  })

  it('fail when they do not hold, and list the calls', () => {
    expect(failureOf(() => expect(ots).toHaveReceived('putRow'))).toBe(
      `Error: expected the Tablestore client to have received putRow
It received 2 calls:
  1. getRow({ tableName: 'prechecks', primaryKey: [ { id: 'a' } ] })
  2. getRow({ tableName: 'prechecks', primaryKey: [ { id: 'b' }, { n: Long 7 } ] })`,
    )
    expect(failureOf(() => expect(ots).not.toHaveReceived('getRow'))).toContain(
      'expected the Tablestore client not to have received getRow',
    )
    expect(failureOf(() => expect(ots).toHaveReceivedTimes('getRow', 1))).toContain(
      'to have received getRow once, not 2 times',
    )
    expect(failureOf(() => expect(ots).not.toHaveReceivedTimes('getRow', 2))).toContain(
      'not to have received getRow 2 times',
    )
  })

  it('say of each call of the method where it differs', () => {
    const failure = failureOf(() =>
      expect(ots).toHaveReceivedWith('getRow', { primaryKey: [{ id: 'c' }], tableName: expect.any(String) }),
    )
    expect(failure).toContain(
      "to have received getRow({ primaryKey: [ { id: 'c' } ], tableName: Any([Function: String]) })",
    )
    expect(failure).toContain(
      "1. getRow({ tableName: 'prechecks', primaryKey: [ { id: 'a' } ] }) <- [0].primaryKey[0].id is 'a', not 'c'",
    )
    expect(failure).toContain('<- [0].primaryKey is [')
  })

  it('name the nth call and tell of that one alone', () => {
    const failure = failureOf(() =>
      expect(ots).toHaveReceivedNthWith('getRow', 2, { tableName: 'instances' }),
    )
    expect(failure).toContain("to have received getRow({ tableName: 'instances' }) as call 2 of getRow")
    expect(failure.match(/<-/g)).toHaveLength(1)
    expect(failure).toContain("{ n: Long 7 } ] }) <- [0].tableName is 'prechecks', not 'instances'")
  })

  it('tell when there was no call, and which calls had no answer', async () => {
    ots.reset()
    expect(failureOf(() => expect(ots).toHaveReceived('getRow'))).toContain('It received no call.')
    await client.listTable().catch(() => null)
    expect(failureOf(() => expect(ots).toHaveReceived('getRow'))).toContain(
      'It received one call:\n  1. listTable() <- no answer was set up',
    )
  })
})

it('the matchers take patterns for several arguments', async () => {
  const mns = mockClient(MNS)
  mns.on('sendMessage').resolves(messageSent())
  await new MNS('1', { accessKeyId: 'id', accessKeySecret: 's', region: 'cn-hangzhou' }).sendMessage(
    'checks',
    {
      MessageBody: 'e30=',
    },
  )
  expect(mns).toHaveReceivedWith('sendMessage', 'checks', { MessageBody: 'e30=' })
  expect(mns).not.toHaveReceivedWith('sendMessage', 'results')
  mns.restore()
})

it('the matchers know the methods of the client, and take nothing but doubles', () => {
  const mns = mockClient(MNS)
  // @ts-expect-error a mistyped method
  expect(mns).not.toHaveReceived('sendMesage')
  // @ts-expect-error a method of another client
  expect(mns).not.toHaveReceivedWith('getRow', {})
  // @ts-expect-error a message has no such member
  expect(mns).not.toHaveReceivedWith('sendMessage', 'checks', { Body: 'e30=' })
  // @ts-expect-error no double
  expect(() => expect(client).toHaveReceived('getRow')).toThrow(/calls is not a function/)
  mns.restore()
})

import FunctionCompute from '@alicloud/fc2'
import MNS from '@alicloud/mns'
import TableStore from 'tablestore'
import { describe, expect, it } from 'vitest'
import type { MethodName } from '../../../doubles/methods.ts'

/** The compiler holds each list complete; the test holds it true. */
type Methods<Client> = Readonly<Record<MethodName<Client>, true>>

const tablestore: Methods<InstanceType<typeof TableStore.Client>> = {
  batchGetRow: true,
  batchWriteRow: true,
  createTable: true,
  deleteRow: true,
  deleteTable: true,
  describeTable: true,
  getRange: true,
  getRow: true,
  listTable: true,
  putRow: true,
  updateRow: true,
  updateTable: true,
}

const mns: Methods<MNS> = {
  batchDeleteMessage: true,
  batchPeekMessage: true,
  batchReceiveMessage: true,
  batchSendMessage: true,
  changeMessageVisibility: true,
  createQueue: true,
  deleteMessage: true,
  deleteQueue: true,
  getQueueAttributes: true,
  listQueue: true,
  receiveMessage: true,
  sendMessage: true,
  setQueueAttributes: true,
}

const functionCompute: Methods<FunctionCompute> = { get: true, invokeFunction: true, post: true }

describe('the declarations of the SDKs', () => {
  it.each([
    ['tablestore', TableStore.Client, tablestore],
    ['@alicloud/mns', MNS, mns],
    ['@alicloud/fc2', FunctionCompute, functionCompute],
  ] as const)('name methods that %s has', (_, { prototype }, methods) => {
    expect(Object.keys(methods).filter((name) => typeof Reflect.get(prototype, name) !== 'function')).toEqual(
      [],
    )
  })

  it('give the constants of tablestore their values', () => {
    const { Direction, ReturnType, RowExistenceExpectation, ComparatorType, LogicalOperator } = TableStore
    expect(Direction).toEqual({ FORWARD: 'FORWARD', BACKWARD: 'BACKWARD' } satisfies typeof Direction)
    expect(ReturnType).toEqual({ NONE: 0, Primarykey: 1, AfterModify: 2 } satisfies typeof ReturnType)
    expect(RowExistenceExpectation).toEqual({
      IGNORE: 0,
      EXPECT_EXIST: 1,
      EXPECT_NOT_EXIST: 2,
    } satisfies typeof RowExistenceExpectation)
    expect(ComparatorType).toEqual({
      EQUAL: 1,
      NOT_EQUAL: 2,
      GREATER_THAN: 3,
      GREATER_EQUAL: 4,
      LESS_THAN: 5,
      LESS_EQUAL: 6,
    } satisfies typeof ComparatorType)
    expect(LogicalOperator).toEqual({ NOT: 1, AND: 2, OR: 3 } satisfies typeof LogicalOperator)
  })

  it('give conditions the members that they have', () => {
    const { ComparatorType, LogicalOperator, RowExistenceExpectation } = TableStore
    const single = new TableStore.SingleColumnCondition('state', 'running', ComparatorType.EQUAL, false)
    const composite = new TableStore.CompositeCondition(LogicalOperator.AND)
    composite.addSubCondition(single)
    const condition = new TableStore.Condition(RowExistenceExpectation.EXPECT_EXIST, composite)
    expect(single).toMatchObject({
      columnName: 'state',
      columnValue: 'running',
      comparator: 1,
      passIfMissing: false,
      latestVersionOnly: true,
    })
    expect(condition).toMatchObject({ rowExistenceExpectation: 1, columnCondition: composite })
    expect(composite).toMatchObject({ combinator: 2, sub_conditions: [single] })
    expect(new TableStore.Condition(RowExistenceExpectation.IGNORE).columnCondition).toBeNull()
  })

  it('give integers the methods that they have', () => {
    const long = TableStore.Long.fromString('9007199254740993')
    expect(long.toString()).toBe('9007199254740993')
    expect(TableStore.Long.fromNumber(7).toNumber()).toBe(7)
    expect(long.toBuffer()).toHaveLength(8)
  })

  it('give the client of Function Compute its version', () => {
    const client = new FunctionCompute('1', {
      accessKeyID: 'id',
      accessKeySecret: 's',
      region: 'cn-hangzhou',
    })
    expect(client.version).toBe('2016-08-15')
  })
})

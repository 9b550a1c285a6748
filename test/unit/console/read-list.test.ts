import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tableOf, recordsOf } from '../../../infra/forms/csv.ts'
import {
  decoded,
  isYaml,
  listOf,
  maxEntries,
  maxLength,
  readList,
  repeated,
} from '../../../infra/console/import/read-list.ts'
import { propertyRuns } from '../../support/property-runs.ts'

const cellsOf = (text: string) => {
  const records = recordsOf(text)
  return 'faultAtLine' in records ? records : records.map(({ line, cells }) => [line, ...cells])
}

describe('a table', () => {
  it.each([
    [
      'a,b\n1,2',
      [
        [1, 'a', 'b'],
        [2, '1', '2'],
      ],
    ],
    [
      'a,b\r\n\r\n1,2\r\n',
      [
        [1, 'a', 'b'],
        [3, '1', '2'],
      ],
    ],
    [
      '\uFEFFa\n"1,""x""\ny"\nz',
      [
        [1, 'a'],
        [2, '1,"x"\ny'],
        [4, 'z'],
      ],
    ],
    [
      'a,\n,b',
      [
        [1, 'a', ''],
        [2, '', 'b'],
      ],
    ],
    ['a,', [[1, 'a', '']]],
    ['', []],
    [',\n,', []],
  ])('%j is read', (text, records) => {
    expect(cellsOf(text)).toEqual(records)
  })

  it.each([
    ['a\n"b', 2],
    ['a\n\n"b"c', 3],
    ['a"b', 1],
  ])('%j is none, and says where', (text, faultAtLine) => {
    expect(cellsOf(text)).toEqual({ faultAtLine })
  })

  it('of any size ends soon, whole or not', () => {
    const long = 'x'.repeat(maxLength)
    expect(cellsOf(`"${long}"`)).toEqual([[1, long]])
    expect(cellsOf(`"${long}`)).toEqual({ faultAtLine: 1 })
  })

  it('is read as what was written', () => {
    const cell = fc.string().filter((text) => !/^[=+\-@\t\r]/.test(text))
    const lines = fc.array(
      fc.array(cell, { minLength: 1 }).filter((cells) => cells.some((each) => each !== '')),
    )
    fc.assert(
      fc.property(lines, (given) => {
        const read = recordsOf(tableOf(given))
        expect('faultAtLine' in read ? read : read.map(({ cells }) => cells)).toEqual(given)
      }),
      { numRuns: propertyRuns(100) },
    )
  })

  it('holds no formula', () => {
    expect(tableOf([['=HYPERLINK("x")', '+1', '-1', '@a', 'a=b']])).toBe(
      `"'=HYPERLINK(""x"")",'+1,'-1,'@a,a=b\r\n`,
    )
  })
})

describe('a list of instances', () => {
  it('is a table by the paths of a registration', () => {
    const text =
      'id,engine,connection.port,enabled,operations,tags.team,\norders,oracle,1521,true,"full\nlog",7,\n'
    expect(readList(text)).toEqual([
      {
        at: 2,
        id: 'orders',
        definition: {
          engine: 'oracle',
          connection: { port: 1521 },
          enabled: true,
          operations: ['full', 'log'],
          tags: { team: '7' },
        },
      },
    ])
  })

  it('is JSON as the command line takes it, one or many', () => {
    const one = { id: 'a', engine: 'mysql', connection: { port: 3306 } }
    const entry = { at: 1, id: 'a', definition: { engine: 'mysql', connection: { port: 3306 } } }
    expect(readList(JSON.stringify(one))).toEqual([entry])
    expect(readList(JSON.stringify([one, { id: 7 }]))).toEqual([entry, { at: 2, id: '', definition: {} }])
  })

  it.each([
    ['id,engine', false],
    ['id\na: b', false],
    ['id,url: x', false],
    ['"id"', false],
    ['[{}]', false],
    ['', false],
    ['\uFEFF\ninstances:\n', true],
    ['id: a', true],
    ['- id: a', true],
    ['---\nid: a', true],
    ['# ours\nid: a', true],
  ])('%j is in YAML: %s', (text, isIt) => {
    expect(isYaml(text)).toBe(isIt)
  })

  it('is what the service has read of YAML, unless it is none', () => {
    const instance = { id: 'a', line: 3, definition: { engine: 'mysql' } }
    expect(listOf({ instances: [instance], faults: [] })).toEqual([
      { at: 3, id: 'a', definition: { engine: 'mysql' } },
    ])
    const faults = [{ line: 7, message: 'nothing but tabs' }]
    expect(listOf({ instances: [instance], faults })).toEqual({
      code: 'NOT_YAML',
      at: 7,
      detail: 'nothing but tabs',
    })
    expect(listOf({ instances: [], faults: [] })).toMatchObject({ code: 'EMPTY' })
    const many = Array.from({ length: maxEntries + 1 }, () => instance)
    expect(listOf({ instances: many, faults: [] })).toMatchObject({ code: 'TOO_MANY' })
  })

  it.each([
    ['', 'EMPTY', 0],
    ['[]', 'EMPTY', 0],
    ['id,engine', 'EMPTY', 0],
    ['[{', 'NOT_JSON', 0],
    ['[{}, 1]', 'NO_OBJECT', 2],
    ['id\n"', 'NOT_CSV', 2],
    ['engine\noracle', 'NO_ID_COLUMN', 1],
    ['id,id\na,b', 'COLUMN_TWICE', 1],
    ['id\na\nb,c', 'TOO_MANY_CELLS', 3],
    [`id\n${'a\n'.repeat(maxEntries + 1)}`, 'TOO_MANY', maxEntries + 1],
    ['x'.repeat(maxLength), 'TOO_LONG', 0],
  ])('%.20j is none: %s', (text, code, at) => {
    expect(readList(text)).toEqual({ code, at })
  })

  it('has each id once: the later ones are told', () => {
    const list = readList('id\na\nb\na\na\n')
    if ('code' in list) throw new Error(list.code)
    expect([...repeated(list)].map(({ at }) => at)).toEqual([4, 5])
  })

  it('may come from a spreadsheet in China', () => {
    expect(decoded(new TextEncoder().encode('订单').buffer)).toBe('订单')
    expect(decoded(Uint8Array.of(0xb6, 0xa9, 0xb5, 0xa5).buffer)).toBe('订单')
  })
})

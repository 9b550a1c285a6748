import { describe, expect, it } from 'vitest'
import { type Field, documentOf, rowOf } from '../../../infra/forms/fields.ts'

const fields: readonly Field[] = [
  { path: 'name', kind: 'text' },
  { path: 'note', kind: 'block' },
  { path: 'connection.port', kind: 'number' },
  { path: 'enabled', kind: 'yes' },
  { path: 'operations', kind: 'choices', options: ['full', 'log'] },
  { path: 'databases', kind: 'lines' },
  { path: 'tags', kind: 'tags' },
]

const document = {
  name: '007',
  note: ' two\nlines ',
  connection: { port: 1521 },
  enabled: false,
  operations: ['full', 'log'],
  databases: ['SALES', 'HR; old'],
  tags: { team: 'orders', url: 'https://a:1' },
}

const row = {
  name: '007',
  note: ' two\nlines ',
  'connection.port': '1521',
  enabled: 'false',
  operations: 'full\nlog',
  databases: 'SALES\nHR; old',
  tags: 'team:orders\nurl:https://a:1',
}

describe('the fields of a form', () => {
  it('make a document, and are filled by one', () => {
    expect(documentOf(row, fields)).toEqual(document)
    expect(rowOf(document, fields)).toEqual(row)
  })

  it('leave out what nobody wrote', () => {
    expect(documentOf({ name: ' ', 'connection.port': '', databases: '\n' }, fields)).toEqual({})
    expect(rowOf({ name: 'x' }, fields)).toMatchObject({ name: 'x', 'connection.port': '', tags: '' })
  })

  it('leave it to the service to say what is no number and no truth', () => {
    expect(documentOf({ 'connection.port': '15z1', enabled: 'perhaps' }, fields)).toEqual({
      connection: { port: '15z1' },
      enabled: 'perhaps',
    })
  })

  it('take the text of a column that no field is of, and of its name no more than a name', () => {
    const odd = documentOf(
      { 'tags.team': '1', 'a.b.c': 'true', '__proto__.polluted': 'x', tags: 't:2' },
      fields,
    )
    expect(JSON.parse(JSON.stringify(odd))).toEqual(
      JSON.parse('{"tags":{"t":"2"},"a":{"b":{"c":"true"}},"__proto__":{"polluted":"x"}}'),
    )
    expect('polluted' in {}).toBe(false)
  })
})

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { Json } from '../../../infra/forms/fields.ts'
import { yamlOf } from '../../../infra/console/forms/yaml.ts'
import { propertyRuns } from '../../support/property-runs.ts'

const { document } = fc.letrec<{ document: Record<string, Json>; value: Json }>((tie) => ({
  document: fc.dictionary(fc.string({ minLength: 1 }), tie('value')),
  value: fc.oneof(
    { depthSize: 'small' },
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom(
      'no',
      'null',
      'off',
      'y',
      '1e3',
      '0x10',
      '- a',
      'a: b',
      '#',
      '2026-11-22',
      '~',
      '1_000',
      'é',
    ),
    fc.integer(),
    fc.boolean(),
    fc.array(tie('value')),
    tie('document'),
  ),
}))

describe('a document in YAML', () => {
  it('reads as people write it', () => {
    const written = yamlOf({ id: 'db', connection: { port: 1521 }, operations: ['full'], tags: {}, on: true })
    expect(written).toBe('id: db\nconnection:\n  port: 1521\noperations:\n  - full\ntags: {}\n"on": true\n')
  })

  it.each(['1.1', '1.2'] as const)('is read as what was written, by YAML %s', (version) => {
    fc.assert(
      fc.property(document, (given) => {
        expect(parse(yamlOf(given), { version })).toEqual(given)
      }),
      { numRuns: propertyRuns(100) },
    )
  })
})

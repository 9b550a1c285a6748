import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import {
  SchemaNewer,
  schemaVersion,
  withSchemaVersion,
  withoutSchemaVersion,
} from '../../../shared/model/schema-version.ts'
import { DocumentMalformed, readStored } from '../../../shared/ports/documents.ts'

const Document = z.strictObject({ n: z.int() })

describe('what is written', () => {
  it('says the version of its shape, and keeps one that it has', () => {
    expect(withSchemaVersion({ n: 1 })).toEqual({ schema: schemaVersion, n: 1 })
    expect(withSchemaVersion({ schema: 7, n: 1 })).toEqual({ schema: 7, n: 1 })
  })
})

describe('what is read', () => {
  it('may be of this version, or from before there were versions', () => {
    expect(withoutSchemaVersion(withSchemaVersion({ n: 1 }))).toEqual({ n: 1 })
    expect(withoutSchemaVersion({ n: 1 })).toEqual({ n: 1 })
    expect(['text', 1, null, [1]].map(withoutSchemaVersion)).toEqual(['text', 1, null, [1]])
  })

  it('stays as it is, for its reader to refuse, where its version is none', () => {
    const strange = [
      { schema: 'one', n: 1 },
      { schema: 0, n: 1 },
    ]
    expect(strange.map(withoutSchemaVersion)).toEqual(strange)
  })

  it('is left alone where it is of a later version, and is not malformed for that', () => {
    const later = { schema: schemaVersion + 1, n: 1 }
    expect(() => withoutSchemaVersion(later)).toThrow(SchemaNewer)
    expect(() => withoutSchemaVersion(later)).toThrow('It has schema version 2; this is 1.')
    expect(new SchemaNewer('later').name).toBe('SchemaNewer')
    expect(() => readStored(Document, JSON.stringify(later), 'It')).toThrow(SchemaNewer)
    expect(() => readStored(Document, '{"n":"one"}', 'It')).toThrow(DocumentMalformed)
    expect(readStored(Document, '{"n":1}', 'It')).toEqual({ n: 1 })
    expect(readStored(Document, JSON.stringify(withSchemaVersion({ n: 1 })), 'It')).toEqual({ n: 1 })
  })
})

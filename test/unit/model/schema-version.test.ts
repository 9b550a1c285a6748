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
    expect(['text', 1, null].map(withoutSchemaVersion)).toEqual(['text', 1, null])
  })

  it('is left alone where it is of a later version, and is not malformed for that', () => {
    const later = { schema: schemaVersion + 1, n: 1 }
    expect(() => withoutSchemaVersion(later)).toThrow(SchemaNewer)
    expect(() => readStored(Document, JSON.stringify(later), 'It')).toThrow(SchemaNewer)
    expect(() => readStored(Document, '{"n":"one"}', 'It')).toThrow(DocumentMalformed)
    expect(readStored(Document, '{"n":1}', 'It')).toEqual({ n: 1 })
    expect(readStored(Document, JSON.stringify(withSchemaVersion({ n: 1 })), 'It')).toEqual({ n: 1 })
  })
})

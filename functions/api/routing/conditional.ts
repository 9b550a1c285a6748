import * as z from 'zod'
import type { Result } from '../../../shared/model/failure.ts'
import { fieldMessage } from '../../../shared/model/field-message.ts'

/** What is changed in turns, and counts its changes. */
interface Revised {
  readonly revision: number
}

/** `If-Match` with the ETag of the revision that the caller saw last. */
export const conditional = z.object({
  'if-match': z
    .string()
    .regex(
      /^"\d+"$/,
      fieldMessage({
        en: 'must be the ETag of the last response, for example "3"',
        zh: '须为上次响应的 ETag，例如 "3"',
      }),
    )
    .transform((tag) => Number(tag.slice(1, -1)))
    .optional(),
})

/** The header of answers that `taggedResponse` writes, for the OpenAPI document. */
export const tagHeader = { ETag: 'The revision, for If-Match.' } as const

/** What is stored (null: nothing), if it is at the revision that the caller names or the caller names none. */
export const atRevision = <Stored extends Revised | null>(
  stored: Stored,
  expected: number | undefined,
): Result<Stored, 'PRECONDITION_FAILED'> => {
  const revision = stored?.revision ?? 0
  if (expected === undefined || expected === revision) return { value: stored }
  const detail = {
    en: `The stored revision is ${revision}. Read it again and repeat the change.`,
    zh: `当前版本为 ${revision}。请重新读取后再次修改。`,
  }
  return { failure: { code: 'PRECONDITION_FAILED', detail } }
}

const etagOf = ({ revision }: Revised): string => `"${revision}"`

/** Answers with a document and its ETag. */
export const taggedResponse = <Document extends Revised>(body: Document) =>
  ({ status: 200, headers: { etag: etagOf(body) }, body }) as const

/** Answers with a new document, its ETag and its address. */
export const createdResponse = <Document extends Revised>(body: Document, location: string) =>
  ({ status: 201, headers: { etag: etagOf(body), location }, body }) as const

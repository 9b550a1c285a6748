import * as z from 'zod'
import type { HttpResponse } from '../../shared/runtime/http.ts'
import { HttpProblem } from '../../shared/runtime/problem-document.ts'

/** What is changed in turns, and counts its changes. */
interface Revised {
  readonly revision: number
}

/** `If-Match` with the ETag of the revision that the caller saw last. */
export const conditional = z.object({
  'if-match': z
    .string()
    .regex(/^"\d+"$/, 'must be the ETag that was answered last, for example "3"')
    .transform((tag) => Number(tag.slice(1, -1)))
    .optional(),
})

/** The header of answers that `taggedResponse` writes, for the OpenAPI document. */
export const tagHeader = { ETag: 'Its revision, for If-Match.' }

/** Ends the request if what is stored (null: nothing) is not at the revision that the caller names. */
export const expectRevision = (stored: Revised | null, expected: number | undefined): void => {
  const revision = stored?.revision ?? 0
  if (expected === undefined || expected === revision) return
  const detail = `The revision that is stored is ${revision}. Read it again and repeat the change.`
  throw new HttpProblem('PRECONDITION_FAILED', detail)
}

/** Answers with a document and its ETag. */
export const taggedResponse = (json: Revised): HttpResponse => ({
  status: 200,
  headers: { etag: `"${json.revision}"` },
  json,
})

/** Answers with a new document, its ETag and its address. */
export const createdResponse = (json: Revised, location: string): HttpResponse => ({
  status: 201,
  headers: { etag: `"${json.revision}"`, location },
  json,
})

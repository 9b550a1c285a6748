import type * as z from 'zod'
import type { Failure, FieldError } from '../../../shared/model/failure.ts'

type Issue = z.core.$ZodIssue

/** The name of a field as the caller wrote it: the part of the request that it stands in is plain from the route. */
const fieldName = (path: readonly PropertyKey[]): string => path.slice(1).map(String).join('.')

const countOf = (issues: readonly Issue[]): number =>
  issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 1), 0)

/** Of several shapes that a value may have, the one that it comes closest to was meant: what is wrong with that. */
const closest = (shapes: readonly (readonly Issue[])[]): readonly Issue[] =>
  shapes.toSorted((one, other) => countOf(one) - countOf(other))[0] ?? []

/** Whether there is no value at all, of which zod says that it is undefined; no value of JSON is. */
const isMissing = (issue: Issue): boolean =>
  issue.code === 'invalid_type' && issue.message.endsWith('received undefined')

const errorsOf = (issue: Issue, within: readonly PropertyKey[]): FieldError[] => {
  const path = [...within, ...issue.path]
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ field: fieldName([...path, key]), message: 'unknown field' }))
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    return closest(issue.errors).flatMap((each) => errorsOf(each, path))
  }
  return [{ field: fieldName(path), message: isMissing(issue) ? 'is missing' : issue.message }]
}

/** Declines a request with every field that is not valid, and why. `within`: where what was parsed stands in the request. */
export const fieldsInvalid = (
  { issues }: z.ZodError,
  within: readonly PropertyKey[] = [],
): Failure<'FIELDS_INVALID'> => ({
  code: 'FIELDS_INVALID',
  detail: {
    en: 'Correct the fields listed in "errors" and send the request again.',
    zh: '请更正 errors 中列出的字段，然后重新发送请求。',
  },
  errors: issues.flatMap((issue) => errorsOf(issue, within)),
})

import type * as z from 'zod'
import en from 'zod/v4/locales/en.js'
import zhCN from 'zod/v4/locales/zh-CN.js'
import type { FieldError, Result } from '../../../shared/model/failure.ts'
import { fieldTextOf } from '../../../shared/model/field-message.ts'
import type { Text } from '../../../shared/model/message.ts'

type Issue = z.core.$ZodIssue

/** The name of a field as the caller wrote it: the part of the request that it stands in is plain from the route. */
const fieldName = (path: readonly PropertyKey[]): string => path.slice(1).map(String).join('.')

const countOf = (issues: readonly Issue[]): number =>
  issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 1), 0)

/** Of several shapes that a value may have, the one that it comes closest to was meant: what is wrong with that. */
const closest = (shapes: readonly (readonly Issue[])[]): readonly Issue[] =>
  shapes.toSorted((one, other) => countOf(one) - countOf(other))[0] ?? []

const unknownField: Text = { en: 'unknown field', zh: '未知字段' }
const missing: Text = { en: 'is missing', zh: '缺少该字段' }

type ErrorMap = z.core.$ZodErrorMap

const { localeError: inEnglish } = en()
const { localeError: inChinese } = zhCN()

const wordsOf = (said: ReturnType<ErrorMap>): string =>
  typeof said === 'string' ? said : (said?.message ?? '')

/** What zod says by itself. No value of JSON is undefined: where there is none, the field is missing. */
const textOfZod = (issue: Parameters<ErrorMap>[0]): Text =>
  issue.code === 'invalid_type' && issue.input === undefined
    ? missing
    : { en: wordsOf(inEnglish(issue)), zh: wordsOf(inChinese(issue)) }

/** Tells in every language what zod knows in English. */
type TextOf = (message: string) => Text

const errorsOf = (issue: Issue, within: readonly PropertyKey[], textOf: TextOf): FieldError[] => {
  const path = [...within, ...issue.path]
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ field: fieldName([...path, key]), message: unknownField }))
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    return closest(issue.errors).flatMap((each) => errorsOf(each, path, textOf))
  }
  return [{ field: fieldName(path), message: textOf(issue.message) }]
}

/**
 * Parses what a caller sent; declines with every field that is not valid, and why. `within`: where the value stands in
 * the request.
 */
export const parsedFields = <Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  within: readonly PropertyKey[] = [],
): Result<z.output<Schema>, 'FIELDS_INVALID'> => {
  const ofZod = new Map<string, Text>()
  const { success, data, error } = schema.safeParse(value, {
    error: (issue) => {
      const text = textOfZod(issue)
      ofZod.set(text.en, text)
      return text.en
    },
  })
  if (success) return { value: data }
  const textOf: TextOf = (message) =>
    fieldTextOf(message) ?? ofZod.get(message) ?? { en: message, zh: message }
  return {
    failure: {
      code: 'FIELDS_INVALID',
      detail: {
        en: 'Correct the fields listed in "errors" and send the request again.',
        zh: '请更正 errors 中列出的字段，然后重新发送请求。',
      },
      errors: error.issues.flatMap((issue) => errorsOf(issue, within, textOf)),
    },
  }
}

/** Every path of a document, with dots between the names of its members: `connection.credential.username`. */
export type PathOf<Value> = Value extends readonly unknown[]
  ? never
  : Value extends object
    ? { [Key in keyof Value & string]-?: Key | `${Key}.${PathOf<NonNullable<Value[Key]>>}` }[keyof Value &
        string]
    : never

/**
 * What a field holds: `text`; `block`, a text of lines; `number`; `yes`, one of yes and no; `choice` and `choices`, one
 * and some of `options`; `lines`, a list with a line for each; `tags`, a line `key:value` for each.
 */
export type Kind = 'text' | 'block' | 'number' | 'yes' | 'choice' | 'choices' | 'lines' | 'tags'

/** A field of a form, which is a column of a list too. `path`: where it stands in the document that the API takes. */
export interface Field<Path extends string = string> {
  readonly path: Path
  readonly kind: Kind
  readonly options?: readonly string[]
  /** What somebody might write, in a language that all read. */
  readonly example?: string
  readonly isRequired?: true
}

/** What stands in the fields, by their paths; '' or nothing: the field is left out. */
export type Row = Readonly<Record<string, string>>

/** A document as the API takes it. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json }
export type Document = Readonly<Record<string, Json>>

const linesOf = (text: string): readonly string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)

const tagsOf = (text: string): Document =>
  Object.fromEntries(
    linesOf(text).map((line) => {
      const [key = '', ...value] = line.split(':')
      return [key.trim(), value.join(':').trim()]
    }),
  )

/** What is no number and no truth stays a text, so that the service says what is wrong with it. */
const valueOf = (text: string, kind: Kind): Json => {
  const trimmed = text.trim()
  switch (kind) {
    case 'number':
      return Number.isFinite(Number(trimmed)) ? Number(trimmed) : trimmed
    case 'yes':
      return trimmed === 'true' || trimmed === 'false' ? trimmed === 'true' : trimmed
    case 'choices':
    case 'lines':
      return linesOf(text)
    case 'tags':
      return tagsOf(text)
    case 'block':
      return text
    default:
      return trimmed
  }
}

export const isDocument = (value: unknown): value is Document =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const ownMember = (document: Document, name: string): Json | undefined =>
  Object.hasOwn(document, name) ? document[name] : undefined

/** A document with a value at a path. A name of the path is never taken for more than a name. */
const placed = (document: Document, [name = '', ...rest]: readonly string[], value: Json): Document => {
  const known = ownMember(document, name)
  const inside = rest.length === 0 ? value : placed(isDocument(known) ? known : {}, rest, value)
  return { ...document, [name]: inside }
}

/** The document that fields say. Of a column that no field is of, the text is taken. */
export const documentOf = (row: Row, fields: readonly Field[]): Document => {
  const kinds = new Map(fields.map(({ path, kind }) => [path, kind]))
  return Object.entries(row)
    .filter(([, text]) => text.trim() !== '')
    .reduce<Document>(
      (document, [path, text]) => placed(document, path.split('.'), valueOf(text, kinds.get(path) ?? 'text')),
      {},
    )
}

const wordOf = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value))

const textOf = (value: Json = ''): string => {
  if (Array.isArray(value)) return value.map((each: Json) => wordOf(each)).join('\n')
  if (!isDocument(value)) return wordOf(value)
  return Object.entries(value)
    .map(([key, inside]) => `${key}:${wordOf(inside)}`)
    .join('\n')
}

/** What the fields hold of a document. */
export const rowOf = (document: object, fields: readonly Field[]): Row =>
  Object.fromEntries(
    fields.map(({ path }) => {
      const found = path
        .split('.')
        .reduce<Json | undefined>(
          (inside, name) => (isDocument(inside) ? ownMember(inside, name) : undefined),
          isDocument(document) ? document : undefined,
        )
      return [path, textOf(found)]
    }),
  )

import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import {
  aboutFields,
  connectionFieldsOf,
  moreFields,
  registrationFields,
} from '../../../infra/forms/registration-fields.ts'
import { documentOf } from '../../../infra/forms/fields.ts'
import { Engine } from '../../../shared/model/engine.ts'
import { InstanceDefinition } from '../../../shared/model/instance.ts'

/** A part of the JSON Schema of a registration, as far as it matters here. */
interface Part {
  readonly const?: string
  readonly enum?: readonly string[]
  readonly type?: string
  readonly items?: Part
  readonly properties?: Readonly<Record<string, Part>>
  readonly oneOf?: readonly Part[]
  readonly anyOf?: readonly Part[]
}

const schema = z.toJSONSchema(InstanceDefinition, { io: 'input', unrepresentable: 'any' }) as Part
const schemaOf = (engine: string): Part =>
  schema.oneOf!.find(({ properties }) => properties!['engine']!.const === engine)!

const leavesOf = (part: Part, path: string): [string, Part][] =>
  part.properties
    ? Object.entries(part.properties).flatMap(([name, inside]) =>
        leavesOf(inside, path === '' ? name : `${path}.${name}`),
      )
    : [[path, part]]

/** What a form of plain fields has no room for: in YAML it is said all the same. */
const yamlOnly = ['databases', 'maintenanceWindows']

const kindOf = ({ type, enum: options, anyOf, items }: Part): string => {
  if (options || anyOf) return 'choice'
  if (type === 'boolean') return 'yes'
  if (type === 'integer') return 'number'
  if (type === 'array') return items?.enum ? 'choices' : 'lines'
  return type === 'object' ? 'tags' : 'text'
}

describe.each(Engine.options)('the form of %s', (engine) => {
  const fields = [...aboutFields, ...connectionFieldsOf(engine), ...moreFields]
  const leaves = new Map(leavesOf(schemaOf(engine), ''))

  it('has a field for all that a registration may say', () => {
    const paths = fields.map(({ path }) => path).filter((path) => path !== 'id')
    expect(paths.toSorted()).toEqual([...leaves.keys()].filter((path) => !yamlOnly.includes(path)).toSorted())
  })

  it('takes of each what the schema takes', () => {
    for (const { path, kind, options } of fields) {
      const part = leaves.get(path)
      if (!part || path === 'engine') continue
      expect([path, kind.replace('block', 'text')]).toEqual([path, kindOf(part)])
      const allowed = part.enum ?? part.items?.enum ?? part.anyOf?.flatMap((each) => each.enum ?? [])
      expect([path, options ?? []]).toEqual([path, allowed ?? []])
    }
  })

  it('gives examples that are right', () => {
    const examples = Object.fromEntries(fields.map(({ path, example = '' }) => [path, example]))
    const row = {
      ...examples,
      engine,
      'connection.instanceName': '',
      'connection.tls.ca': '',
      'endpoints.ca': '',
      'host.platform': 'linux',
      id: '',
    }
    expect(InstanceDefinition.safeParse(documentOf(row, registrationFields)).error).toBeUndefined()
  })
})

it('every engine has a form', () => {
  expect(aboutFields.find(({ path }) => path === 'engine')?.options).toEqual(Engine.options)
})

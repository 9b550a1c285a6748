import { defaultThresholds } from '../../../shared/model/default-thresholds.ts'
import type { PolicyDefinition } from '../../../shared/model/policy.ts'
import type { Field, PathOf } from '../../forms/fields.ts'
import { engines } from '../../forms/registration-fields.ts'

type PolicyField = Field<'name' | PathOf<PolicyDefinition>>

export const nameField: PolicyField = { path: 'name', kind: 'text', example: 'strict', isRequired: true }

/** What a policy is for. */
export const aboutFields: readonly PolicyField[] = [
  { path: 'description', kind: 'text' },
  { path: 'appliesTo.engine', kind: 'choice', options: engines },
  { path: 'appliesTo.tags', kind: 'tags', example: 'tier:gold' },
  { path: 'appliesTo.databases', kind: 'text', example: 'Sales*' },
]

/** Every threshold, with its default. */
export const thresholdFields: readonly Field[] = Object.entries(defaultThresholds).map(([name, value]) => ({
  path: `thresholds.${name}`,
  kind: 'number',
  example: String(value),
}))

/** What stands in the body of a policy. */
export const definitionFields: readonly Field[] = [...aboutFields, ...thresholdFields]

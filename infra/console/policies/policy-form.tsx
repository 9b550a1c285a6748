import type { Policy } from '../../../shared/model/policy.ts'
import type { Thresholds } from '../../../shared/model/thresholds.ts'
import { type Row, documentOf, rowOf } from '../../forms/fields.ts'
import { FormEnd, FormFields } from '../forms/form-fields.tsx'
import { useForm } from '../forms/form.ts'
import { ask } from '../state/api.ts'
import { aboutFields, definitionFields, nameField, thresholdFields } from './policy-fields.ts'
import { told } from '../state/told.ts'

const put = (row: Row, seen: number | 'dry-run') => {
  const { name = '', ...definition } = row
  const path = `v1/policies/${encodeURIComponent(name.trim() || ' ')}`
  // A policy says thresholds, if none.
  const body = { thresholds: {}, ...documentOf(definition, definitionFields) }
  return seen === 'dry-run'
    ? ask<Policy>(`${path}?dryRun=true`, { method: 'PUT', body })
    : ask<Policy>(path, { method: 'PUT', body, headers: { 'if-match': `"${seen}"` } })
}

/** Writes a policy, or changes the one that there is, unless somebody else did since. */
export const PolicyForm = ({
  policy,
  onDone,
}: {
  readonly policy: Policy | null
  readonly onDone: (policy: Policy) => void
}) => {
  const texts = told().policies
  const known = policy ? { name: policy.name, ...rowOf(policy.definition, definitionFields) } : {}
  const form = useForm<Policy>({
    initial: known,
    places: { policyName: 'name' },
    attempt: (row) => put(row, 'dry-run'),
    send: (row) => put(row, policy?.revision ?? 0),
    onDone,
  })
  const names: Readonly<Record<keyof Thresholds, string>> = told().thresholds
  const named = Object.entries(names).map(([name, text]) => [`thresholds.${name}`, text] as const)
  const fields = policy ? definitionFields : [nameField, ...definitionFields]
  return (
    <form noValidate onSubmit={(event) => void form.submit(event)} aria-label={texts.create}>
      <FormFields
        fields={policy ? aboutFields : [nameField, ...aboutFields]}
        form={form}
        labels={{ fields: texts.fields }}
      />
      <p class="hint">{texts.thresholdsHint}</p>
      <FormFields fields={thresholdFields} form={form} labels={{ fields: Object.fromEntries(named) }} />
      <FormEnd fields={fields} form={form} submit={texts.save} />
    </form>
  )
}

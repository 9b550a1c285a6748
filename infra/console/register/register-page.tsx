import { useSignal } from '@preact/signals'
import type { Instance } from '../../../shared/model/instance.ts'
import { type Row, documentOf } from '../../forms/fields.ts'
import { FormEnd, FormFields } from '../forms/form-fields.tsx'
import { useForm } from '../forms/form.ts'
import { yamlOf } from '../forms/yaml.ts'
import { Validation } from '../instance/validation.tsx'
import { Copyable } from '../parts/copy.tsx'
import { linkTo } from '../state/address.ts'
import { ask, mayChange } from '../state/api.ts'
import { register, tryRegistration } from './registration.ts'
import {
  type Registration,
  type RegistrationPath,
  aboutFields,
  connectionFieldsOf,
  moreFields,
} from '../../forms/registration-fields.ts'
import { told } from '../state/told.ts'
import { fill } from '../texts/fill.ts'

const fieldsFor = (engine = '') => [...aboutFields, ...connectionFieldsOf(engine), ...moreFields]

/** Of the fields that the engine has: what was written for another one is kept, and not sent. */
const registrationOf = (row: Row): Registration => {
  const fields = fieldsFor(row['engine']).filter(({ path }) => path !== 'id')
  const own = Object.fromEntries(fields.map(({ path }) => [path, row[path] ?? '']))
  return { id: row['id']?.trim() ?? '', definition: documentOf(own, fields) }
}

/** The revision of what is registered already under the id; 0: nothing is. */
const revisionBefore = (tried: Instance | null): number => (tried?.revision ?? 1) - 1

const initial: Row = { engine: 'oracle' }

const places = {
  instanceId: 'id',
  SECRET_REFUSED: 'connection.credential.password',
  CHECK_ITEM_NOT_APPLICABLE: 'checks.include',
}

const RegistrationForm = ({ onDone }: { readonly onDone: (instance: Instance) => void }) => {
  const texts = told().register
  /** The id whose registration the reader has agreed to replace. */
  const replaced = useSignal<string | null>(null)
  const form = useForm<Instance>({
    initial,
    places,
    attempt: (row) => tryRegistration(registrationOf(row)),
    send: (row, tried) => {
      const registration = registrationOf(row)
      return register(registration, registration.id === replaced.value ? revisionBefore(tried) : 0)
    },
    onDone,
  })
  const known = revisionBefore(form.tried.value)
  const row = form.row.value
  const fields = fieldsFor(row['engine'])
  const { id, definition } = registrationOf(row)
  const labels: { readonly fields: Readonly<Record<RegistrationPath, string>> } = texts
  return (
    <form noValidate onSubmit={(event) => void form.submit(event)} aria-label={texts.title}>
      <FormFields fields={aboutFields} form={form} labels={labels} />
      <FormFields fields={connectionFieldsOf(row['engine'] ?? '')} form={form} labels={labels} />
      <details>
        <summary>{told().forms.more}</summary>
        <FormFields fields={moreFields} form={form} labels={labels} />
      </details>
      {known > 0 && (
        <div class="note risk">
          <p role="alert">{fill(texts.exists, id, String(known))}</p>
          <label class="check">
            <input
              type="checkbox"
              checked={replaced.value === id}
              onChange={() => (replaced.value = replaced.value === id ? null : id)}
            />
            {texts.replace}
          </label>
        </div>
      )}
      {known === 0 && form.tried.value && <p class="hint">{texts.wouldWork}</p>}
      <FormEnd fields={fields} form={form} submit={texts.submit} />
      <h2>{told().forms.yaml}</h2>
      <Copyable text={yamlOf({ id, ...definition })} />
    </form>
  )
}

/** Registers an instance, then shows whether it can be reached. */
export const RegisterPage = () => {
  const texts = told().register
  const registered = useSignal<Instance | null>(null)
  const instance = registered.value
  if (instance) {
    const refresh = async (): Promise<void> => {
      const answer = await ask<Instance>(`v1/instances/${encodeURIComponent(instance.id)}`)
      if (answer.kind === 'value') registered.value = answer.value
    }
    return (
      <>
        <h1>{texts.title}</h1>
        <p role="status">
          {fill(texts.done, instance.id)} <a href={linkTo(['instances', instance.id])}>{texts.open}</a>
        </p>
        <Validation instance={instance} refresh={refresh} />
        <button type="button" onClick={() => (registered.value = null)}>
          {texts.another}
        </button>
      </>
    )
  }
  return (
    <>
      <h1>{texts.title}</h1>
      {mayChange() ? (
        <>
          <p class="hint">
            {texts.hint} <a href={linkTo(['import'])}>{texts.many}</a>
          </p>
          <RegistrationForm onDone={(made) => (registered.value = made)} />
        </>
      ) : (
        <p class="hint">{texts.mayNot}</p>
      )}
    </>
  )
}

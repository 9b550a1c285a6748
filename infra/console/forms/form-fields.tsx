import { Fault } from '../parts/notice.tsx'
import { languageOf, say } from '../state/reader.ts'
import type { Field } from '../../forms/fields.ts'
import { type FieldFault, type Form, isOf } from './form.ts'
import { told } from '../state/told.ts'
import { fill } from '../texts/fill.ts'

/** What the fields of a form are called, and what their options are; an option without a name is called as it is. */
export interface Labels {
  readonly fields: Readonly<Record<string, string>>
  readonly options?: Readonly<Record<string, string>>
}

interface InputProps {
  readonly field: Field
  readonly text: string
  readonly labels: Labels
  readonly isFaulty: boolean
  readonly onText: (text: string) => void
}

const idOf = (path: string): string => `field-${path}`
const faultIdOf = (path: string): string => `fault-${path}`

/** What every kind of input has. */
const shared = ({ field: { path, isRequired }, isFaulty }: InputProps) => ({
  id: idOf(path),
  required: isRequired === true,
  'aria-invalid': isFaulty,
  'aria-describedby': isFaulty ? faultIdOf(path) : undefined,
})

const Select = (props: InputProps & { readonly options: readonly (readonly [string, string])[] }) => (
  <select
    {...shared(props)}
    value={props.text}
    onChange={({ currentTarget }) => props.onText(currentTarget.value)}
  >
    {props.options.map(([value, label]) => (
      <option key={value} value={value}>
        {label}
      </option>
    ))}
  </select>
)

const Area = (props: InputProps) => (
  <textarea
    {...shared(props)}
    rows={3}
    spellcheck={false}
    placeholder={props.field.example}
    value={props.text}
    onInput={({ currentTarget }) => props.onText(currentTarget.value)}
  />
)

const Line = (props: InputProps) => (
  <input
    {...shared(props)}
    spellcheck={false}
    autocomplete="off"
    inputMode={props.field.kind === 'number' ? 'decimal' : 'text'}
    placeholder={props.field.example}
    value={props.text}
    onInput={({ currentTarget }) => props.onText(currentTarget.value)}
  />
)

const Input = (props: InputProps) => {
  const { field, labels } = props
  const { kind, options = [], isRequired } = field
  const unsaid = ['', told().forms.unsaid] as const
  if (kind === 'yes') {
    const { yes, no } = told().forms
    return <Select {...props} options={[unsaid, ['true', yes], ['false', no]]} />
  }
  if (kind === 'choice') {
    const named = options.map((each) => [each, labels.options?.[each] ?? each] as const)
    return <Select {...props} options={isRequired ? named : [unsaid, ...named]} />
  }
  return kind === 'text' || kind === 'number' ? <Line {...props} /> : <Area {...props} />
}

const Checks = ({ field, text, labels, onText }: InputProps) => {
  const chosen = text.split('\n').filter(Boolean)
  const toggle = (option: string): void => {
    const others = chosen.filter((each) => each !== option)
    onText((others.length < chosen.length ? others : [...chosen, option]).join('\n'))
  }
  return (
    <>
      {field.options?.map((option) => (
        <label key={option} class="check">
          <input type="checkbox" checked={chosen.includes(option)} onChange={() => toggle(option)} />
          {labels.options?.[option] ?? option}
        </label>
      ))}
    </>
  )
}

const Faults = ({ of: faults, path }: { readonly of: readonly FieldFault[]; readonly path: string }) =>
  faults.length === 0 ? null : (
    <span id={faultIdOf(path)} class="fault" lang={languageOf(faults.map(({ message }) => message).join(''))}>
      {faults
        .map(({ path: exact, message }) =>
          exact === path ? message : `${exact.slice(path.length + 1)}: ${message}`,
        )
        .join('; ')}
    </span>
  )

const FieldOf = ({ field, form, labels }: { field: Field; form: Form; labels: Labels }) => {
  const { path, kind, isRequired } = field
  const faults = form.faults.value.filter((fault) => isOf(fault.path, path))
  const props: InputProps = {
    field,
    labels,
    text: form.row.value[path] ?? '',
    isFaulty: faults.length > 0,
    onText: (text) => form.change(path, text),
  }
  const label = labels.fields[path] ?? path
  if (kind === 'choices') {
    return (
      <fieldset class="field">
        <legend>{label}</legend>
        <Checks {...props} />
        <Faults of={faults} path={path} />
      </fieldset>
    )
  }
  return (
    <div class="field">
      <label for={idOf(path)}>
        {label}
        {isRequired && <span aria-hidden="true"> *</span>}
      </label>
      <Input {...props} />
      <Faults of={faults} path={path} />
    </div>
  )
}

/** Fields of a form, each with what the service says of it. */
export const FormFields = ({
  fields,
  form,
  labels,
}: {
  readonly fields: readonly Field[]
  readonly form: Form
  readonly labels: Labels
}) => (
  <div class="fields">
    {fields.map((field) => (
      <FieldOf key={field.path} field={field} form={form} labels={labels} />
    ))}
  </div>
)

/** What is wrong beside the fields that are shown, how much is to be corrected, and the button that sends. */
export const FormEnd = ({
  fields,
  form,
  submit,
}: {
  readonly fields: readonly Field[]
  readonly form: Form
  readonly submit: string
}) => {
  const { faults, isBusy, problem } = form
  const others = faults.value.filter((fault) => !fields.some(({ path }) => isOf(fault.path, path)))
  return (
    <>
      {others.map(({ path, message }) => (
        <p key={path} class="note bad" lang={languageOf(message)}>
          <code>{path}</code> {message}
        </p>
      ))}
      <Fault of={{ fault: problem }} />
      <p role="status" class="hint">
        {faults.value.length > 0 && fill(told().forms.toCorrect, faults.value.length)}
      </p>
      <button type="submit" class="first" disabled={isBusy.value}>
        {isBusy.value ? say().loading : submit}
      </button>
    </>
  )
}

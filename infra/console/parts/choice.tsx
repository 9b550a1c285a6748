import { choose } from '../state/address.ts'

interface ChoiceProps {
  readonly label: string
  readonly name: string
  readonly value: string
  readonly options: readonly (readonly [value: string, text: string])[]
}

/** One of some, which the address keeps under a name. */
export const Choice = ({ label, name, value, options }: ChoiceProps) => (
  <label>
    {label}
    <select value={value} onChange={({ currentTarget }) => choose({ [name]: currentTarget.value })}>
      {options.map(([each, text]) => (
        <option key={each} value={each}>
          {text}
        </option>
      ))}
    </select>
  </label>
)

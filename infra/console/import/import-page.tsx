import { useSignal } from '@preact/signals'
import { Fault } from '../parts/notice.tsx'
import { Copyable } from '../parts/copy.tsx'
import { linkTo } from '../state/address.ts'
import { mayChange } from '../state/api.ts'
import { useImporting } from './importing.ts'
import { Preview } from './preview.tsx'
import { decoded, maxLength } from './read-list.ts'
import { told } from '../state/told.ts'
import { fill } from '../texts/fill.ts'

/** Bytes of the longest character. */
const characterBytes = 4

/** Where a list is given: as a file, or pasted. */
const Source = ({ onText }: { readonly onText: (text: string) => void }) => {
  const texts = told().import
  const pasted = useSignal('')
  const take = async (file: File | undefined): Promise<void> => {
    if (file) onText(decoded(await file.slice(0, maxLength * characterBytes).arrayBuffer()))
  }
  const submit = (event: Event): void => {
    event.preventDefault()
    onText(pasted.value)
  }
  return (
    <form onSubmit={submit} aria-label={texts.title}>
      <div class="field">
        <label for="file">{texts.file}</label>
        <input
          id="file"
          type="file"
          accept=".csv,.json,.yaml,.yml,text/csv,application/json"
          onChange={({ currentTarget }) => void take(currentTarget.files?.[0])}
        />
      </div>
      <div class="field">
        <label for="pasted">{texts.paste}</label>
        <textarea
          id="pasted"
          rows={6}
          spellcheck={false}
          value={pasted.value}
          onInput={({ currentTarget }) => (pasted.value = currentTarget.value)}
        />
      </div>
      <button type="submit">{texts.look}</button>
    </form>
  )
}

const Import = () => {
  const texts = told().import
  const importing = useImporting()
  const fault = importing.fault.value
  return (
    <>
      <p class="hint">
        {texts.hint} <a href={linkTo(['register'])}>{texts.one}</a>
      </p>
      <details>
        <summary>{texts.template}</summary>
        <Copyable text={texts.example} />
      </details>
      <Source onText={(text) => void importing.look(text)} />
      {fault && (
        <p role="alert" class="note bad">
          {fill(texts.faults[fault.code], fault.at)} {fault.detail}
        </p>
      )}
      <Fault of={importing.reading} />
      {importing.verdicts.value.size > 0 && <Preview of={importing} />}
    </>
  )
}

/** Registers a list of instances, once somebody has seen what the service says of each. */
export const ImportPage = () => {
  const texts = told().import
  return (
    <>
      <h1>{texts.title}</h1>
      {mayChange() ? <Import /> : <p class="hint">{texts.mayNot}</p>}
    </>
  )
}

import { useSignal } from '@preact/signals'
import type { Policy } from '../../../shared/model/policy.ts'
import { Awaited } from '../parts/awaited.tsx'
import { Moment } from '../parts/moment.tsx'
import { Fault } from '../parts/notice.tsx'
import { Sure } from '../parts/sure.tsx'
import { Table } from '../parts/table.tsx'
import { linkTo } from '../state/address.ts'
import { mayChange } from '../state/api.ts'
import { say } from '../state/reader.ts'
import { type PageOf, useRemote } from '../state/remote.ts'
import { useSending } from '../state/sending.ts'
import { PolicyForm } from './policy-form.tsx'
import { told } from '../state/told.ts'
import { fill } from '../texts/fill.ts'

const whomFor = ({ definition: { appliesTo } }: Policy): string => {
  const { engine, tags = {}, databases } = appliesTo
  const said = [
    ...(engine === undefined ? [] : [engine]),
    ...Object.entries(tags).map(([key, value]) => `${key}:${value}`),
    ...(databases === undefined ? [] : [fill(told().policies.databases, databases)]),
  ]
  return said.length === 0 ? told().policies.all : said.join(' · ')
}

/** Each threshold that a policy says, in words. */
const sayings = ({ definition: { thresholds } }: Policy): readonly string[] => {
  const named = new Map(Object.entries(told().thresholds))
  return Object.entries(thresholds).map(([name, value]) => say().said(named.get(name) ?? name, String(value)))
}

const Said = ({ policy }: { readonly policy: Policy }) => (
  <ul class="items">
    {sayings(policy).map((saying) => (
      <li key={saying}>{saying}</li>
    ))}
  </ul>
)

/** The policies: for whom, and what they say. */
export const PoliciesPage = () => {
  const texts = told().policies
  const policies = useRemote<PageOf<Policy>>('v1/policies', 0)
  const items = policies.body.value?.items
  return (
    <>
      <h1>{say().policies}</h1>
      <p class="hint">{texts.hint}</p>
      <Awaited what={policies} />
      {items?.length === 0 && <p>{texts.none}</p>}
      {items && items.length > 0 && (
        <Table label={say().policies} heads={[texts.name, texts.appliesTo, texts.thresholds, texts.changed]}>
          {items.map((policy) => (
            <tr key={policy.name}>
              <th scope="row">
                <a href={linkTo(['policies', policy.name])}>{policy.name}</a>
                <small>{policy.definition.description}</small>
              </th>
              <td>{whomFor(policy)}</td>
              <td>
                <Said policy={policy} />
              </td>
              <td>
                <Moment at={policy.updatedAt} />
              </td>
            </tr>
          ))}
        </Table>
      )}
      {mayChange() ? <a href={linkTo(['new-policy'])}>{texts.create}</a> : <p class="hint">{texts.mayNot}</p>}
    </>
  )
}

/** A policy that is not there yet. */
export const NewPolicyPage = () => (
  <>
    <h1>{told().policies.create}</h1>
    {mayChange() ? (
      <PolicyForm policy={null} onDone={({ name }) => (location.hash = linkTo(['policies', name]))} />
    ) : (
      <p class="hint">{told().policies.mayNot}</p>
    )}
  </>
)

const Remove = ({ name }: { readonly name: string }) => {
  const texts = told().policies
  const sending = useSending()
  const remove = async (): Promise<void> => {
    const path = `v1/policies/${encodeURIComponent(name)}`
    if (await sending.send(path, { method: 'DELETE' })) location.hash = linkTo(['policies'])
  }
  return (
    <p>
      <Sure label={texts.remove} what={fill(texts.removing, name)} onYes={() => void remove()} />
      <Fault of={sending} />
    </p>
  )
}

/** A policy: what it says, and changing or deleting it. */
export const PolicyPage = ({ id: name }: { readonly id: string }) => {
  const texts = told().policies
  const read = useRemote<Policy>(`v1/policies/${encodeURIComponent(name)}`, 0)
  const isSaved = useSignal(false)
  const policy = read.body.value
  return (
    <>
      <p class="no-print">
        <a href={linkTo(['policies'])}>{texts.list}</a>
      </p>
      <h1>{name}</h1>
      <Awaited what={read} missing={{ code: 'POLICY_NOT_FOUND', text: texts.missing }} />
      {policy && (
        <>
          <p>{say().said(texts.appliesTo, whomFor(policy))}</p>
          <Said policy={policy} />
          <p role="status">{isSaved.value && texts.saved}</p>
        </>
      )}
      {policy && mayChange() && (
        <>
          <PolicyForm
            key={policy.revision}
            policy={policy}
            onDone={() => {
              isSaved.value = true
              void read.refresh()
            }}
          />
          <Remove name={name} />
        </>
      )}
      {!mayChange() && <p class="hint">{texts.mayNot}</p>}
    </>
  )
}

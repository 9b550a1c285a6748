import { useSignal } from '@preact/signals'
import type { IssuedTokenView, TokenView } from '../../../functions/api/views/token-view.ts'
import type { TokenRequest } from '../../../shared/model/token.ts'
import { tableOf } from '../../forms/csv.ts'
import { type Field, documentOf } from '../../forms/fields.ts'
import { FormEnd, FormFields } from '../forms/form-fields.tsx'
import { useForm } from '../forms/form.ts'
import { Awaited } from '../parts/awaited.tsx'
import { DownloadCsv } from '../parts/download-csv.tsx'
import { Moment } from '../parts/moment.tsx'
import { Fault } from '../parts/notice.tsx'
import { Secret } from '../parts/secret.tsx'
import { Sure } from '../parts/sure.tsx'
import { Table } from '../parts/table.tsx'
import { ask, mayChange } from '../state/api.ts'
import { say } from '../state/reader.ts'
import { type PageOf, useRemote } from '../state/remote.ts'
import { useSending } from '../state/sending.ts'
import { told } from '../state/told.ts'
import { fill } from '../texts/fill.ts'
import { nowInSeconds, secondsOf } from '../state/times.ts'

const fields: readonly Field<keyof TokenRequest>[] = [
  { path: 'name', kind: 'text', example: 'nightly-jobs', isRequired: true },
  { path: 'scope', kind: 'choice', options: ['read', 'run', 'admin'], isRequired: true },
  { path: 'expiresInDays', kind: 'number', example: '90' },
]

type OnIssued = (issued: IssuedTokenView) => void

const IssueToken = ({ onIssued }: { readonly onIssued: OnIssued }) => {
  const texts = told().tokens
  const form = useForm<IssuedTokenView>({
    initial: { scope: 'read' },
    send: (row) => ask('v1/tokens', { method: 'POST', body: documentOf(row, fields) }),
    onDone: onIssued,
  })
  return (
    <form noValidate onSubmit={(event) => void form.submit(event)} aria-labelledby="issue">
      <h2 id="issue">{texts.issue}</h2>
      <FormFields fields={fields} form={form} labels={{ fields: texts.fields, options: texts.scopes }} />
      <FormEnd fields={fields} form={form} submit={texts.issue} />
    </form>
  )
}

const expiryOf = ({ expiresAt }: TokenView): string => {
  const texts = told().tokens
  if (expiresAt === null) return texts.never
  return secondsOf(expiresAt) <= nowInSeconds() ? texts.expired : ''
}

const Actions = ({
  token: { id, name },
  onRotated,
  onRevoked,
}: {
  readonly token: TokenView
  readonly onRotated: OnIssued
  readonly onRevoked: () => void
}) => {
  const texts = told().tokens
  const sending = useSending<IssuedTokenView>()
  const rotate = async (): Promise<void> => {
    const answer = await sending.send(`v1/tokens/${id}/rotate`, { method: 'POST' })
    if (answer) onRotated(answer.value)
  }
  const revoke = async (): Promise<void> => {
    if (await sending.send(`v1/tokens/${id}`, { method: 'DELETE' })) onRevoked()
  }
  return (
    <>
      <Sure label={texts.rotate} what={fill(texts.rotating, name)} onYes={() => void rotate()} />{' '}
      <Sure label={texts.revoke} what={fill(texts.revoking, name)} onYes={() => void revoke()} />
      <Fault of={sending} />
    </>
  )
}

interface Shown {
  readonly items: readonly TokenView[]
  readonly onRotated: OnIssued
  readonly onRevoked: () => void
}

const TokenTable = ({ items, onRotated, onRevoked }: Shown) => {
  const texts = told().tokens
  const heads = [texts.name, texts.scope, texts.created, texts.expires, texts.lastUsed]
  const lines = [
    ['id', ...heads],
    ...items.map(({ id, name, scope, createdAt, rotatedAt, expiresAt, lastUsedAt }) => [
      id,
      name,
      scope,
      rotatedAt ?? createdAt,
      expiresAt ?? texts.never,
      lastUsedAt ?? texts.notYet,
    ]),
  ]
  return (
    <>
      <Table label={say().tokens} heads={[...heads, texts.actions]}>
        {items.map((token) => (
          <tr key={token.id}>
            <th scope="row">
              {token.name} <small>{token.id}</small>
            </th>
            <td>{token.scope}</td>
            <td>
              <Moment at={token.rotatedAt ?? token.createdAt} />
            </td>
            <td>
              {token.expiresAt !== null && <Moment at={token.expiresAt} />} {expiryOf(token)}
            </td>
            <td>{token.lastUsedAt === null ? texts.notYet : <Moment at={token.lastUsedAt} />}</td>
            <td class="reasons">
              <Actions token={token} onRotated={onRotated} onRevoked={onRevoked} />
            </td>
          </tr>
        ))}
      </Table>
      <DownloadCsv name="tokens.csv" table={() => tableOf(lines)} />
    </>
  )
}

const Tokens = () => {
  const texts = told().tokens
  const tokens = useRemote<PageOf<TokenView>>('v1/tokens', 0)
  const issued = useSignal<IssuedTokenView | null>(null)
  const show: OnIssued = (token) => {
    issued.value = token
    void tokens.refresh()
  }
  return (
    <>
      <p class="hint">{texts.hint}</p>
      {issued.value && (
        <Secret
          title={fill(texts.secretOf, issued.value.name)}
          secret={issued.value.token}
          onSeen={() => (issued.value = null)}
        />
      )}
      <Awaited what={tokens} />
      {tokens.body.value && (
        <TokenTable
          items={tokens.body.value.items}
          onRotated={show}
          onRevoked={() => void tokens.refresh()}
        />
      )}
      <IssueToken key={issued.value?.token} onIssued={show} />
    </>
  )
}

/** The tokens: who may do what, until when, and who has not used theirs. */
export const TokensPage = () => (
  <>
    <h1>{say().tokens}</h1>
    {mayChange() ? <Tokens /> : <p class="hint">{told().tokens.mayNot}</p>}
  </>
)

import type { VNode } from 'preact'
import { useEffect } from 'preact/hooks'
import { CheckItemPage } from './check-items/check-item-page.tsx'
import { CheckItemsPage } from './check-items/check-items-page.tsx'
import { ImportPage } from './import/import-page.tsx'
import { NewPolicyPage, PoliciesPage, PolicyPage } from './policies/policies-page.tsx'
import { RegisterPage } from './register/register-page.tsx'
import { Offline } from './parts/notice.tsx'
import { language, say } from './state/reader.ts'
import { isUntold, known, tell } from './state/told.ts'
import { TokensPage } from './tokens/tokens-page.tsx'
import { WebhookPage } from './webhooks/webhook-page.tsx'
import { NewWebhookPage, WebhooksPage } from './webhooks/webhooks-page.tsx'

/** Pages by the first part of the address, and those of one thing, whose id is the second. */
const pages = new Map<string, () => VNode>([
  ['register', RegisterPage],
  ['import', ImportPage],
  ['check-items', CheckItemsPage],
  ['policies', PoliciesPage],
  ['new-policy', NewPolicyPage],
  ['webhooks', WebhooksPage],
  ['new-webhook', NewWebhookPage],
  ['tokens', TokensPage],
])
const pagesOfOne = new Map<string, (props: { readonly id: string }) => VNode>([
  ['check-items', CheckItemPage],
  ['policies', PolicyPage],
  ['webhooks', WebhookPage],
])

/** A page that is opened seldom, once its texts have come. */
export const SeldomPage = ({ page, id }: { readonly page: string; readonly id: string | undefined }) => {
  const wanted = language.value
  useEffect(() => void tell(wanted), [wanted])
  const Whole = id === undefined ? pages.get(page) : undefined
  const One = id === undefined ? undefined : pagesOfOne.get(page)
  if (!Whole && !One) return <p>{say().notFound}</p>
  if (!known())
    return isUntold.value ? <Offline again={() => void tell(wanted)} /> : <p role="status">{say().loading}</p>
  return Whole ? <Whole /> : One && id !== undefined && <One key={id} id={id} />
}

import { maxDigestEntries } from '../events/digest.ts'
import { digestOf } from '../events/event-digest.ts'
import type { WebhookEvent } from '../events/event.ts'
import { bytesOf, fullestThatFits } from '../events/size.ts'
import { wordsOf } from '../events/words.ts'
import { markdownOf } from './markdown.ts'

/** Bytes of Markdown that a group robot of WeCom accepts ("Message push configuration"). */
const maxMarkdownBytes = 4096

/** A message of the type `markdown_v2`: it has inline code, and unlike `markdown` no mentions. */
export const weComBody = (event: WebhookEvent): string => {
  const { elsewhere } = wordsOf[event.data.locale]
  const content = fullestThatFits(
    maxDigestEntries,
    (entries) => markdownOf(digestOf(event, entries), elsewhere),
    (markdown) => bytesOf(markdown) <= maxMarkdownBytes,
  )
  return JSON.stringify({ msgtype: 'markdown_v2', markdown_v2: { content } })
}

import { digestOf, mostDigestEntries } from '../digest.ts'
import type { WebhookEvent } from '../event.ts'
import { bytesOf, fullestThatFits } from '../size.ts'
import { wordsOf } from '../words.ts'
import { markdownOf } from './markdown.ts'

/** Bytes of Markdown that a group robot of WeCom takes ("Message push configuration"). */
const mostMarkdownBytes = 4096

/** A message of the type `markdown_v2`: it has inline code, and unlike `markdown` knows no mentions at all. */
export const weComBody = (event: WebhookEvent): string => {
  const { elsewhere } = wordsOf[event.data.locale]
  const content = fullestThatFits(
    mostDigestEntries,
    (entries) => markdownOf(digestOf(event, entries), elsewhere),
    (markdown) => bytesOf(markdown) <= mostMarkdownBytes,
  )
  return JSON.stringify({ msgtype: 'markdown_v2', markdown_v2: { content } })
}

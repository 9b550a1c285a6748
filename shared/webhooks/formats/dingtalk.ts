import { maxDigestEntries } from '../events/digest.ts'
import { digestOf } from '../events/event-digest.ts'
import type { WebhookEvent } from '../events/event.ts'
import { clip } from '../events/plain-text.ts'
import { bytesOf, fullestThatFits } from '../events/size.ts'
import { wordsOf } from '../events/words.ts'
import { markdownOf, neutral } from './markdown.ts'

/** Bytes of a body that a custom robot of DingTalk accepts ("Custom robot access"). */
const maxBytes = 20_000
/** Characters of Markdown and of a title that DingTalk accepts (error 34016, "Global error codes"). */
const maxMarkdownLength = 5000
const maxTitleLength = 64

/** A message of the type `markdown`. Nobody is mentioned: `at` alone does that. */
export const dingTalkBody = (event: WebhookEvent): string => {
  const { elsewhere } = wordsOf[event.data.locale]
  const { body } = fullestThatFits(
    maxDigestEntries,
    (entries) => {
      const digest = digestOf(event, entries)
      const text = markdownOf(digest, elsewhere)
      const markdown = { title: clip(neutral(digest.title), maxTitleLength), text }
      return { text, body: JSON.stringify({ msgtype: 'markdown', markdown, at: { isAtAll: false } }) }
    },
    (made) => made.text.length <= maxMarkdownLength && bytesOf(made.body) <= maxBytes,
  )
  return body
}

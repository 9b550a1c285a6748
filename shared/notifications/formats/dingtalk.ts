import { digestOf, mostDigestEntries } from '../digest.ts'
import type { WebhookEvent } from '../event.ts'
import { clip } from '../plain-text.ts'
import { bytesOf, fullestThatFits } from '../size.ts'
import { wordsOf } from '../words.ts'
import { markdownOf, neutral } from './markdown.ts'

/** Bytes of a body that a custom robot of DingTalk takes ("Custom robot access"). */
const mostBytes = 20_000
/** Characters of Markdown and of a title that DingTalk takes (error 34016, "Global error codes"). */
const mostMarkdown = 5000
const mostTitle = 64

/** A message of the type `markdown`. Nobody is mentioned: `at` alone does that. */
export const dingTalkBody = (event: WebhookEvent): string => {
  const { elsewhere } = wordsOf[event.data.locale]
  const { body } = fullestThatFits(
    mostDigestEntries,
    (entries) => {
      const digest = digestOf(event, entries)
      const text = markdownOf(digest, elsewhere)
      const markdown = { title: clip(neutral(digest.title), mostTitle), text }
      return { text, body: JSON.stringify({ msgtype: 'markdown', markdown, at: { isAtAll: false } }) }
    },
    (made) => made.text.length <= mostMarkdown && bytesOf(made.body) <= mostBytes,
  )
  return body
}

import { msPerMinute } from '../../model/durations.ts'
import { digestOf } from '../events/digest.ts'
import { maxDigestEntries } from '../events/digest-parts.ts'
import type { WebhookEvent } from '../events/event.ts'
import { clip } from '../events/plain-text.ts'
import { bytesOf, fullestThatFits } from '../events/size.ts'
import { wordsOf } from '../events/words.ts'
import type { CallRequest, Format } from './format.ts'
import { markdownOf, neutral } from './markdown.ts'
import { codedRefusal, robotCall } from './robot.ts'
import { dingTalkSignature } from './signature.ts'

/** Bytes of a body that a custom robot of DingTalk accepts ("Custom robot access"). */
const maxBytes = 20_000
/** Characters of Markdown and of a title that DingTalk accepts (error 34016, "Global error codes"). */
const maxMarkdownLength = 5000
const maxTitleLength = 64

/** A message of the type `markdown`. Nobody is mentioned: `at` alone does that. */
const bodyOf = (event: WebhookEvent): string => {
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

const urlOf = ({ address, signingSecret, now }: CallRequest): string => {
  if (signingSecret === null) return address
  const timestamp = now.getTime()
  const sign = encodeURIComponent(dingTalkSignature(signingSecret, timestamp))
  return `${address}${address.includes('?') ? '&' : '?'}timestamp=${timestamp}&sign=${sign}`
}

/** It accepts 20 messages a minute, and is silent for ten minutes after more ("Custom robot access"). */
const pauses = { 130101: 10 * msPerMinute }

/** A custom robot of DingTalk. */
export const dingtalk: Format = {
  callOf: (request) => robotCall(urlOf(request), bodyOf(request.event)),
  refusalOf: codedRefusal('dingtalk', pauses),
}

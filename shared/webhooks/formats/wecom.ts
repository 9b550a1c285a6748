import { msPerMinute } from '../../model/durations.ts'
import { digestOf } from '../events/digest.ts'
import { maxDigestEntries } from '../events/digest-parts.ts'
import type { WebhookEvent } from '../events/event.ts'
import { bytesOf, fullestThatFits } from '../events/size.ts'
import { wordsOf } from '../events/words.ts'
import type { Format } from './format.ts'
import { markdownOf } from './markdown.ts'
import { codedRefusal, robotCall } from './robot.ts'

/** Bytes of Markdown that a group robot of WeCom accepts ("Message push configuration"). */
const maxMarkdownBytes = 4096

/** A message of the type `markdown_v2`: it has inline code, and unlike `markdown` no mentions. */
const bodyOf = (event: WebhookEvent): string => {
  const { elsewhere } = wordsOf[event.data.locale]
  const content = fullestThatFits(
    maxDigestEntries,
    (entries) => markdownOf(digestOf(event, entries), elsewhere),
    (markdown) => bytesOf(markdown) <= maxMarkdownBytes,
  )
  return JSON.stringify({ msgtype: 'markdown_v2', markdown_v2: { content } })
}

/** It accepts 20 messages a minute. */
const pauses = { 45009: msPerMinute }

/** A group robot of WeCom. */
export const wecom: Format = {
  callOf: ({ address, event }) => robotCall(address, bodyOf(event)),
  refusalOf: codedRefusal('wecom', pauses),
}

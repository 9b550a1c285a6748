import { type Locale, type Message, type Text, fill } from './message.ts'

/** What came of a second connection, after the first one was reset before anybody had answered. */
const retryTexts = {
  SECOND_ANSWERED: {
    en: 'The first connection to {endpoints} was reset; the second answered.',
    zh: '到 {endpoints} 的首次连接被重置，第二次连接成功。',
  },
  SECOND_FAILED: {
    en: 'The first connection to {endpoints} was reset; this is what came of the second.',
    zh: '到 {endpoints} 的首次连接被重置，此处为第二次连接的结果。',
  },
} as const satisfies Record<string, Text>

/** Says that these endpoints were connected to twice. */
export const retriedAt = (endpoints: readonly string[], code: keyof typeof retryTexts): Message => ({
  code,
  params: { endpoints },
})

const isKnown = (code: string): code is keyof typeof retryTexts => Object.hasOwn(retryTexts, code)

/** That in a language. A code of another version is shown as it is. */
export const renderRetry = ({ code, params }: Message, locale: Locale): string =>
  isKnown(code) ? fill(retryTexts[code], params, locale) : `${code} ${JSON.stringify(params)}`

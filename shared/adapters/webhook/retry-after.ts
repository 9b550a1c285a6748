/** Seconds; more digits are beyond every calendar. */
const delaySeconds = /^\d{1,10}$/

/** The three forms of a date that a recipient must read, all in UTC (RFC 9110, section 5.6.7). */
const fixed = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/
const obsolete = /^[A-Z][a-z]{5,8}, \d{2}-[A-Z][a-z]{2}-\d{2} \d{2}:\d{2}:\d{2} GMT$/
const asctime = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/

const parseHttpDate = (text: string): number => {
  if (fixed.test(text) || obsolete.test(text)) return Date.parse(text)
  return asctime.test(text) ? Date.parse(`${text} GMT`) : Number.NaN
}

/**
 * How long a receiver wants to be left alone, ms from `nowMs` (ms since 1970), of its header Retry-After (RFC 9110,
 * section 10.2.3: seconds or a date). Null for none, for a time that is over, and for what cannot be read.
 */
export const parseRetryAfter = (header: string | undefined, nowMs: number): number | null => {
  const text = header?.trim() ?? ''
  if (delaySeconds.test(text)) return Number(text) * 1000
  const delay = parseHttpDate(text) - nowMs
  return delay >= 0 ? delay : null
}

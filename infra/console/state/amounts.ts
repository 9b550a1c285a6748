import { locale, say } from './reader.ts'

const steps = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const

const number = (value: number): string =>
  new Intl.NumberFormat(locale(), {
    maximumFractionDigits: Math.abs(value) < 10 ? 1 : 0,
  }).format(value)

const bytes = (value: number): string => {
  const step = Math.min(steps.length - 1, Math.floor(Math.log2(Math.max(1, Math.abs(value))) / 10))
  return `${number(value / 1024 ** step)} ${steps[step]}`
}

/** A length of time, in the unit that says it shortly. */
export const duration = (minutes: number): string => {
  const texts = say()
  if (minutes > 0 && minutes < 1) return texts.underAMinute
  if (minutes < 120) return texts.minutes(number(minutes))
  if (minutes < 2 * 24 * 60) return texts.hours(number(minutes / 60))
  return texts.days(number(minutes / (24 * 60)))
}

/** A number that was measured; its name says the unit at its end. */
export const amount = (name: string, value: number): string => {
  if (name.endsWith('-bytes')) return bytes(value)
  if (name.endsWith('-minutes')) return duration(value)
  if (name.endsWith('-percent')) return `${number(value)}%`
  return number(value)
}

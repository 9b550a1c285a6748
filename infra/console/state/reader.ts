import { effect, signal } from '@preact/signals'
import { type Texts, en } from '../texts/en.ts'
import { zh } from '../texts/zh.ts'

export type Language = 'en' | 'zh'
export type Theme = 'light' | 'dark'
/** On which clock times are shown: that of the browser or UTC. */
type Clock = 'local' | 'utc'

/** What the reader chose is kept in the browser: a language, a theme and a clock, nothing else. */
const kept = (key: string): string | null => {
  try {
    return localStorage.getItem(key)
  } catch {
    // Storage may be turned off.
    return null
  }
}

const keep = (key: string, value: string): void => {
  try {
    localStorage.setItem(key, value)
  } catch {
    // The choice holds for this page then.
  }
}

const languageNow = (): Language => ((kept('language') ?? navigator.language).startsWith('zh') ? 'zh' : 'en')

const themeNow = (): Theme => {
  const chosen = kept('theme')
  if (chosen === 'light' || chosen === 'dark') return chosen
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
}

export const language = signal<Language>(languageNow())
export const theme = signal<Theme>(themeNow())
export const clock = signal<Clock>(kept('clock') === 'utc' ? 'utc' : 'local')

/** What the console says, in the language of the reader. */
export const say = (): Texts => (language.value === 'zh' ? zh : en)

/** In which numbers and times are written. */
export const locale = (): string => (language.value === 'zh' ? 'zh-Hans-CN' : 'en-GB')

/** The language of a sentence of the service: that of the reader, or English, in which it has every sentence. */
export const languageOf = (text: string): string => (/\p{Script=Han}/u.test(text) ? 'zh-Hans' : 'en')

export const switchLanguage = (): void => {
  language.value = language.value === 'zh' ? 'en' : 'zh'
  keep('language', language.value)
}

export const switchTheme = (): void => {
  theme.value = theme.value === 'dark' ? 'light' : 'dark'
  keep('theme', theme.value)
}

export const switchClock = (): void => {
  clock.value = clock.value === 'utc' ? 'local' : 'utc'
  keep('clock', clock.value)
}

effect(() => {
  document.documentElement.lang = language.value === 'zh' ? 'zh-Hans' : 'en'
  document.documentElement.dataset['theme'] = theme.value
})

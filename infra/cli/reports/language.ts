import type { Locale } from '../../../shared/model/message.ts'

/** The language of the user as the environment says it (POSIX.1-2017, 8.2), where there are texts in it; else English. */
export const languageOf = ({ LC_ALL, LC_MESSAGES, LANG }: NodeJS.ProcessEnv): Locale =>
  (LC_ALL || LC_MESSAGES || LANG || '').startsWith('zh') ? 'zh' : 'en'

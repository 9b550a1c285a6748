import { Locale } from '../../../shared/model/message.ts'

/** The language of the user as the environment says it (POSIX.1-2017, 8.2), where there are texts in it; else English. */
const languageOf = ({ LC_ALL, LC_MESSAGES, LANG }: NodeJS.ProcessEnv): Locale =>
  (LC_ALL || LC_MESSAGES || LANG || '').startsWith('zh') ? 'zh' : 'en'

/** The language that a command line asks for with --lang, before it is parsed: what is wrong with it is said in it too. */
export const languageIn = (args: readonly string[], environment: NodeJS.ProcessEnv): Locale => {
  const at = args.findLastIndex((arg) => arg.startsWith('--lang'))
  const [, value = args[at + 1]] = (args[at] ?? '').split('=')
  return Locale.safeParse(at < 0 ? null : value).data ?? languageOf(environment)
}

import type { CommandUnknownOpts, HelpConfiguration } from '@commander-js/extra-typings'
import type { Locale, Text } from '../../../shared/model/message.ts'
import { cellsOf } from './cells.ts'
import { wrapped } from './layout.ts'

/** Columns of the help where no terminal says how many it has. */
export const helpWidth = 80

/** Names of the groups that a command is in, and its own. */
export const wholeName = (command: CommandUnknownOpts): string =>
  command.parent?.parent ? `${wholeName(command.parent)} ${command.name()}` : command.name()

/** What every help ends with. */
export const closing: Text = {
  en: `
Environment:
  PRECHECK_URL      address of the service (default: http://127.0.0.1:9000)
  PRECHECK_TOKEN    its token (default: the file admin-token in its data folder)
  PRECHECK_PROFILE  a service that you have logged in to (--profile)
  LANG              zh_…: texts are in Chinese (--lang)
  NO_COLOR          no colours

Exit codes: 0 passed, 1 warning, 2 failed, 3 inconclusive or could not run,
130 interrupted.`,
  zh: `
环境变量：
  PRECHECK_URL      服务地址（默认 http://127.0.0.1:9000）
  PRECHECK_TOKEN    访问令牌（默认读取服务数据目录中的 admin-token 文件）
  PRECHECK_PROFILE  已登录的服务（--profile）
  LANG              zh_… 时使用中文（--lang）
  NO_COLOR          不使用颜色

退出码：0 通过，1 警告，2 未通过，3 无法判定或无法执行，130 已中断。`,
}

/** Headings and notes of the library in Chinese. */
const words: readonly (readonly [RegExp, string])[] = [
  [/^Usage:/, '用法：'],
  [/^Arguments:/, '参数：'],
  [/^Options:/, '选项：'],
  [/^Global Options:/, '通用选项：'],
  [/^Commands:/, '命令：'],
]

const translated = (text: string, table: readonly (readonly [RegExp, string])[]): string => {
  const [pattern, chinese = ''] = table.find(([each]) => each.test(text)) ?? []
  return pattern ? text.replace(pattern, chinese) : text
}

const inChinese = (description: string): string =>
  description.replace(/ \((?=default: |choices: )(.*)\)$/, (_, notes: string) => {
    const told = notes
      .replace('choices: ', '可选：')
      .replace(/(?:, )?default: /, (found) => (found.startsWith(',') ? '，默认：' : '默认：'))
    return `（${told}）`
  })

/** How helps are laid out, in a language. */
export const helpIn = (locale: Locale): HelpConfiguration => ({
  showGlobalOptions: true,
  subcommandTerm: (command) => command.name(),
  displayWidth: cellsOf,
  boxWrap: (text, width) =>
    text
      .split('\n')
      .flatMap((line) => wrapped(line, { width }))
      .join('\n'),
  ...(locale === 'zh' && {
    styleTitle: (title) => translated(title, words),
    styleOptionDescription: inChinese,
    styleArgumentDescription: inChinese,
  }),
})

/** What the library says of a wrong command line, in Chinese. */
const mistakes: readonly (readonly [RegExp, string])[] = [
  [/^error: unknown command '(.*)'/, '没有命令“$1”'],
  [/^error: unknown option '(.*)'/, '没有选项“$1”'],
  [/^error: missing required argument '(.*)'/, '缺少参数“$1”'],
  [/^error: required option '(.*)' not specified/, '必须指定选项“$1”'],
  [/^error: option '(.*)' argument missing/, '选项“$1”缺少取值'],
  [
    /^error: too many arguments for '(.*)'\. Expected (\d+) arguments? but got (\d+).*/,
    '命令“$1”最多接受 $2 个参数，实际给出 $3 个',
  ],
  [
    /^error: option '(.*)' argument '(.*)' is invalid\. Allowed choices are (.*)\./,
    '选项“$1”的取值“$2”无效，可选值：$3。',
  ],
  [/^error: option '(.*)' argument '(.*)' is invalid\. (.*)/, '选项“$1”的取值“$2”无效。$3'],
  [
    /^error: command-argument value '(.*)' is invalid for argument '(.*)'\. Allowed choices are (.*)\./,
    '参数“$2”的取值“$1”无效，可选值：$3。',
  ],
]

/** What values of options have to be, in Chinese. */
const demands: readonly (readonly [RegExp, string])[] = [
  [/Give a day \((.*?)\) or a time with its zone \((.*?)\)\./, '请给出日期（$1）或带时区的时间（$2）。'],
  [/Give key:value\./, '请给出“键:值”。'],
  [/The key (.*) is given twice; give each key once\./, '键 $1 重复；每个键只能给出一次。'],
  [/Give a number of seconds greater than 0 and at most (\d+)\./, '请给出大于 0 且不超过 $1 的秒数。'],
  [/Give a number with a unit, of 7d at most: (.*)\./, '请给出带单位的时长，最长 7d：$1。'],
  [/Give a whole number of days from (\d+) to (\d+)\./, '请给出 $1 到 $2 之间的天数（整数）。'],
  [/Give a whole number from (\d+) to (\d+)\./, '请给出 $1 到 $2 之间的整数。'],
]

/** What the library says of a wrong command line, as a sentence in a language. */
export const usageText = (text: string, locale: Locale): string =>
  locale === 'zh'
    ? translated(translated(text, mistakes), demands).replace(
        /\(Did you mean (.*)\?\)/,
        '（是否想输入 $1？）',
      )
    : text.replace(/^error: (.)/, (_, first: string) => first.toUpperCase())

import { Command, Option } from '@commander-js/extra-typings'
import { Locale } from '../../../shared/model/message.ts'
import { closing, helpIn, helpWidth, usageText, wholeName } from '../reports/help.ts'
import { type Output, type Say, outputs } from '../reports/terminal.ts'
import { CommandFailed } from '../service/command-failed.ts'
import { version } from '../service/version.ts'
import { parseSeconds } from './option-values.ts'

/** What the command line without its commands depends on. */
export interface ProgramSettings {
  readonly locale: Locale
  /** Columns of the terminal; null where nobody reads the help as it comes. */
  readonly columns: number | null
  /** Limit of each request where the user gives none, in seconds. */
  readonly timeoutSeconds: number
  readonly write: (text: string) => void
  readonly writeError: (text: string) => void
}

const ofPrechecks = ['run', 'last', 'watch']

/** The commands that print more than text and JSON. */
const printing: Readonly<Partial<Record<Output, readonly string[]>>> = {
  html: ofPrechecks,
  junit: ofPrechecks,
  nagios: ofPrechecks,
  csv: ['instances'],
}

/** Before anything is done: who cannot be told what came of it must not have it done. */
const refuseOutput = (output: Output, command: string): void => {
  const able = printing[output]
  if (!able || able.includes(command)) return
  throw new CommandFailed(
    {
      en: `precheck ${command} prints text or json; --output ${output} is for: ${able.join(', ')}.`,
      zh: `precheck ${command} 只输出 text 或 json；--output ${output} 适用于：${able.join('、')}。`,
    },
    'USAGE',
  )
}

/** The options that every command takes may stand before or after its name. */
export const programFor = ({ write, writeError, columns, locale, timeoutSeconds }: ProgramSettings) => {
  const say: Say = (text) => text[locale]
  return new Command('precheck')
    .description(
      say({
        en: 'Finds what would make a backup fail before it runs.',
        zh: '在备份执行之前，找出会导致备份失败的问题。',
      }),
    )
    .version(version, '-V, --version', say({ en: 'print the version', zh: '显示版本号' }))
    .helpOption('-h, --help', say({ en: 'print what a command does and takes', zh: '显示命令的用法和选项' }))
    .helpCommand('help [command]', say({ en: 'print the help of a command', zh: '显示某个命令的帮助' }))
    .addOption(
      new Option('-o, --output <format>', say({ en: 'how results are printed', zh: '结果的输出格式' }))
        .choices(outputs)
        .default('text'),
    )
    .option('--profile <name>', say({ en: 'service that you have logged in to', zh: '使用已登录的服务' }))
    .option(
      '--timeout <seconds>',
      say({ en: 'limit of each request', zh: '每个请求的时限（秒）' }),
      parseSeconds,
      timeoutSeconds,
    )
    .option(
      '-q, --quiet',
      say({ en: 'no progress, only what came of it', zh: '不显示进度，只输出结果' }),
      false,
    )
    .option(
      '--no-color',
      say({
        en: 'no colours; so does NO_COLOR in the environment',
        zh: '不使用颜色；环境变量 NO_COLOR 同样有效',
      }),
    )
    .addOption(
      new Option('--lang <language>', say({ en: 'language of all texts', zh: '所有文本的语言' }))
        .choices(Locale.options)
        .default(locale),
    )
    .exitOverride()
    .configureOutput({
      writeOut: write,
      writeErr: writeError,
      getOutHelpWidth: () => columns ?? helpWidth,
      getErrHelpWidth: () => columns ?? helpWidth,
      outputError: (text, print) => print(usageText(text, locale)),
    })
    .configureHelp(helpIn(locale))
    .showHelpAfterError(say({ en: 'Run it with --help for usage.', zh: '加上 --help 可查看用法。' }))
    .addHelpText('afterAll', closing[locale])
    .hook('preAction', (command, called) => refuseOutput(command.opts().output, wholeName(called)))
}

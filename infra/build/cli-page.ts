import type { CommandUnknownOpts } from '@commander-js/extra-typings'
import type { Locale, Text } from '../../shared/model/message.ts'
import { examples } from '../cli/commands/examples.ts'
import { programWith } from '../cli/commands/all-commands.ts'
import { wholeName } from '../cli/reports/help.ts'

const intro: Text = {
  en: `# The command line

Written by \`npm run docs\` from the help of the commands; \`precheck help <command>\` says the same. From a clone
of this project it is \`npm run precheck -- <command>\`, or \`npx precheck <command>\` inside of it.

**Where the service is**, the first of these that says anything: \`--profile\` · \`PRECHECK_PROFILE\` ·
\`PRECHECK_URL\` and \`PRECHECK_TOKEN\` · the profile \`default\` · the service on this machine (\`PRECHECK_PORT\`)
and the file \`admin-token\` in its data folder (\`PRECHECK_DATA\`). Address and token always come from the same of
them. The variables are read from the environment, or else, where it has none of them, from a file \`.env\` in the
current folder, as the service reads it. Profiles are kept in \`$XDG_CONFIG_HOME/backup-precheck/profiles.json\`
(\`~/.config\`), which only its owner can read.

**Exit codes**: 0 passed, 1 warning, 2 failed, 3 inconclusive or could not run, 130 interrupted (what was started in
the service goes on, and the last line says how to follow it). **Output**: \`--output json\` prints what the API
answers, and what goes wrong as a problem document (RFC 9457), whose \`code\` is stable; other formats are in
[readings.md](readings.md).
`,
  zh: `# 命令行

由 \`npm run docs\` 根据命令的帮助生成；\`precheck help <命令>\` 显示相同的内容。在本项目的克隆目录中使用
\`npm run precheck -- <命令>\` 或 \`npx precheck <命令>\`。

**服务的位置**按以下顺序取第一个有值的：\`--profile\` · \`PRECHECK_PROFILE\` · \`PRECHECK_URL\` 和 \`PRECHECK_TOKEN\` · 配置
\`default\` · 本机的服务（\`PRECHECK_PORT\`）及其数据目录（\`PRECHECK_DATA\`）中的 \`admin-token\` 文件。地址和令牌总是取自同一处。
变量取自环境；环境中一个都没有时，与服务一样读取当前目录的 \`.env\` 文件。配置保存在
\`$XDG_CONFIG_HOME/backup-precheck/profiles.json\`（\`~/.config\`），只有所有者可读。

**退出码**：0 通过，1 警告，2 未通过，3 无法判定或无法执行，130 已中断（已在服务中启动的工作仍会继续，最后一行说明如何跟踪）。
**输出**：\`--output json\` 输出 API 的响应，出错时输出问题文档（RFC 9457），其中的 \`code\` 保持不变；其他格式见 [readings.md](readings.zh.md)。
`,
}

const heads = {
  commands: { en: 'Commands', zh: '命令' },
  common: { en: 'Options of every command', zh: '通用选项' },
} as const

/** Where the page of a language is, from the root of the project. */
export const cliPath = (locale: Locale): string => (locale === 'en' ? 'docs/cli.md' : 'docs/cli.zh.md')

const inCell = (text: string): string => text.replaceAll('|', String.raw`\|`).replaceAll('<', String.raw`\<`)

const table = (rows: readonly (readonly [string, string])[]): string[] =>
  rows.length === 0
    ? []
    : ['', '|  |  |', '| --- | --- |', ...rows.map(([term, text]) => `| \`${term}\` | ${inCell(text)} |`)]

const optionRows = (command: CommandUnknownOpts): (readonly [string, string])[] => {
  const help = command.createHelp()
  const own = command.options.filter(({ hidden }) => !hidden)
  return own.map((option) => [help.optionTerm(option), help.optionDescription(option)] as const)
}

const argumentRows = (command: CommandUnknownOpts): (readonly [string, string])[] => {
  const help = command.createHelp()
  return help
    .visibleArguments(command)
    .map((argument) => [help.argumentTerm(argument), help.argumentDescription(argument)] as const)
}

/** The commands that do something, each with those that lead to it. */
export const leavesOf = (command: CommandUnknownOpts): CommandUnknownOpts[] => {
  const below = command
    .createHelp()
    .visibleCommands(command)
    .filter((each) => each.name() !== 'help')
  return below.length === 0 ? [command] : below.flatMap(leavesOf)
}

const section = (command: CommandUnknownOpts): string[] => [
  '',
  `### ${wholeName(command)}`,
  '',
  command.description(),
  '',
  '```sh',
  ...(examples[wholeName(command)] ?? []),
  '```',
  ...table([...argumentRows(command), ...optionRows(command)]),
]

/** The page of the command line. */
export const cliPage = (locale: Locale): string => {
  const program = programWith({ locale })
  return [
    intro[locale] + `\n## ${heads.commands[locale]}`,
    ...leavesOf(program).flatMap(section),
    '',
    `## ${heads.common[locale]}`,
    ...table(optionRows(program)),
    '',
  ].join('\n')
}

import { Argument, type CommandUnknownOpts } from '@commander-js/extra-typings'
import { type Place, completionScripts } from '../reports/completion-script.ts'
import { exitCodes } from '../reports/terminal.ts'
import type { AddCommand } from './command.ts'

const shells = ['bash', 'zsh', 'fish'] as const

/** What the help lists of a command and of those in it, which is all that may be typed. */
const placesFrom = (command: CommandUnknownOpts, before = ''): Place[] => {
  const help = command.createHelp()
  const commands = help.visibleCommands(command)
  const options = [...help.visibleOptions(command), ...help.visibleGlobalOptions(command)]
  const at = before + command.name()
  const values = command.registeredArguments.flatMap(({ argChoices = [] }) => argChoices)
  return [
    {
      at,
      words: [
        ...commands.map((each) => ({ name: each.name(), description: each.description() })),
        ...values.map((name) => ({ name, description: '' })),
      ],
      options: options.map(({ short, long, description, required, argChoices = [] }) => ({
        names: [short, long].flatMap((name) => name ?? []),
        description,
        values: required ? argChoices : null,
      })),
    },
    ...commands.flatMap((each) => placesFrom(each, `${at} `)),
  ]
}

export const completion: AddCommand = (program, actionOf, say) =>
  program
    .command('completion')
    .description(
      say({
        en: 'print the script with which a shell completes command lines',
        zh: '输出 shell 的命令行补全脚本',
      }),
    )
    .addArgument(
      new Argument(
        '<shell>',
        say({ en: 'which one; how to use it is in the script', zh: 'shell 名称；用法见脚本' }),
      ).choices(shells),
    )
    .action(
      actionOf(async ({ terminal }, shell, _options, command: CommandUnknownOpts) => {
        const places = command.parent ? placesFrom(command.parent) : []
        terminal.write(completionScripts[shell](places))
        return exitCodes.passed
      }),
    )

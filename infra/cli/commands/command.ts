import type { Command } from '@commander-js/extra-typings'
import type { Text } from '../../../shared/model/message.ts'
import type { Say, Terminal } from '../reports/terminal.ts'
import type { Access } from '../service/client.ts'

/** Asks the user something; what is typed to a hidden question is not shown. */
export type Ask = (question: string, isHidden: boolean) => Promise<string>

/** Reads the standard input to its end. */
export type ReadInput = () => Promise<string>

/** What every command works with. */
export interface CommandContext {
  /** Throws `CommandFailed` where nothing names a service or a token. */
  readonly access: () => Access
  readonly terminal: Terminal
  readonly environment: NodeJS.ProcessEnv
  /** Of every request, wherever it goes. */
  readonly requestSettings: Omit<Access, 'url' | 'token'>
  readonly readInput: ReadInput
  /** Left out where nobody is there to answer. */
  readonly ask?: Ask
}

/** Makes the action of a command from a function that resolves with the exit code. */
export type ActionOf = <Args extends unknown[]>(
  execute: (context: CommandContext, ...args: Args) => Promise<number>,
) => (...args: Args) => Promise<void>

/** Declares a command: its name, arguments, options, help in the language of the user, and what it does. */
export type AddCommand = (program: Pick<Command, 'command'>, actionOf: ActionOf, say: Say) => unknown

/** Declares a command that only holds others. */
export const grouped =
  (name: string, about: Text, commands: readonly AddCommand[]): AddCommand =>
  (program, actionOf, say) => {
    const group = program.command(name).description(say(about))
    for (const add of commands) add(group, actionOf, say)
  }

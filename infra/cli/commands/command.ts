import type { Command } from '@commander-js/extra-typings'
import type { Access } from '../service/client.ts'
import type { Terminal } from '../reports/terminal.ts'

/** What every command works with. */
export interface CommandContext {
  /** Throws `CommandFailed` where the environment names no service or no token. */
  readonly access: () => Access
  readonly terminal: Terminal
  /** Asks the user something that is yes or no; left out where nobody is there to answer. */
  readonly ask?: (question: string) => Promise<boolean>
}

/** Makes the action of a command from a function that resolves with the exit code. */
export type ActionOf = <Args extends unknown[]>(
  execute: (context: CommandContext, ...args: Args) => Promise<number>,
) => (...args: Args) => Promise<void>

/** Declares a command: its name, arguments, options, help, and what it does. */
export type AddCommand = (program: Pick<Command, 'command'>, actionOf: ActionOf) => unknown

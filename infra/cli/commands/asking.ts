import * as z from 'zod'
import { type Look, type Say, exitCodes, print } from '../reports/terminal.ts'
import { type ApiRequest, send } from '../service/client.ts'
import type { CommandContext } from './command.ts'

/** A command that sends one request and prints its answer. */
interface Question<Args extends unknown[], Schema extends z.ZodType> {
  readonly request: (...args: Args) => ApiRequest | Promise<ApiRequest>
  readonly answer: Schema
  /** The answer as a person reads it, which ends with a line feed. */
  readonly text: (answer: z.output<Schema>, look: Look) => string
  /** Left out: 0. */
  readonly exitCode?: (answer: z.output<Schema>) => number
}

/** Sends a request, prints the answer, as JSON just as the service gives it, and resolves with the exit code. */
export const asking =
  <Args extends unknown[], Schema extends z.ZodType>({
    request,
    answer,
    text,
    exitCode = () => exitCodes.passed,
  }: Question<Args, Schema>) =>
  async ({ access, terminal }: CommandContext, ...args: Args): Promise<number> => {
    const value = await send(access(), await request(...args), answer)
    print(terminal, value, (shown) => text(shown, terminal))
    return exitCode(value)
  }

/** Removes what is at a path, whose last part is its id, and says so. */
export const removing =
  <Args extends unknown[]>(pathOf: (...args: Args) => string) =>
  async ({ access, terminal }: CommandContext, ...args: Args): Promise<number> => {
    const path = pathOf(...args)
    await send(access(), { method: 'DELETE', path }, z.undefined())
    const id = decodeURIComponent(path.split('/').at(-1) ?? '')
    print(terminal, { id, removed: true }, () => removedLine(id, terminal.say))
    return exitCodes.passed
  }

const removedLine = (id: string, say: Say): string =>
  say({ en: `${id} is removed.\n`, zh: `已移除 ${id}。\n` })

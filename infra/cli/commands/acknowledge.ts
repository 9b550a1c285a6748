import { userInfo } from 'node:os'
import { Acknowledgement, type AcknowledgementRequest } from '../../../shared/model/acknowledgement.ts'
import { type Access, send } from '../service/client.ts'
import type { AddCommand } from './command.ts'
import { CommandFailed } from '../service/command-failed.ts'
import { moment } from '../reports/layout.ts'
import { parseTime } from './option-values.ts'
import { type Terminal, exitCodes, print } from '../reports/terminal.ts'

/** The name of the user on this system, where it has one. */
const systemUser = (): string | undefined => {
  try {
    return userInfo().username
  } catch {
    return undefined
  }
}

const optionOf = {
  checkItem: 'check-item',
  database: '--database',
  reason: '--reason',
  author: '--author',
  expiresAt: '--until',
}

const acknowledgeAndPrint = async (
  access: Access,
  instanceId: string,
  body: AcknowledgementRequest,
  terminal: Terminal,
): Promise<number> => {
  const path = `/v1/instances/${encodeURIComponent(instanceId)}/acknowledgements`
  const made = await send(access, { method: 'POST', path, body, optionOf }, Acknowledgement)
  const what = made.database === undefined ? made.checkItem : `${made.checkItem} of ${made.database}`
  print(terminal, made, () => `${what} counts as a warning until ${moment(made.expiresAt)} (${made.id}).\n`)
  return exitCodes.passed
}

export const acknowledge: AddCommand = (program, actionOf) =>
  program
    .command('acknowledge')
    .description('let a known finding count as a warning until a time')
    .argument('<instance-id>', 'id of a registered instance')
    .argument('<check-item>', 'check item of the finding, such as ARCHIVELOG')
    .requiredOption('--reason <text>', 'why it is accepted')
    .requiredOption('--until <time>', 'a day (its beginning, UTC) or a time with its zone', parseTime)
    .option('--database <name>', 'only the finding of this database')
    .option('--author <name>', 'who accepts it', systemUser())
    .action(
      actionOf(async ({ access, terminal }, instanceId, checkItem, { until, author, ...rest }) => {
        if (author === undefined)
          throw new CommandFailed('Give --author: the name of the current user is unknown.', 'USAGE')
        const request = { checkItem, ...rest, author, expiresAt: until }
        return acknowledgeAndPrint(access(), instanceId, request, terminal)
      }),
    )

import { InvalidArgumentError, Option } from '@commander-js/extra-typings'
import { Scope, TokenRequest } from '../../../shared/model/token.ts'
import type { IssuedTokenView, TokenView } from '../../../functions/api/views/token-view.ts'
import { moment } from '../reports/layout.ts'
import { type Terminal, exitCodes, print } from '../reports/terminal.ts'
import { type TokenDesk, tokensOfService } from '../service/tokens-of-service.ts'
import { tokensInFolder } from '../service/tokens-in-folder.ts'
import type { ActionOf, AddCommand, CommandContext } from './command.ts'

const dataOption = () =>
  new Option('--data <folder>', 'work on this data folder; the service has to be stopped')

const deskOf = ({ access }: CommandContext, folder: string | undefined): TokenDesk =>
  folder === undefined ? tokensOfService(access()) : tokensInFolder(folder)

const parseDays = (text: string): number => {
  const days = TokenRequest.shape.expiresInDays.safeParse(Number(text))
  if (days.data !== undefined) return days.data
  throw new InvalidArgumentError('Give a whole number of days from 1 to 3650.')
}

const endOf = ({ expiresAt }: TokenView): string =>
  expiresAt === null ? 'never expires' : `expires ${moment(expiresAt)}`

const useOf = ({ lastUsedAt }: TokenView): string =>
  lastUsedAt === null ? 'not used yet' : `used ${moment(lastUsedAt)}`

const tokenLine = (token: TokenView): string =>
  `${token.id} ${token.scope.padEnd(5)} ${endOf(token)}, ${useOf(token)}  ${token.name}\n`

/** The bearer string is the last line, by itself. */
const printIssued = (terminal: Terminal, issued: IssuedTokenView): number => {
  const { id, name, scope, token } = issued
  print(
    terminal,
    issued,
    () => `Token ${id} "${name}", scope ${scope}, ${endOf(issued)}. It is shown only once:\n${token}\n`,
  )
  return exitCodes.passed
}

type TokenCommand = Pick<Parameters<AddCommand>[0], 'command'>

const addCreate = (token: TokenCommand, actionOf: ActionOf): unknown =>
  token
    .command('create')
    .description('issue a token')
    .requiredOption('--name <name>', 'whose it is, or what for')
    .addOption(new Option('--scope <scope>', 'what it may do').choices(Scope.options).makeOptionMandatory())
    .option('--days <days>', 'expires after so many days; left out: never', parseDays)
    .addOption(dataOption())
    .action(
      actionOf(async (context, { name, scope, days, data }) => {
        const request = { name, scope, ...(days !== undefined && { expiresInDays: days }) }
        return printIssued(context.terminal, await deskOf(context, data).create(request))
      }),
    )

const addList = (token: TokenCommand, actionOf: ActionOf): unknown =>
  token
    .command('list')
    .description('list the tokens, without their secrets')
    .addOption(dataOption())
    .action(
      actionOf(async (context, { data }) => {
        const tokens = await deskOf(context, data).list()
        print(context.terminal, tokens, () => tokens.map(tokenLine).join('') || 'There are no tokens.\n')
        return exitCodes.passed
      }),
    )

const addRevoke = (token: TokenCommand, actionOf: ActionOf): unknown =>
  token
    .command('revoke')
    .description('revoke a token at once')
    .argument('<token-id>', 'id of a token, from "precheck token list"')
    .addOption(dataOption())
    .action(
      actionOf(async (context, tokenId, { data }) => {
        await deskOf(context, data).revoke(tokenId)
        print(context.terminal, { id: tokenId, revoked: true }, () => `Token ${tokenId} is revoked.\n`)
        return exitCodes.passed
      }),
    )

const addRotate = (token: TokenCommand, actionOf: ActionOf): unknown =>
  token
    .command('rotate')
    .description('give a token another secret; the old one is refused at once')
    .argument('<token-id>', 'id of a token, from "precheck token list"')
    .addOption(dataOption())
    .action(
      actionOf(async (context, tokenId, { data }) =>
        printIssued(context.terminal, await deskOf(context, data).rotate(tokenId)),
      ),
    )

export const token: AddCommand = (program, actionOf) => {
  const group = program
    .command('token')
    .description('create, list, revoke and rotate the tokens of the service')
  for (const add of [addCreate, addList, addRevoke, addRotate]) add(group, actionOf)
}

import { InvalidArgumentError, Option } from '@commander-js/extra-typings'
import { Scope, TokenRequest } from '../../../shared/model/token.ts'
import type { IssuedTokenView, TokenView } from '../../../functions/api/views/token-view.ts'
import { moment } from '../service/moment.ts'
import { type Say, type Terminal, exitCodes, print } from '../reports/terminal.ts'
import { type TokenDesk, tokensOfService } from '../service/tokens-of-service.ts'
import { resetAdminToken, tokensInFolder } from '../service/tokens-in-folder.ts'
import { pause } from '../service/client.ts'
import { type AddCommand, type CommandContext, grouped } from './command.ts'

const describedToken = {
  en: 'id of a token, from "precheck token list"',
  zh: '令牌 ID，见 precheck token list',
}

const dataOption = (say: Say) =>
  new Option(
    '--data <folder>',
    say({
      en: 'work on this data folder; the service has to be stopped',
      zh: '直接操作该数据目录；服务须已停止',
    }),
  )

const deskOf = ({ access }: CommandContext, folder: string | undefined): TokenDesk =>
  folder === undefined ? tokensOfService(access()) : tokensInFolder(folder)

const parseDays = (text: string): number => {
  const days = TokenRequest.shape.expiresInDays.safeParse(Number(text))
  if (days.data !== undefined) return days.data
  throw new InvalidArgumentError('Give a whole number of days from 1 to 3650.')
}

const endOf = ({ expiresAt }: TokenView, say: Say): string =>
  expiresAt === null
    ? say({ en: 'never expires', zh: '永不过期' })
    : say({ en: `expires ${moment(expiresAt)}`, zh: `${moment(expiresAt)} 过期` })

const useOf = ({ lastUsedAt }: TokenView, say: Say): string =>
  lastUsedAt === null
    ? say({ en: 'not used yet', zh: '尚未使用' })
    : say({ en: `used ${moment(lastUsedAt)}`, zh: `${moment(lastUsedAt)} 使用过` })

const tokenLine = (token: TokenView, say: Say): string =>
  `${token.id} ${token.scope.padEnd(5)} ${endOf(token, say)}${say({ en: ', ', zh: '，' })}${useOf(token, say)}  ${token.name}\n`

/** The bearer string is the last line, by itself. */
const printIssued = (terminal: Terminal, issued: IssuedTokenView): number => {
  const { say } = terminal
  print(terminal, issued, ({ id, name, scope, token }) => {
    const end = endOf(issued, say)
    const head = say({
      en: `Token ${id} "${name}", scope ${scope}, ${end}. It is shown only once:`,
      zh: `令牌 ${id}“${name}”，权限 ${scope}，${end}。令牌只显示一次：`,
    })
    return `${head}\n${token}\n`
  })
  return exitCodes.passed
}

const create: AddCommand = (group, actionOf, say) =>
  group
    .command('create')
    .description(say({ en: 'issue a token', zh: '签发令牌' }))
    .requiredOption('--name <name>', say({ en: 'whose it is, or what for', zh: '归属或用途' }))
    .addOption(
      new Option('--scope <scope>', say({ en: 'what it may do', zh: '权限范围' }))
        .choices(Scope.options)
        .makeOptionMandatory(),
    )
    .option(
      '--days <days>',
      say({ en: 'expires after so many days; left out: never', zh: '多少天后过期；省略表示永不过期' }),
      parseDays,
    )
    .addOption(dataOption(say))
    .action(
      actionOf(async (context, { name, scope, days, data }) => {
        const request = { name, scope, ...(days !== undefined && { expiresInDays: days }) }
        return printIssued(context.terminal, await deskOf(context, data).create(request))
      }),
    )

const list: AddCommand = (group, actionOf, say) =>
  group
    .command('list')
    .description(say({ en: 'list the tokens, without their secrets', zh: '列出令牌（不含密文）' }))
    .addOption(dataOption(say))
    .action(
      actionOf(async (context, { data }) => {
        const tokens = await deskOf(context, data).list()
        const { say: tell } = context.terminal
        const none = { en: 'There are no tokens.\n', zh: '没有令牌。\n' }
        print(
          context.terminal,
          tokens,
          (shown) => shown.map((each) => tokenLine(each, tell)).join('') || tell(none),
        )
        return exitCodes.passed
      }),
    )

const revoke: AddCommand = (group, actionOf, say) =>
  group
    .command('revoke')
    .description(say({ en: 'revoke a token at once', zh: '立即吊销令牌' }))
    .argument('<token-id>', say(describedToken))
    .addOption(dataOption(say))
    .action(
      actionOf(async (context, tokenId, { data }) => {
        await deskOf(context, data).revoke(tokenId)
        const revoked = { en: `Token ${tokenId} is revoked.\n`, zh: `已吊销令牌 ${tokenId}。\n` }
        print(context.terminal, { id: tokenId, revoked: true }, () => context.terminal.say(revoked))
        return exitCodes.passed
      }),
    )

const rotate: AddCommand = (group, actionOf, say) =>
  group
    .command('rotate')
    .description(
      say({
        en: 'give a token another secret; the old one is refused at once',
        zh: '更换令牌的密文；旧密文立即失效',
      }),
    )
    .argument('<token-id>', say(describedToken))
    .addOption(dataOption(say))
    .action(
      actionOf(async (context, tokenId, { data }) =>
        printIssued(context.terminal, await deskOf(context, data).rotate(tokenId)),
      ),
    )

const resetAdmin: AddCommand = (group, actionOf, say) =>
  group
    .command('reset-admin')
    .description(
      say({
        en: 'write the file admin-token again where it is lost, with another token; the service may run',
        zh: '丢失 admin-token 文件时，用新令牌重写该文件；服务可以在运行',
      }),
    )
    .option(
      '--data <folder>',
      say({
        en: 'data folder of the service; left out: PRECHECK_DATA, or data',
        zh: '服务的数据目录；省略时取 PRECHECK_DATA，否则为 data',
      }),
    )
    .action(
      actionOf(async ({ terminal, environment, requestSettings }, { data }) => {
        const folder = data ?? environment['PRECHECK_DATA'] ?? 'data'
        const file = await resetAdminToken(folder, (ms) => pause(requestSettings, ms))
        print(terminal, { file }, () =>
          terminal.say({
            en: `${file} holds another token of scope admin. Older tokens stay valid: "precheck token list" shows them, "precheck token revoke" ends one.\n`,
            zh: `${file} 中已是新的 admin 令牌。旧令牌仍然有效：precheck token list 可查看，precheck token revoke 可吊销。\n`,
          }),
        )
        return exitCodes.passed
      }),
    )

export const token = grouped(
  'token',
  {
    en: 'create, list, revoke and rotate the tokens of the service, or reset a lost one',
    zh: '签发、列出、吊销和更换服务的令牌，或重置丢失的令牌',
  },
  [create, list, revoke, rotate, resetAdmin],
)

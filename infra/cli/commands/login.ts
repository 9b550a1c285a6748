import * as z from 'zod'
import { SessionView } from '../../../functions/api/resources/session.ts'
import { listed } from '../reports/cells.ts'
import { exitCodes, print } from '../reports/terminal.ts'
import { readToken, readUrl } from '../service/access.ts'
import { send } from '../service/client.ts'
import { CommandFailed } from '../service/command-failed.ts'
import { fileText } from '../service/file-text.ts'
import { readProfiles, standardProfile, writeProfiles } from '../service/profiles.ts'
import type { AddCommand, CommandContext } from './command.ts'

const describedProfile = { en: 'what you call the service', zh: '配置名称' }

/** The service on this machine. */
const standardUrl = 'http://127.0.0.1:9000'

const Name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/)

const checkName = (name: string): void => {
  if (Name.safeParse(name).success) return
  throw new CommandFailed(
    {
      en: `"${name}" cannot be the name of a profile: use 1 to 64 letters, digits, ".", "_" or "-".`,
      zh: `“${name}”不能作为配置名称：请使用 1 到 64 个字母、数字、“.”、“_”或“-”。`,
    },
    'USAGE',
  )
}

const urlOf = async ({ ask, terminal }: CommandContext, given: string | undefined): Promise<string> => {
  const question = terminal.say({
    en: `Address of the service [${standardUrl}]: `,
    zh: `服务地址 [${standardUrl}]：`,
  })
  return readUrl(given ?? ((await ask?.(question, false)) || standardUrl))
}

/** The token is typed, or read from a file or the standard input: an argument would be seen by every user of the machine. */
const tokenOf = async (
  { ask, terminal, readInput }: CommandContext,
  file: string | undefined,
): Promise<string> => {
  if (file !== undefined && file !== '-') return readToken(fileText(file).trim())
  if (file === undefined && ask)
    return readToken(
      (await ask(terminal.say({ en: 'Token (not shown): ', zh: '令牌（不显示）：' }), true)).trim(),
    )
  return readToken((await readInput()).trim())
}

export const login: AddCommand = (program, actionOf, say) =>
  program
    .command('login')
    .description(
      say({
        en: 'keep the address of a service and a token for it, once the service has accepted it',
        zh: '验证后保存服务地址和令牌',
      }),
    )
    .argument('[profile]', say(describedProfile), standardProfile)
    .option('--url <url>', say({ en: 'address of the service', zh: '服务地址' }))
    .option(
      '--token-file <path>',
      say({
        en: 'file with the token, or - for stdin; left out: it is asked for',
        zh: '令牌文件，- 表示标准输入；省略时询问',
      }),
    )
    .action(
      actionOf(async (context, name, { url: givenUrl, tokenFile }) => {
        checkName(name)
        const { terminal, environment, requestSettings } = context
        const url = await urlOf(context, givenUrl)
        const token = await tokenOf(context, tokenFile)
        const access = { ...requestSettings, url, token }
        const session = await send(access, { method: 'GET', path: '/v1/session' }, SessionView)
        writeProfiles(environment, { ...readProfiles(environment), [name]: { url, token } })
        const how = name === standardProfile ? '' : ` --profile ${name}`
        print(terminal, { profile: name, url, ...session }, (shown) =>
          terminal.say({
            en: `Logged in to ${url} as "${shown.name}", scope ${shown.scope}. Use it: precheck instances${how}\n`,
            zh: `已登录 ${url}，令牌“${shown.name}”，权限 ${shown.scope}。用法：precheck instances${how}\n`,
          }),
        )
        return exitCodes.passed
      }),
    )

export const logout: AddCommand = (program, actionOf, say) =>
  program
    .command('logout')
    .description(
      say({
        en: 'forget a profile; its token stays valid until it is revoked',
        zh: '删除配置；令牌在吊销前仍然有效',
      }),
    )
    .argument('[profile]', say(describedProfile), standardProfile)
    .action(
      actionOf(async ({ terminal, environment }, name) => {
        const { [name]: removed, ...others } = readProfiles(environment)
        if (!removed)
          throw new CommandFailed(
            {
              en: `There is no profile "${name}". "precheck profiles" lists them.`,
              zh: `没有配置“${name}”。precheck profiles 可列出全部配置。`,
            },
            'PROFILE_UNKNOWN',
          )
        writeProfiles(environment, others)
        const text = { en: `The profile ${name} is forgotten.\n`, zh: `已删除配置 ${name}。\n` }
        print(terminal, { profile: name, removed: true }, () => terminal.say(text))
        return exitCodes.passed
      }),
    )

export const profiles: AddCommand = (program, actionOf, say) =>
  program
    .command('profiles')
    .description(say({ en: 'list the profiles, without their tokens', zh: '列出配置（不含令牌）' }))
    .action(
      actionOf(async ({ terminal, environment }) => {
        const known = Object.entries(readProfiles(environment)).map(([profile, { url }]) => ({
          profile,
          url,
        }))
        const none = { en: 'There are no profiles: precheck login\n', zh: '还没有配置：precheck login\n' }
        print(terminal, known, (shown) =>
          listed(
            shown.map(({ profile, url }) => [profile, url]),
            terminal.say(none),
          ),
        )
        return exitCodes.passed
      }),
    )

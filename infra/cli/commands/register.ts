import { Option } from '@commander-js/extra-typings'
import { Engine } from '../../../shared/model/engine.ts'
import { Instance } from '../../../shared/model/instance.ts'
import type { ApiRequest } from '../service/client.ts'
import type { Look } from '../reports/terminal.ts'
import { CommandFailed } from '../service/command-failed.ts'
import { connectionFields } from '../service/connection-fields.ts'
import type { Fields } from '../service/definition-file.ts'
import { instancePath } from '../service/paths.ts'
import { asking } from './asking.ts'
import type { AddCommand, ReadInput } from './command.ts'
import { readInstanceFile } from './instance-file.ts'
import { parseTag } from './option-values.ts'
import { describedFile, reachTexts } from './described.ts'

/** What the command line calls the fields of a registration. */
const optionOf = {
  engine: '--engine',
  region: '--region',
  tags: '--tag',
  'connection.host': '--address',
  'connection.port': '--address',
  'connection.serviceName': '--address',
  'connection.instanceName': '--address',
  'connection.credential.username': '--username',
  'connection.credential.password': '--password',
}

interface Given {
  readonly file?: string | undefined
  readonly engine?: Engine | undefined
  readonly address?: string | undefined
  readonly region?: string | undefined
  readonly username?: string | undefined
  readonly password?: string | undefined
  readonly tag?: Readonly<Record<string, string>> | undefined
}

/** The registration that options describe. */
const fromOptions = ({ engine, address, region, username, password, tag }: Given): Fields => {
  if (engine === undefined || address === undefined || username === undefined || password === undefined)
    throw new CommandFailed(
      {
        en: 'Give a file (precheck register --file my-db.yaml), or --engine, --address, --region, --username and --password.',
        zh: '请给出文件（precheck register --file my-db.yaml），或同时给出 --engine、--address、--region、--username 和 --password。',
      },
      'USAGE',
    )
  return {
    engine,
    region,
    connection: connectionFields({ engine, address, username, password }),
    ...(tag && { tags: tag }),
  }
}

/** Also ids may end like this, but then options say what is registered. */
const isFileName = (text: string): boolean => /^-$|[/\\]|\.(?:ya?ml|json)$/i.test(text)

const requestFor = async (
  instanceId: string | undefined,
  { file, ...options }: Given,
  readInput: ReadInput,
): Promise<ApiRequest> => {
  const hasOptions = Object.values(options).some((value) => value !== undefined)
  // There is nothing but the name of a file to register from.
  if (file === undefined && instanceId !== undefined && !hasOptions && isFileName(instanceId))
    return requestFor(undefined, { file: instanceId }, readInput)
  if (file !== undefined && hasOptions)
    throw new CommandFailed(
      { en: 'Give --file or the other options, not both.', zh: '--file 不能与其他选项同时使用。' },
      'USAGE',
    )
  const described =
    file === undefined ? { definition: fromOptions(options) } : await readInstanceFile(file, readInput)
  const id = instanceId ?? ('id' in described ? described.id : undefined)
  if (id === undefined)
    throw new CommandFailed(
      { en: 'Give the id that the instance is to have.', zh: '请给出实例的 ID。' },
      'USAGE',
    )
  const request = { method: 'PUT', path: instancePath(id), body: described.definition } as const
  return file === undefined ? { ...request, optionOf } : request
}

const registeredLine = ({ id, revision }: Instance, { say }: Look): string =>
  say(
    revision === 1
      ? {
          en: `${id} is registered. Try it: precheck validate ${id}\n`,
          zh: `已注册 ${id}。验证连接：precheck validate ${id}\n`,
        }
      : {
          en: `${id} is replaced (revision ${revision}). Try it: precheck validate ${id}\n`,
          zh: `已替换 ${id}（版本 ${revision}）。验证连接：precheck validate ${id}\n`,
        },
  )

export const register: AddCommand = (program, actionOf, say) =>
  program
    .command('register')
    .description(
      say({ en: 'register an instance, or replace its registration', zh: '注册实例，或替换已有的注册' }),
    )
    .argument(
      '[instance-id]',
      say({ en: 'its id, or a file; left out: that of the file', zh: '实例的 ID，或文件；省略时取自文件' }),
    )
    .option('-f, --file <path>', say(describedFile))
    .addOption(new Option('--engine <engine>', say(reachTexts.engine)).choices(Engine.options))
    .option('--address <address>', say(reachTexts.address))
    .option('--region <region>', say(reachTexts.region))
    .option('--username <name>', say(reachTexts.username))
    .option('--password <reference>', say(reachTexts.password))
    .option('--tag <key:value>', say({ en: 'a tag; may be repeated', zh: '标签；可重复' }), parseTag)
    .action(
      actionOf(async (context, instanceId, given) => {
        const request = await requestFor(instanceId, given, context.readInput)
        return asking({ request: () => request, answer: Instance, text: registeredLine })(context)
      }),
    )

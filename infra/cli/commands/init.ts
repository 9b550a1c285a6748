import { stringify } from 'yaml'
import type { ValidationView } from '../../../functions/api/resources/validation.ts'
import { Engine } from '../../../shared/model/engine.ts'
import { Instance, InstanceDefinition, InstanceId } from '../../../shared/model/instance.ts'
import { Credential } from '../../../shared/model/connections/credential.ts'
import type { Text } from '../../../shared/model/message.ts'
import { type Terminal, print } from '../reports/terminal.ts'
import { type Access, send } from '../service/client.ts'
import { CommandFailed } from '../service/command-failed.ts'
import { addressExamples, addressFields, connectionFields } from '../service/connection-fields.ts'
import { refuseExisting, writeNew } from '../service/file-text.ts'
import { instancePath } from '../service/paths.ts'
import type { AddCommand, Ask, CommandContext } from './command.ts'
import { reachTexts } from './described.ts'
import { goingOn } from './follow.ts'
import { validated, validationExitCode, validationText } from './validate.ts'

/** The five answers, as they are typed. */
interface Answers {
  readonly engine: string
  readonly address: string
  readonly region: string
  readonly username: string
  readonly password: string
}

/** A question of the five. */
interface Question {
  readonly name: keyof Answers
  readonly text: (before: Partial<Answers>) => Text
  /** Taken where nothing is typed; null: something has to be. */
  readonly standard: (instanceId: string) => string | null
  /** What is wrong with an answer; null: nothing. */
  readonly refusal: (answer: string, before: Partial<Answers>) => Text | null
}

const engineOf = ({ engine }: Partial<Answers>): Engine => Engine.catch('sqlserver').parse(engine)

const addressRefusal = (address: string, before: Partial<Answers>): Text | null => {
  try {
    addressFields({ engine: engineOf(before), address })
    return null
  } catch (fault) {
    if (fault instanceof CommandFailed) return fault.text
    throw fault
  }
}

const [{ shape }] = InstanceDefinition.options

const questions: readonly Question[] = [
  {
    name: 'engine',
    text: () => ({
      en: `Engine (${Engine.options.join(', ')})`,
      zh: `数据库类型（${Engine.options.join('、')}）`,
    }),
    standard: () => 'sqlserver',
    refusal: (answer) =>
      Engine.safeParse(answer).success
        ? null
        : {
            en: `Give one of: ${Engine.options.join(', ')}.`,
            zh: `请输入其中之一：${Engine.options.join('、')}。`,
          },
  },
  {
    name: 'address',
    text: (before) => ({
      en: `Address, such as ${addressExamples[engineOf(before)]}`,
      zh: `地址，例如 ${addressExamples[engineOf(before)]}`,
    }),
    standard: () => null,
    refusal: addressRefusal,
  },
  {
    name: 'region',
    text: () => ({ en: 'Region of Alibaba Cloud', zh: '阿里云地域' }),
    standard: () => 'cn-hangzhou',
    refusal: (answer) =>
      shape.region.safeParse(answer).success
        ? null
        : { en: 'Give a region id such as cn-hangzhou.', zh: '请输入地域 ID，例如 cn-hangzhou。' },
  },
  {
    name: 'username',
    text: () => ({ en: 'Login of the prechecks', zh: '预检使用的数据库账号' }),
    standard: () => 'precheck',
    refusal: (answer) =>
      Credential.shape.username.safeParse(answer).success
        ? null
        : { en: 'Give 1 to 128 characters.', zh: '请输入 1 到 128 个字符。' },
  },
  {
    name: 'password',
    text: () => ({
      en: 'Where its password is (a reference, not the password)',
      zh: '密码的存放位置（引用，而非密码本身）',
    }),
    standard: (instanceId) => `env:PRECHECK_SECRET_${instanceId.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`,
    refusal: (answer) =>
      Credential.shape.password.safeParse(answer).success
        ? null
        : {
            en: 'Give env:PRECHECK_SECRET_NAME, file:/absolute/path or kms:NAME. The password itself is stored nowhere.',
            zh: '请输入 env:PRECHECK_SECRET_NAME、file:/绝对路径 或 kms:名称。密码本身不会被保存。',
          },
  },
]

/** Asks until the answer is one. */
const asked = async (
  question: Question,
  instanceId: string,
  before: Partial<Answers>,
  ask: Ask,
  { say, tell }: Terminal,
): Promise<string> => {
  const standard = question.standard(instanceId)
  const head = `${say(question.text(before))}${standard === null ? '' : ` [${standard}]`}: `
  for (;;) {
    const typed = (await ask(head, false)).trim()
    const answer = typed === '' ? (standard ?? '') : typed
    const refusal = question.refusal(answer, before)
    if (refusal === null) return answer
    tell(say(refusal))
  }
}

/** An answer that was given as an option, or that nobody is there to give. Throws `CommandFailed` where it is none. */
const checked = (question: Question, answer: string | null, before: Partial<Answers>): string => {
  const refusal = question.refusal(answer ?? '', before)
  if (answer !== null && refusal === null) return answer
  const { en, zh } = refusal ?? { en: 'is missing', zh: '缺少取值' }
  throw new CommandFailed({ en: `--${question.name}: ${en}`, zh: `--${question.name}：${zh}` }, 'USAGE')
}

/** All five answers, each checked before the next is asked for. Rejects with `CommandFailed`. */
const answersTo = async (
  instanceId: string,
  given: Partial<Answers>,
  { ask, terminal }: CommandContext,
): Promise<Required<Answers>> => {
  const answers = { engine: '', address: '', region: '', username: '', password: '' }
  for (const question of questions) {
    const { name, standard } = question
    answers[name] =
      given[name] === undefined && ask
        ? await asked(question, instanceId, answers, ask, terminal)
        : checked(question, given[name] ?? standard(instanceId), answers)
  }
  return answers
}

/** The file, whose first line says to editors what may be in it. */
const fileOf = (serviceUrl: string, id: string, definition: object): string =>
  `# yaml-language-server: $schema=${serviceUrl}/schemas/instance.json\n${stringify({ id, ...definition })}`

/** Registers the instance and has it validated. */
const tryOut = async (access: Access, id: string, body: object): Promise<ValidationView> => {
  await send(access, { method: 'PUT', path: instancePath(id), body }, Instance)
  return validated(access, id)
}

const checkId = (id: string): void => {
  if (InstanceId.safeParse(id).success) return
  throw new CommandFailed(
    {
      en: `"${id}" cannot be the id of an instance: use 1 to 64 letters, digits, ".", "_" or "-".`,
      zh: `“${id}”不能作为实例 ID：请使用 1 到 64 个字母、数字、“.”、“_”或“-”。`,
    },
    'USAGE',
  )
}

const initialise = async (
  context: CommandContext,
  id: string,
  { file, ...given }: Partial<Answers> & { readonly file: string },
): Promise<number> => {
  const { access, terminal } = context
  checkId(id)
  refuseExisting(file)
  const { engine, region, ...reach } = await answersTo(id, given, context)
  const connection = connectionFields({ ...reach, engine: Engine.parse(engine) })
  const definition = { engine, region, connection }
  const service = access()
  writeNew(file, fileOf(service.url, id, definition))
  const { say, tell } = terminal
  tell(say({ en: `${file} is written.`, zh: `已写入 ${file}。` }))
  const next = `precheck run --file ${file}`
  const view = await goingOn(
    { en: `${file} is written. Once that is mended:`, zh: `已写入 ${file}。问题解决后执行：` },
    next,
    () => tryOut(service, id, definition),
  )
  print(
    terminal,
    { file, definition, validation: view },
    ({ validation }) =>
      validationText(validation, terminal) + say({ en: `Next: ${next}\n`, zh: `下一步：${next}\n` }),
  )
  return validationExitCode(view)
}

export const init: AddCommand = (program, actionOf, say) =>
  program
    .command('init')
    .description(
      say({
        en: 'ask five questions, write an instance file, register it, validate it, and print the GRANT script',
        zh: '询问五个问题，写出实例文件，注册并验证实例，输出 GRANT 脚本',
      }),
    )
    .argument('[instance-id]', say({ en: 'id that the instance is to have', zh: '实例的 ID' }), 'my-db')
    .option('-f, --file <path>', say({ en: 'file to be written', zh: '要写出的文件' }), 'instance.yaml')
    .option('--engine <engine>', say(reachTexts.engine))
    .option('--address <address>', say(reachTexts.address))
    .option('--region <region>', say(reachTexts.region))
    .option('--username <name>', say(reachTexts.username))
    .option('--password <reference>', say(reachTexts.password))
    .action(actionOf(initialise))

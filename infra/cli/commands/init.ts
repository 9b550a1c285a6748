import { stringify } from 'yaml'
import type { ValidationView } from '../../../functions/api/resources/validation.ts'
import { Engine } from '../../../shared/model/engine.ts'
import { Instance, InstanceDefinition, InstanceId } from '../../../shared/model/instance.ts'
import { Profile } from '../../../shared/model/profile.ts'
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

/** The answers, as they are typed. */
interface Answers {
  readonly engine: string
  readonly address: string
  readonly region: string
  readonly username: string
  readonly password: string
  readonly tls: string
  readonly backups: string
}

/** One of the questions. */
interface Question {
  readonly name: keyof Answers
  readonly text: (before: Partial<Answers>) => Text
  /** Taken where nothing is typed; null: something has to be. */
  readonly standard: (instanceId: string, before: Partial<Answers>) => string | null
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

/** How an engine may be connected to; parsing nothing gives what is usual. */
const tlsModeOf = (engine: Engine) => {
  const own = InstanceDefinition.options.find((option) => option.shape.engine.value === engine)
  return (own ?? InstanceDefinition.options[0]).shape.connection.shape.tls.unwrap().shape.mode
}

const tlsModes = (before: Partial<Answers>): readonly string[] => tlsModeOf(engineOf(before)).unwrap().options

/** Refuses what is none of the words. */
const oneOf = (words: readonly string[], answer: string): Text | null =>
  words.includes(answer)
    ? null
    : { en: `Give one of: ${words.join(', ')}.`, zh: `请输入其中之一：${words.join('、')}。` }

const questions: readonly Question[] = [
  {
    name: 'engine',
    text: () => ({
      en: `Engine (${Engine.options.join(', ')})`,
      zh: `数据库类型（${Engine.options.join('、')}）`,
    }),
    standard: () => 'sqlserver',
    refusal: (answer) => oneOf(Engine.options, answer),
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
  {
    name: 'tls',
    text: (before) => ({
      en: `TLS (${tlsModes(before).join(', ')})`,
      zh: `TLS（${tlsModes(before).join('、')}）`,
    }),
    standard: (_, before) => tlsModeOf(engineOf(before)).parse(undefined),
    refusal: (answer, before) => oneOf(tlsModes(before), answer),
  },
  {
    name: 'backups',
    text: () => ({
      en: 'Who takes the backups (cloud-backup: Alibaba Cloud Backup; native: tools of the engine)',
      zh: '由谁备份（cloud-backup：阿里云云备份；native：数据库自带工具）',
    }),
    standard: () => 'cloud-backup',
    refusal: (answer) => oneOf(Profile.options, answer),
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
  const standard = question.standard(instanceId, before)
  const head = `${say(question.text(before))}${standard === null ? '' : ` [${standard}]`}: `
  for (;;) {
    const typed = (await ask(head, false)).trim()
    const answer = typed === '' ? (standard ?? '') : typed
    const refusal = question.refusal(answer, before)
    if (refusal === null) return answer
    tell(say(refusal))
  }
}

/** What is said where nobody is there to answer a question that has no standard answer. */
const unanswered = (question: Question, before: Partial<Answers>): CommandFailed => {
  const options = questions.map(({ name }) => `--${name}`).join(', ')
  const { en, zh } = question.text(before)
  return new CommandFailed(
    {
      en: `There is no terminal to ask on: give --${question.name} (${en}). These options answer the questions: ${options}.`,
      zh: `没有可供询问的终端：请给出 --${question.name}（${zh}）。可用以下选项回答全部问题：${options}。`,
    },
    'USAGE',
  )
}

/** An answer that was given as an option, or that nobody is there to give. Throws `CommandFailed` where it is none. */
const checked = (question: Question, answer: string | null, before: Partial<Answers>): string => {
  if (answer === null) throw unanswered(question, before)
  const refusal = question.refusal(answer, before)
  if (refusal === null) return answer
  const { en, zh } = refusal
  throw new CommandFailed({ en: `--${question.name}: ${en}`, zh: `--${question.name}：${zh}` }, 'USAGE')
}

/** All answers, each checked before the next is asked for. Rejects with `CommandFailed`. */
const answersTo = async (
  instanceId: string,
  given: Partial<Answers>,
  { ask, terminal }: CommandContext,
): Promise<Required<Answers>> => {
  const answers = { engine: '', address: '', region: '', username: '', password: '', tls: '', backups: '' }
  for (const question of questions) {
    const { name, standard } = question
    answers[name] =
      given[name] === undefined && ask
        ? await asked(question, instanceId, answers, ask, terminal)
        : checked(question, given[name] ?? standard(instanceId, answers), answers)
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
  const { engine, region, tls, backups: profile, ...reach } = await answersTo(id, given, context)
  const connection = {
    ...connectionFields({ ...reach, engine: Engine.parse(engine) }),
    tls: { mode: tls },
  }
  const definition = { engine, region, profile, connection }
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
        en: 'ask a few questions, write an instance file, register it, validate it, and print the GRANT script',
        zh: '询问几个问题，写出实例文件，注册并验证实例，输出 GRANT 脚本',
      }),
    )
    .argument('[instance-id]', say({ en: 'id that the instance is to have', zh: '实例的 ID' }), 'my-db')
    .option('-f, --file <path>', say({ en: 'file to be written', zh: '要写出的文件' }), 'instance.yaml')
    .option('--engine <engine>', say(reachTexts.engine))
    .option('--address <address>', say(reachTexts.address))
    .option('--region <region>', say(reachTexts.region))
    .option('--username <name>', say(reachTexts.username))
    .option('--password <reference>', say(reachTexts.password))
    .option(
      '--tls <mode>',
      say({ en: 'required, off; SQL Server also strict', zh: 'required、off；SQL Server 另有 strict' }),
    )
    .option(
      '--backups <profile>',
      say({ en: 'who takes the backups: cloud-backup, native', zh: '由谁备份：cloud-backup、native' }),
    )
    .action(actionOf(initialise))

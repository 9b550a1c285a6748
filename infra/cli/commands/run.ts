import * as z from 'zod'
import { PrecheckView } from '../../../functions/api/views/precheck-view.ts'
import { Instance } from '../../../shared/model/instance.ts'
import { PrecheckId } from '../../../shared/model/precheck.ts'
import type { Terminal } from '../reports/terminal.ts'
import { type Access, send } from '../service/client.ts'
import { CommandFailed } from '../service/command-failed.ts'
import { instancePath } from '../service/paths.ts'
import type { AddCommand, ReadInput } from './command.ts'
import { describedAll, describedInstance } from './described.ts'
import { followAndPrint, goingOn } from './follow.ts'
import { type InstanceFile, readInstanceFile } from './instance-file.ts'

/** An instance, with its definition where a file has it. */
interface Target extends Partial<Pick<InstanceFile, 'definition'>> {
  readonly id: string
}

const fromFile = async (file: string, readInput: ReadInput): Promise<Target> => {
  const { id, definition } = await readInstanceFile(file, readInput)
  if (id !== undefined) return { id, definition }
  throw new CommandFailed(
    {
      en: 'Give the instance a field "id": stdin has no name.',
      zh: '请在定义中加上字段 id：标准输入没有文件名。',
    },
    'FILE_INVALID',
  )
}

/** The instance that is meant. */
const targetOf = async (
  instanceId: string | undefined,
  file: string | undefined,
  readInput: ReadInput,
): Promise<Target> => {
  if (instanceId !== undefined && file !== undefined)
    throw new CommandFailed(
      {
        en:
          'Give an instance id or --file, not both. ' +
          'The id of an instance in a file is its field "id" or the name of the file.',
        zh: '实例 ID 与 --file 只能给出一个。文件中实例的 ID 取字段 id，否则取文件名。',
      },
      'USAGE',
    )
  if (file !== undefined) return fromFile(file, readInput)
  if (instanceId !== undefined) return { id: instanceId }
  throw new CommandFailed(
    {
      en: 'Give an instance id, or --file with an instance file.',
      zh: '请给出实例 ID，或用 --file 指定实例文件。',
    },
    'USAGE',
  )
}

const Running = z.looseObject({ precheckId: PrecheckId })

/** Starts a precheck; one that is running already is followed instead, and the user is told. Resolves with its id. */
const start = async (access: Access, instanceId: string, { tell, say }: Terminal): Promise<string> => {
  try {
    const path = `${instancePath(instanceId)}/prechecks`
    const { id } = await send(access, { method: 'POST', path, body: {} }, PrecheckView)
    return id
  } catch (fault) {
    const isRunning = fault instanceof CommandFailed && fault.code === 'PRECHECK_RUNNING'
    const running = isRunning ? Running.safeParse(fault.context).data : undefined
    if (running === undefined) throw fault
    const { precheckId } = running
    tell(
      say({
        en: `A precheck of ${instanceId} is running already, and is followed: ${precheckId}`,
        zh: `${instanceId} 已有预检在进行，转为跟踪：${precheckId}`,
      }),
    )
    return precheckId
  }
}

/** Of a precheck, whatever happens here. */
const continues = { en: 'The precheck continues. Follow it with:', zh: '预检仍在继续。继续跟踪：' }

export const run: AddCommand = (program, actionOf, say) =>
  program
    .command('run')
    .description(say({ en: 'start a precheck, follow it and report it', zh: '启动预检，跟踪并显示结果' }))
    .argument('[instance-id]', say(describedInstance))
    .option(
      '-f, --file <path>',
      say({
        en: 'instance file (YAML or JSON), or - for stdin; the instance is registered first',
        zh: '实例文件（YAML 或 JSON），- 表示标准输入；先注册该实例',
      }),
    )
    .option('--all', say(describedAll))
    .action(
      actionOf(async ({ access, terminal, readInput }, instanceId, { file, all: isWhole }) => {
        const { id, definition } = await targetOf(instanceId, file, readInput)
        const service = access()
        if (definition)
          await send(service, { method: 'PUT', path: instancePath(id), body: definition }, Instance)
        const precheckId = await start(service, id, terminal)
        return goingOn(continues, `precheck watch ${precheckId}`, () =>
          followAndPrint(service, precheckId, terminal, isWhole),
        )
      }),
    )

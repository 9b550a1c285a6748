import * as z from 'zod'
import { PrecheckView } from '../../../functions/api/views/precheck-view.ts'
import { Instance } from '../../../shared/model/instance.ts'
import { PrecheckId } from '../../../shared/model/precheck.ts'
import { type Access, send } from '../service/client.ts'
import type { AddCommand } from './command.ts'
import { CommandFailed } from '../service/command-failed.ts'
import { followAndPrint } from './follow.ts'
import { type InstanceFile, readInstanceFile } from './instance-file.ts'

const pathOf = (instanceId: string): string => `/v1/instances/${encodeURIComponent(instanceId)}`

/** The instance that is meant, with its definition where a file has it. */
const targetOf = (
  instanceId: string | undefined,
  file: string | undefined,
): Pick<InstanceFile, 'id'> & Partial<InstanceFile> => {
  if (instanceId !== undefined && file !== undefined) {
    const rule = 'The id of an instance in a file is its field "id" or the name of the file.'
    throw new CommandFailed(`Give an instance id or --file, not both. ${rule}`, 'USAGE')
  }
  if (file !== undefined) return readInstanceFile(file)
  if (instanceId !== undefined) return { id: instanceId }
  throw new CommandFailed('Give an instance id, or --file with an instance file.', 'USAGE')
}

const Running = z.looseObject({ precheckId: PrecheckId })

/** Starts a precheck; one that is running already is followed instead. Resolves with its id. */
const start = async (access: Access, instanceId: string): Promise<string> => {
  try {
    const path = `${pathOf(instanceId)}/prechecks`
    const { id } = await send(access, { method: 'POST', path, body: {} }, PrecheckView)
    return id
  } catch (fault) {
    const isRunning = fault instanceof CommandFailed && fault.code === 'PRECHECK_RUNNING'
    const running = isRunning ? Running.safeParse(fault.context).data : undefined
    if (running === undefined) throw fault
    return running.precheckId
  }
}

/** A precheck continues in the service whatever happens here: the user learns how to follow it again. */
const lostTrack = (fault: unknown, precheckId: string): unknown =>
  fault instanceof CommandFailed
    ? new CommandFailed(
        `${fault.message}\nThe precheck continues. Follow it with: precheck watch ${precheckId}`,
        fault.code,
      )
    : fault

export const run: AddCommand = (program, actionOf) =>
  program
    .command('run')
    .description('start a precheck, follow it and report it')
    .argument('[instance-id]', 'id of a registered instance')
    .option('-f, --file <path>', 'instance file (YAML or JSON); the instance is registered first')
    .action(
      actionOf(async ({ access, terminal }, instanceId, { file }) => {
        const { id, definition } = targetOf(instanceId, file)
        const service = access()
        if (definition) await send(service, { method: 'PUT', path: pathOf(id), body: definition }, Instance)
        const precheckId = await start(service, id)
        try {
          return await followAndPrint(service, precheckId, terminal)
        } catch (fault) {
          throw lostTrack(fault, precheckId)
        }
      }),
    )

import * as z from 'zod'
import { PrecheckView } from '../../../functions/api/views/precheck-view.ts'
import { Instance } from '../../../shared/model/instance.ts'
import { type Access, send } from '../client.ts'
import type { AddCommand } from '../command.ts'
import { CommandFailed } from '../command-failed.ts'
import { followAndPrint } from '../follow.ts'
import { readInstanceFile } from '../instance-file.ts'

const pathOf = (instanceId: string): string => `/v1/instances/${encodeURIComponent(instanceId)}`

/** Registers the instance that a file describes; resolves with its id. */
const register = async (access: Access, path: string): Promise<string> => {
  const { id, definition } = readInstanceFile(path)
  await send(access, { method: 'PUT', path: pathOf(id), body: definition }, Instance)
  return id
}

const targetOf = async (
  access: () => Access,
  instanceId: string | undefined,
  file: string | undefined,
): Promise<string> => {
  if (instanceId !== undefined && file !== undefined) {
    const text = `Give an instance id or --file, not both. The id of an instance in a file is its field "id", or else the name of the file.`
    throw new CommandFailed(text, 'USAGE')
  }
  if (file !== undefined) return register(access(), file)
  if (instanceId !== undefined) return instanceId
  throw new CommandFailed('Give an instance id, or --file with the file of an instance.', 'USAGE')
}

const Running = z.looseObject({ precheckId: z.string() })

/** Starts a precheck; one that is running already is followed instead. Resolves with its id. */
const start = async (access: Access, instanceId: string): Promise<string> => {
  try {
    const path = `${pathOf(instanceId)}/prechecks`
    const { id } = await send(access, { method: 'POST', path, body: {} }, PrecheckView)
    return id
  } catch (fault) {
    if (!(fault instanceof CommandFailed) || fault.code !== 'PRECHECK_RUNNING') throw fault
    return Running.parse(fault.context).precheckId
  }
}

/** It goes on at the service, whatever happens here: so the user is told how to find it again. */
const lostSight = (fault: unknown, precheckId: string): unknown =>
  fault instanceof CommandFailed
    ? new CommandFailed(`${fault.message}\nThe precheck goes on: precheck watch ${precheckId}`, fault.code)
    : fault

export const run: AddCommand = (program, actionOf) =>
  program
    .command('run')
    .description('start a precheck, follow it and report it')
    .argument('[instance-id]', 'id of a registered instance')
    .option('-f, --file <path>', 'file of an instance (YAML or JSON), which is registered first')
    .action(
      actionOf(async ({ access, terminal }, instanceId, { file }) => {
        const precheckId = await start(access(), await targetOf(access, instanceId, file))
        try {
          return await followAndPrint(access(), precheckId, terminal)
        } catch (fault) {
          throw lostSight(fault, precheckId)
        }
      }),
    )

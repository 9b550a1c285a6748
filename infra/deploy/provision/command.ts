import {
  environmentCredentials,
  tableSchemas,
  tablestoreClient,
  tablestoreDocuments,
} from '../../../shared/runtime/operator.ts'
import { tokenKind } from '../../../shared/ports/tokens.ts'
import type { Change } from './change.ts'
import { ProvisionFailed } from './failure.ts'
import { planFirstToken } from './plan-first-token.ts'
import { planQueues } from './plan-queues.ts'
import { planTables } from './plan-tables.ts'
import { type ProvisionRequest, UsageWrong, readProvisionRequest, usage } from './arguments.ts'
import { queueSchemas } from './queues.ts'

/** What became of the command, as its exit code. */
export const exitCodes = { done: 0, failed: 1, usage: 3 } as const

/** Writes one line. */
type Print = (line: string) => void

/**
 * Everything is planned before anything is changed, so that a wrong region or missing permission leaves nothing half
 * done.
 */
const plan = async (
  { tablestore, queues, firstToken }: ProvisionRequest,
  environment: NodeJS.ProcessEnv,
): Promise<readonly Change[]> => {
  const credentials = environmentCredentials(environment)
  const client = tablestoreClient({ ...tablestore, credentials })
  return [
    ...(await planTables(client, tablestore, tableSchemas)),
    ...(await planQueues({ ...queues, credentials }, queueSchemas)),
    ...(firstToken === undefined
      ? []
      : await planFirstToken(tablestoreDocuments(client)(tokenKind), tablestore, firstToken)),
  ]
}

const show = ({ title, details }: Change, print: Print): void => {
  print(title)
  for (const detail of details) print(`    ${detail}`)
}

const provision = async (
  request: ProvisionRequest,
  environment: NodeJS.ProcessEnv,
  print: Print,
): Promise<void> => {
  const changes = await plan(request, environment)
  if (changes.length === 0) return print('Nothing to change.')
  for (const change of changes) {
    show(change, print)
    if (!request.dryRun) await change.apply()
  }
  const things = changes.length === 1 ? '1 change' : `${changes.length} changes`
  print(request.dryRun ? `${things} would be made; nothing was changed.` : `${things} made.`)
}

/** Carries the command out and gives its exit code. */
export const provisionCommand = async (
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
  print: Print,
): Promise<number> => {
  try {
    const request = readProvisionRequest(args, environment)
    if (request === 'help') print(usage)
    else await provision(request, environment, print)
    return exitCodes.done
  } catch (fault) {
    if (fault instanceof UsageWrong) {
      print(`${fault.message}\n\n${usage}`)
      return exitCodes.usage
    }
    if (!(fault instanceof ProvisionFailed)) throw fault
    print(fault.message)
    return exitCodes.failed
  }
}

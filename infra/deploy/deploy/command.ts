import { readFile } from 'node:fs/promises'
import { DeployFailed, type RightMissing } from '../plan/failure.ts'
import { publicUrl } from '../plan/plan-functions.ts'
import { planPromotion, planRollback } from '../plan/plan-switch.ts'
import { callerOf } from '../rights/caller.ts'
import {
  type Surroundings,
  UsageWrong,
  type Wish,
  controlOf,
  readSurroundings,
  readWish,
  usage,
} from './arguments.ts'
import { type Print, carryOut, changesOf, planAll, show } from './carry-out.ts'
import { fixedPerMonth } from '../costs/prices.ts'
import { queueSchemas } from '../plan/queues.ts'
import { lookForPrerequisites, shownRights } from './prerequisites.ts'
import { type DeployedService, serviceOf } from './service.ts'
import { smokeCheck } from './smoke-check.ts'

/** What became of the command, as its exit code. */
export const exitCodes = { done: 0, failed: 1, usage: 3 } as const

/** What a command is run with. */
export interface Surrounding {
  readonly environment: NodeJS.ProcessEnv
  readonly print: Print
  /** Asks whoever sits there, and resolves with the answer. */
  readonly question: (text: string) => Promise<string>
}

const number = (count: number, thing: string): string => `${count} ${thing}${count === 1 ? '' : 's'}`

/** Looks at the surroundings and puts the service together; null after a list of what is missing. */
const prepare = async (
  surroundings: Surroundings,
  wish: Wish,
  { environment, print }: Surrounding,
): Promise<DeployedService | null> => {
  const { missing, missingRights, caller } = await lookForPrerequisites(surroundings, environment)
  const { keys, rest } = surroundings
  const stops = missing.length > 0 || (missingRights.length > 0 && !wish.tries)
  if (missing.length > 0 || missingRights.length > 0) {
    print(
      `${number(missing.length + missingRights.length, 'thing')} missing${stops ? '; nothing was changed' : ''}:`,
    )
    for (const each of missing) print(`  ${each}`)
    for (const line of shownRights(missingRights, caller?.Arn ?? 'the owner of the keys')) print(line)
  }
  if (stops || keys === null || rest === null || caller === null) return null
  const say = (line: string): void => print(`    ${line}`)
  return serviceOf(keys, rest, caller.AccountId, environment, { ...wish, say })
}

const tellRefusals = (refused: readonly RightMissing[], print: Print): void => {
  for (const { message } of refused) print(message)
  const actions = [...new Set(refused.map(({ action }) => action))]
  print(`${number(actions.length, 'right')} missing:`)
  for (const action of actions) print(`  right ${action}`)
  print('Attach the policy that "npm run -s policy -- deployer" prints, and run the command again.')
}

/** Plans and makes all changes; whether that could be done. */
const change = async (
  parts: DeployedService['parts'],
  { dryRun }: Pick<Wish, 'dryRun'>,
  print: Print,
): Promise<boolean> => {
  const plan = await planAll(parts)
  if (plan.refused.length > 0) {
    tellRefusals(plan.refused, print)
    return false
  }
  const changes = changesOf(plan)
  if (changes.length === 0) print('Nothing to change.')
  else if (dryRun) {
    for (const each of changes) show(each, print)
    print(`${number(changes.length, 'change')} would be made; nothing was changed.`)
  } else {
    const refused = await carryOut(plan, print)
    if (refused.length > 0) {
      tellRefusals(refused, print)
      return false
    }
    print(`${number(changes.length, 'change')} made.`)
  }
  return true
}

/** That of the file belongs to this service for sure. */
const readToken = async (file: string, environment: NodeJS.ProcessEnv): Promise<string | null> =>
  (await readFile(file, 'utf8').catch(() => null))?.trim() ?? environment['PRECHECK_TOKEN'] ?? null

/** Shows that the service works, where it is, and what it costs. */
const report = async (
  { control }: DeployedService,
  region: string,
  { tokenFile }: Wish,
  { environment, print }: Surrounding,
): Promise<void> => {
  const url = await publicUrl(control)
  if (url === null) print('The API has no public address (apiInVpcOnly): check it from the VPC.')
  else {
    const token = await readToken(tokenFile, environment)
    for (const line of await smokeCheck({ url, token }, region)) print(line)
    print(`URL: ${url}`)
  }
  print(`Token: in the file ${tokenFile}, where this command issued it`)
  for (const { what, usd } of fixedPerMonth(queueSchemas.length))
    print(`Costs of a month: ${usd === null ? what : `USD ${usd.toFixed(2)} for ${what}`}`)
  print('What prechecks cost beside: npm run costs')
}

const deploy = async (wish: Wish, surrounding: Surrounding): Promise<number> => {
  const surroundings = readSurroundings(surrounding.environment)
  const service = await prepare(surroundings, wish, surrounding)
  if (service === null) return exitCodes.failed
  const parts = wish.promote ? [{ plan: () => planPromotion(service.control) }] : service.parts
  if (!(await change(parts, wish, surrounding.print))) return exitCodes.failed
  const region = surroundings.keys?.ALIBABA_CLOUD_REGION_ID ?? ''
  if (!wish.dryRun) await report(service, region, wish, surrounding)
  return exitCodes.done
}

/** A way back must not wait for what only a deployment takes: network, Serverless Devs, a build. */
const rollback = async (wish: Wish, { environment, print, question }: Surrounding): Promise<number> => {
  const { keys } = readSurroundings(environment)
  if (keys === null)
    throw new DeployFailed('Set ALIBABA_CLOUD_REGION_ID and the keys, see --help; nothing was changed.')
  const { AccountId } = await callerOf(controlOf(keys, environment, ''))
  const control = controlOf(keys, environment, AccountId)
  const plan = () => planRollback(control)
  if (!(await change([{ plan }], { dryRun: true }, print))) return exitCodes.failed
  if (wish.dryRun) return exitCodes.done
  if (!wish.yes && (await question('Go back? Type yes to go on: ')).trim() !== 'yes') {
    print('Nothing was changed.')
    return exitCodes.failed
  }
  return (await change([{ plan }], wish, print)) ? exitCodes.done : exitCodes.failed
}

const isWanted = async (
  instanceName: string,
  { data, yes }: Wish,
  { question }: Surrounding,
): Promise<boolean> => {
  if (yes) return true
  const what = data ? 'the service WITH ALL ITS DATA' : 'the service; its data stays'
  return (await question(`This removes ${what}. Type ${instanceName} to go on: `)).trim() === instanceName
}

const destroy = async (wish: Wish, surrounding: Surrounding): Promise<number> => {
  const surroundings = readSurroundings(surrounding.environment)
  const service = await prepare(surroundings, wish, surrounding)
  if (service === null) return exitCodes.failed
  const instanceName = surroundings.keys?.TABLESTORE_INSTANCE ?? ''
  if (!wish.dryRun && !(await isWanted(instanceName, wish, surrounding))) {
    surrounding.print('Nothing was changed.')
    return exitCodes.failed
  }
  const isDone = await change(service.removal(wish.data), wish, surrounding.print)
  return isDone ? exitCodes.done : exitCodes.failed
}

const guarded =
  (run: (wish: Wish, surrounding: Surrounding) => Promise<number>) =>
  async (args: readonly string[], surrounding: Surrounding): Promise<number> => {
    try {
      const wish = readWish(args)
      if (wish !== 'help') return await run(wish, surrounding)
      surrounding.print(usage)
      return exitCodes.done
    } catch (fault) {
      if (fault instanceof UsageWrong) {
        surrounding.print(`${fault.message}\n\n${usage}`)
        return exitCodes.usage
      }
      if (!(fault instanceof DeployFailed)) throw fault
      surrounding.print(fault.message)
      return exitCodes.failed
    }
  }

/** Makes the service, or brings it to what the checkout says, and shows that it works; gives the exit code. */
export const deployCommand = guarded(deploy)

/** Sends invocations back to the deployment before; gives the exit code. */
export const rollbackCommand = guarded(rollback)

/** Takes the service down; gives the exit code. */
export const destroyCommand = guarded(destroy)

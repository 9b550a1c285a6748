import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { DeployFailed } from '../plan/failure.ts'

/** The command that `s.yaml` is written for; it fetches its component `fc3` when it is used first. */
const command = 's'

/** How it is installed. */
export const installation = 'npm install -g @serverless-devs/s@3'

/** Its keys, under the name that it looks for in the environment ("Configure keys", its manual). */
const keysOf = (environment: NodeJS.ProcessEnv): string => {
  const token = environment['ALIBABA_CLOUD_SECURITY_TOKEN']
  return JSON.stringify({
    AccountID: environment['ALIBABA_CLOUD_ACCOUNT_ID'],
    AccessKeyID: environment['ALIBABA_CLOUD_ACCESS_KEY_ID'],
    AccessKeySecret: environment['ALIBABA_CLOUD_ACCESS_KEY_SECRET'],
    ...(token && { SecurityToken: token }),
  })
}
const access = 'default_serverless_devs_key'

/** Whether the command is there. */
export const isInstalled = async (environment: NodeJS.ProcessEnv): Promise<boolean> => {
  const child = spawn(command, ['-v'], { env: environment, stdio: 'ignore' })
  try {
    await once(child, 'exit')
    return true
  } catch {
    return false
  }
}

/** Runs the command and passes on what it says, a line each. Throws `DeployFailed`. */
export const runServerless = async (
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
  say: (line: string) => void,
): Promise<void> => {
  const child = spawn(command, [...args, '-a', access], {
    env: { ...environment, [access]: keysOf(environment) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  for (const stream of [child.stdout, child.stderr]) createInterface(stream).on('line', say)
  // Not `exit`: what it said last may come after that.
  await once(child, 'close')
  if (child.exitCode === 0) return
  throw new DeployFailed(
    `"s ${args.join(' ')}" ended with ${child.exitCode ?? child.signalCode}; it says why above.\nRun the command again: what is done stays.`,
  )
}

import { setTimeout as sleep } from 'node:timers/promises'
import * as z from 'zod'
import type { Change } from './change.ts'
import { type Control, type Operation, ask } from './control.ts'
import { DeployFailed } from './failure.ts'

/** "CreateInstance", "GetInstance" and "DeleteInstance" of Tablestore 2020-12-09. */
const operation = (
  action: 'GetInstance' | 'CreateInstance' | 'DeleteInstance',
  instanceName: string,
  body?: Readonly<Record<string, unknown>>,
): Operation => ({
  product: 'ots',
  action,
  of: `Tablestore instance ${instanceName}`,
  settledBy: /NotFound|NotExist/,
  ...(action === 'GetInstance' && { query: { InstanceName: instanceName } }),
  path: {
    method: action === 'GetInstance' ? 'GET' : 'POST',
    pathname: `/v2/openapi/${action.toLowerCase()}`,
    ...(body && { body }),
  },
})

const Instance = z.object({ InstanceStatus: z.string() })

/** The status of the instance, `normal` once it can be used; null if there is none. */
const statusOf = async (control: Control, name: string): Promise<string | null> =>
  (await ask(control, operation('GetInstance', name), Instance))?.InstanceStatus ?? null

/** How long a new instance may take, and how often it is asked for, ms. */
const wait = { totalMs: 120_000, pauseMs: 2000 }

/** Waits until something is so; a new instance takes a while to be there, and its name to be known. */
const until = async (what: string, isSo: () => Promise<boolean>): Promise<void> => {
  const end = performance.now() + wait.totalMs
  while (!(await isSo())) {
    if (performance.now() >= end) {
      throw new DeployFailed(`${what} after ${wait.totalMs / 1000} s.\nRun the command again later.`)
    }
    await sleep(wait.pauseMs)
  }
}

/** Whether the instance is there, and the change that makes it. `answers` tells whether its tables can be asked. */
export const planInstance = async (
  control: Control,
  name: string,
  answers: () => Promise<boolean>,
): Promise<{ readonly isThere: boolean; readonly changes: readonly Change[] }> => {
  const ready = async (): Promise<void> => {
    const isNormal = async (): Promise<boolean> => (await statusOf(control, name)) === 'normal'
    await until(`The Tablestore instance ${name} is not ready`, isNormal)
    await until(`The Tablestore instance ${name} does not answer`, answers)
  }
  if ((await statusOf(control, name)) !== null) return { isThere: true, changes: [] }
  const settings = {
    InstanceName: name,
    ClusterType: 'SSD',
    InstanceDescription: 'Backup Precheck',
    NetworkTypeACL: ['VPC', 'INTERNET'],
    NetworkSourceACL: ['TRUST_PROXY'],
  }
  const create: Change = {
    title: `create Tablestore instance ${name}`,
    details: ['reached from: VPCs, the Internet, the console', 'billed by what is used'],
    apply: async () => {
      await ask(control, operation('CreateInstance', name, settings), z.unknown())
      await ready()
    },
  }
  return { isThere: false, changes: [create] }
}

/** What removes the instance, if there is one. Its tables must be gone. */
export const planInstanceRemoval = async (control: Control, name: string): Promise<readonly Change[]> => {
  if ((await statusOf(control, name)) === null) return []
  const body = { InstanceName: name }
  return [
    {
      title: `remove Tablestore instance ${name}`,
      details: [],
      apply: async () => void (await ask(control, operation('DeleteInstance', name, body), z.unknown())),
    },
  ]
}

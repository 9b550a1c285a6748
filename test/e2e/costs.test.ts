import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Bill, runAlone, startCounting } from '../bench/billable.ts'
import { batchLimits } from '../../shared/adapters/mns/mns-client.ts'
import { checksFor } from '../../shared/checks/catalogue.ts'
import { demoPassword } from '../demo/scenes.ts'
import type { Disturbance } from '../emulators/fc/queue-trigger.ts'
import { type CloudService, startCloudInHaste } from '../support/cloud-service.ts'
import { ask } from '../support/service.ts'
import { type StandIns, startStandIns } from '../support/stand-ins.ts'

let standIns: StandIns
let service: CloudService

beforeAll(async () => {
  standIns = await startStandIns()
  service = await startCloudInHaste({ password: demoPassword, deadlineSeconds: 8 })
})
afterAll(async () => {
  await service.close()
  await standIns.close()
})

/** Has the results of a precheck come together, as those that come within the window of the trigger do. */
const together = (count: number): Disturbance => {
  const held: string[] = []
  return (push) => async (bodies) => {
    if (!bodies.some((body) => body.includes('"kind":"result"'))) return push(bodies)
    held.push(...bodies)
    if (held.length === count) await push(held)
  }
}

/** Requests of the functions to one service, by action. */
const requestsTo = (wanted: Bill['requests'][number]['service'], { requests }: Bill) =>
  Object.fromEntries(
    requests
      .filter(({ service: asked, by }) => asked === wanted && by === 'functions')
      .map(({ action, requests: count }) => [action, count]),
  )

it('a precheck asks for nothing twice', async () => {
  const items = checksFor('oracle').filter(({ set }) => set === 'essential')
  const followers = items.filter(({ question }) => question.probe === 'oracle').length - 1
  const body = {
    ...standIns.definitionOf('oracle', service.passwordReference),
    checks: { set: 'essential' },
  }
  await ask(service, 'PUT', '/v1/instances/counted', { body })
  // Of a token's use in an hour, the first is written down, beside the request.
  const tokens = async (): Promise<string> => (await ask(service, 'GET', '/v1/tokens')).text
  await expect.poll(tokens).not.toContain('"lastUsedAt":null')
  service.disturb(together(items.length))
  const count = startCounting(service)
  await runAlone(service, 'counted')
  const bill = count()

  expect(Object.fromEntries(bill.functions.map(({ name, invocations }) => [name, invocations]))).toEqual({
    'precheck-api': 1,
    'precheck-run-check': items.length,
    // The results, and the deadline.
    'precheck-collect': 2,
    'precheck-schedule': 0,
    'precheck-notify': 0,
  })
  // The first items together, and those that wait for the lead; the deadline, and each result.
  expect(requestsTo('Simple Message Queue', bill)).toEqual({
    BatchSendMessage: 1 + Math.ceil(followers / batchLimits.messages),
    SendMessage: 1 + items.length,
  })
  expect(bill.events).toBe(2 * items.length + 1)
  expect(requestsTo('Tablestore', bill)).toEqual({
    // The API: token, instance. The collector: the precheck, what it is compared with; at the deadline, the precheck.
    GetRow: 5,
    // The new precheck and its place in the history.
    BatchWriteRow: 1,
    // The policies, which are read again after a minute; the webhooks that might be told.
    GetRange: 2,
    // The end of the precheck.
    PutRow: 1,
    // The claim on the instance; its release, with the last result.
    UpdateRow: 2,
  })
})

/**
 * Doubles of the SDK clients, for tests of what stands on them. A double takes the place of every method of a class
 * (for all its instances, made before or after) or of one instance; no call reaches the network.
 *
 *     const ots = mockClient(TableStore.Client)
 *     afterEach(() => ots.reset())
 *     afterAll(() => ots.restore())
 *
 *     ots.on('getRow', { tableName: 'prechecks' }).resolves(noRow())
 *     ots.on('putRow').rejectsOnce('OTSServerBusy').rejectsOnce('ECONNRESET').resolves(noRow())
 *     ots.on('updateRow').callsFake(doneThenLost((request) => rows.push(request)))
 *
 *     expect(ots).toHaveReceivedTimes('putRow', 3)
 *     expect(ots).toHaveReceivedWith('putRow', { primaryKey: [{ id: expect.any(String) }] })
 *
 * - After a method's name come patterns for its arguments, in part: see `Pattern`. Without them any arguments fit.
 * - The last `on` that fits answers, first with its `…Once` answers in order, then with its default. One that has
 *   neither left makes way for the `on` before it, so that `on('putRow').rejectsOnce(…)` breaks a default set up earlier once.
 * - A call that nothing fits rejects with an `UnmatchedCallError`, which names it and says what was near.
 * - `rejects` takes an error, or a code that becomes the error which this SDK would throw: see `faults.ts`.
 * - `callsThrough` runs the real method, say against an emulator.
 */
import { expect } from 'vitest'
import { type Reply, type Rule, UnmatchedCallError, takeReply } from './behaviour.ts'
import type { ClientDouble } from './client-double.ts'
import { faultOf, sdkOf } from './faults.ts'
import { doubleMatchers } from './matchers.ts'
import { type AnyMethod, callReal, isReplaced, methodsOf, replaceMethods } from './replace-methods.ts'
import type { RecordedCall } from './methods.ts'

expect.extend(doubleMatchers)

const names = {
  tablestore: 'Tablestore client',
  mns: 'MNS client',
  fc2: 'Function Compute client',
  other: 'client',
} as const

const fakeReply =
  (fake: AnyMethod): Reply =>
  ({ client, args }) =>
    fake.apply(client, [...args])

const faultReply =
  (fault: Error | string): Reply =>
  ({ client }) => {
    throw typeof fault === 'string' ? faultOf(client, fault) : fault
  }

const behaviourOf = (rule: Rule, callThrough: Reply) => {
  const always = (reply: Reply) => {
    rule.always = reply
    return behaviour
  }
  const once = (reply: Reply) => {
    rule.once.push(reply)
    return behaviour
  }
  const behaviour = {
    resolves: (value: unknown): object => always(() => value),
    resolvesOnce: (value: unknown): object => once(() => value),
    rejects: (fault: Error | string): object => always(faultReply(fault)),
    rejectsOnce: (fault: Error | string): object => once(faultReply(fault)),
    callsFake: (fake: AnyMethod): object => always(fakeReply(fake)),
    callsFakeOnce: (fake: AnyMethod): object => once(fakeReply(fake)),
    callsThrough: (): object => always(callThrough),
    callsThroughOnce: (): object => once(callThrough),
  }
  return behaviour
}

/** Puts a double in the place of a class's methods, or of one instance's. Refused while the target has one already. */
export const mockClient = <Client extends object>(
  target: (abstract new (...args: never[]) => Client) | Client,
): ClientDouble<Client> => {
  const holder: object = typeof target === 'function' ? target.prototype : target
  const name = names[sdkOf(holder)]
  if (isReplaced(holder)) throw new Error(`The ${name} has a double already: restore() that one first`)
  const methods = methodsOf(holder)
  const rules: Rule[] = []
  const calls: RecordedCall[] = []

  const doubleOf = (method: string): AnyMethod =>
    async function double(this: object, ...args: readonly unknown[]) {
      const call = { client: this, method, args }
      const reply = takeReply(rules, call)
      calls.push({ ...call, matched: reply !== null })
      if (!reply) throw new UnmatchedCallError(name, rules, call)
      return reply(call)
    }

  const callThrough: Reply = ({ client, method, args }) => callReal(methods, method, client, args)

  const addRule = (method: string | null, patterns: readonly unknown[]) => {
    if (method !== null && !methods.has(method)) throw new Error(`The ${name} has no method ${method}`)
    const rule: Rule = { method, patterns, once: [], always: null }
    rules.push(rule)
    return behaviourOf(rule, callThrough)
  }

  const restore = replaceMethods(
    holder,
    new Map([...methods.keys()].map((method) => [method, doubleOf(method)])),
  )

  const double = {
    name,
    on: (method: string, ...patterns: readonly unknown[]) => addRule(method, patterns),
    onAnyMethod: () => addRule(null, []),
    real: (method: string): AnyMethod =>
      function real(this: object, ...args: readonly unknown[]) {
        return callThrough({ client: this, method, args })
      },
    calls: (method?: string) =>
      method === undefined ? [...calls] : calls.filter((call) => call.method === method),
    call: (index: number) => {
      const call = calls.at(index)
      if (!call) throw new Error(`There is no call ${index}: the ${name} received ${calls.length}`)
      return call
    },
    reset: () => {
      rules.length = 0
      calls.length = 0
    },
    resetHistory: () => {
      calls.length = 0
    },
    restore,
  }
  // The methods are found at run time: no type of TypeScript's follows them from the class to here.
  return double as unknown as ClientDouble<Client>
}

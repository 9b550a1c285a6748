import { describe, expect, it, vi } from 'vitest'
import type { Reach } from '../../../../shared/checks/framework/answer.ts'
import { defaultEndpointSettings } from '../../../../shared/checks/connectivity/endpoints.ts'
import { runCheck } from '../../../../shared/flows/prechecks/run-check.ts'
import type { ItemResult } from '../../../../shared/model/item-result.ts'
import { recordResults } from '../../../../shared/model/precheck.ts'
import { CheckMessage, type ResultMessage } from '../../../../shared/model/queue-messages.ts'
import type { HostReach, ReachReading } from '../../../../shared/ports/host-reach.ts'
import type { Probes } from '../../../../shared/ports/probe.ts'
import { definitionOf } from '../../../support/context.ts'
import { databaseProbes } from '../../../support/database-probes.ts'
import { silent } from '../../../support/log.ts'
import { clocksAt } from '../../../support/clocks.ts'

const host = { ecsInstanceId: 'i-bp1host00000000000001', platform: 'linux' }
const url = 'https://hbr-vpc.cn-hangzhou.aliyuncs.com/'
const started = Date.parse('2026-11-21T02:00:00Z')
const pending = { pending: true } as const

const reach: Reach = {
  url,
  address: '100.64.0.1',
  phases: { dns: 1, connect: 2, tls: 3, http: 4 },
  status: 403,
  failure: null,
}
const refused: Reach = {
  ...reach,
  phases: { dns: 1, connect: 2, tls: null, http: null },
  status: null,
  failure: { phase: 'connect', kind: 'refused', cause: 'ECONNREFUSED' },
}

const messageOf = (changes: Partial<CheckMessage> = {}, definition: object = { host }): CheckMessage =>
  CheckMessage.parse({
    precheckId: `pc_${'0'.repeat(32)}`,
    checkItem: 'SERVICE_CONNECTIVITY',
    target: { instanceId: 'db1', definition: definitionOf('oracle', { ...definition }) },
    limitMs: 20_000,
    deadlineAt: new Date(started + 60_000).toISOString(),
    ...changes,
  })

/** What `run-check` works with: an instance that answers as it is told to, and a clock that moves with the delays. */
const open = (readings: readonly ReachReading[] = []) => {
  const left = [...readings]
  const later: { readonly message: CheckMessage; readonly delaySeconds: number }[] = []
  const results: ResultMessage[] = []
  const commands = new Map<string, string>()
  const startReach = vi.fn<HostReach['startReach']>(async (question, dedupeId) => {
    const asked = JSON.stringify(question)
    const before = commands.get(dedupeId) ?? asked
    commands.set(dedupeId, asked)
    // As Cloud Assistant refuses a token that was used for another command.
    if (before !== asked) return { problem: { code: 'CLOUD_ASSISTANT_REFUSED', params: {} } }
    return { invocationId: `t-${dedupeId}` }
  })
  const readReach = vi.fn<HostReach['readReach']>(async () => left.shift() ?? pending)
  const https = vi.fn<Probes['https']>(async () => ({ answer: [reach] }))
  let now = started
  const none = () => Promise.reject(new Error('no database is asked'))
  const probes: Probes = { https, databases: databaseProbes(() => none) }
  const here = {
    probes,
    secrets: { resolve: async () => ({ value: 'x' }) },
    endpoints: defaultEndpointSettings,
    log: silent,
    ...clocksAt(() => now),
  }
  const deps = { ...here, hostReach: { startReach, readReach } }
  const run = async (runDeps: typeof here, message: CheckMessage): Promise<void> => {
    for await (const sent of runCheck(runDeps, message)) {
      if (sent.queue === 'results') results.push(...sent.messages)
      // What went over a queue is what was parsed on its other side.
      else
        for (const each of sent.messages)
          later.push({
            message: CheckMessage.parse(JSON.parse(JSON.stringify(each))),
            delaySeconds: sent.delaySeconds,
          })
    }
  }
  const resultsOf = (): ItemResult[] =>
    results.flatMap((message) => (message.kind === 'result' ? [message.result] : []))
  return {
    run,
    here,
    deps,
    later,
    results: resultsOf,
    startReach,
    readReach,
    https,
    commands,
    pass: (ms: number) => {
      now += ms
    },
    /** Delivers a message, and then all that it leads to. */
    deliver: async (first: CheckMessage): Promise<void> => {
      await run(deps, first)
      for (let next = later.shift(); next; next = later.shift()) {
        now += next.delaySeconds * 1000
        await run(deps, next.message)
      }
    },
  }
}

describe('a connectivity item of an instance with a host', () => {
  it('starts its command, ends the invocation, and comes back in a few seconds with its id', async () => {
    const { run, deps, later, results, startReach, readReach, https } = open()
    await run(deps, messageOf())
    expect(later).toEqual([
      {
        delaySeconds: 2,
        message: messageOf({
          awaited: {
            invocationId: `t-pc_${'0'.repeat(32)}/SERVICE_CONNECTIVITY`,
            startedAt: new Date(started).toISOString(),
          },
        }),
      },
    ])
    const [question] = startReach.mock.calls[0] ?? []
    expect(question).toMatchObject({ urls: [url], host: { ...host, region: 'cn-hangzhou' } })
    expect([results(), readReach.mock.calls, https.mock.calls]).toEqual([[], [], []])
  })

  it('waits for its answer, and is judged from the instance', async () => {
    const { deliver, results, startReach, readReach } = open([pending, pending, { answer: [reach] }])
    await deliver(messageOf())
    expect([startReach.mock.calls.length, readReach.mock.calls.length]).toEqual([1, 3])
    expect(results()).toMatchObject([
      {
        checkItem: 'SERVICE_CONNECTIVITY',
        status: 'passed',
        vantage: 'instance',
        startedAt: new Date(started).toISOString(),
        durationMs: 6000,
      },
    ])
  })

  it('fails for what the instance does not reach', async () => {
    const { deliver, results } = open([{ answer: [refused] }])
    await deliver(messageOf())
    expect(results()).toMatchObject([{ status: 'failed', vantage: 'instance' }])
    expect(results()[0]?.findings[0]?.message.code).toBe('TCP_REFUSED')
  })

  it.each([
    ['when the command is not taken', 'start'],
    ['when it gives no answer', 'read'],
  ] as const)('is never green %s, and says so from the instance', async (_, when) => {
    const problem = { code: 'CLOUD_ASSISTANT_OFFLINE', params: { ecsInstanceId: 'i-x', cause: 'x' } }
    const { deliver, results, startReach, readReach } = open([{ problem }])
    if (when === 'start') startReach.mockResolvedValue({ problem })
    await deliver(messageOf())
    expect(results()).toMatchObject([{ status: 'error', vantage: 'instance', reason: problem }])
    expect(readReach).toHaveBeenCalledTimes(when === 'start' ? 0 : 1)
  })

  it.each([
    ['REJECTS', () => Promise.reject(new Error('secret detail')), 'PROBE_FAILED'],
    ['MALFORMED', () => Promise.resolve({ answer: [] }), 'UNEXPECTED_ANSWER'],
  ])('is never green on an answer that is none (%s)', async (_, answer, code) => {
    const { deliver, results, readReach } = open()
    readReach.mockImplementation(answer)
    await deliver(messageOf())
    expect(results()).toMatchObject([{ status: 'error', vantage: 'instance', reason: { code } }])
  })

  it('asks nobody, and is over, where its instance needs no endpoint', async () => {
    const { deliver, results, startReach, https } = open()
    await deliver(messageOf({}, { host, profile: 'native' }))
    expect(results()).toMatchObject([
      { status: 'skipped', reason: { code: 'NOT_APPLICABLE' }, vantage: 'checker' },
    ])
    expect([startReach.mock.calls, https.mock.calls]).toEqual([[], []])
  })

  it('starts one command and records one result, when every message is delivered twice', async () => {
    const { run, deps, later, results, commands, pass } = open()
    const twice = async (message: CheckMessage): Promise<void> => {
      await run(deps, message)
      // So late that the deadline is nearer than the limit of the item.
      pass(45_000)
      await run(deps, message)
      pass(-45_000)
    }
    await twice(messageOf())
    expect(commands.size).toBe(1)
    expect(later.map(({ message }) => message.awaited?.invocationId)).toEqual(
      Array(2).fill(`t-${[...commands.keys()][0]}`),
    )
    deps.hostReach.readReach.mockResolvedValue({ answer: [reach] })
    for (const { message } of later) await twice(message)
    expect(results()).toHaveLength(4)
    expect(results().map(({ status }) => status)).toEqual(Array(4).fill('passed'))
    const precheck = { checkItems: [{ checkItem: 'SERVICE_CONNECTIVITY' }], results: [] }
    expect(recordResults(precheck as never, results()).results).toHaveLength(1)
  })

  it('is timed_out at its limit, when the command goes on for longer', async () => {
    const { deliver, results, readReach } = open()
    await deliver(messageOf({ limitMs: 9000 }))
    expect(results()).toMatchObject([
      {
        status: 'timed_out',
        vantage: 'instance',
        reason: { code: 'COMMAND_TIMED_OUT', params: { ecsInstanceId: host.ecsInstanceId } },
        durationMs: 8000,
      },
    ])
    expect(readReach).toHaveBeenCalledTimes(4)
  })

  it('is timed_out before the deadline of its precheck', async () => {
    const { deliver, results } = open()
    await deliver(messageOf({ deadlineAt: new Date(started + 5000).toISOString() }))
    expect(results()).toMatchObject([{ status: 'timed_out', durationMs: 4000 }])
  })

  it('starts nothing when the deadline is too near, and reads nothing when it is over', async () => {
    const { run, deps, results, startReach, readReach } = open([{ answer: [reach] }])
    await run(deps, messageOf({ deadlineAt: new Date(started + 500).toISOString() }))
    const awaited = { invocationId: 't-1', startedAt: new Date(started - 9000).toISOString() }
    await run(deps, messageOf({ awaited, deadlineAt: new Date(started - 1).toISOString() }))
    expect(results().map(({ reason, vantage }) => [reason?.code, vantage])).toEqual([
      ['NO_TIME_LEFT', 'instance'],
      ['NO_TIME_LEFT', 'instance'],
    ])
    expect([startReach.mock.calls, readReach.mock.calls]).toEqual([[], []])
  })

  it('takes an answer that is read late, as long as the deadline lasts', async () => {
    const { run, deps, results } = open([{ answer: [reach] }])
    const awaited = { invocationId: 't-1', startedAt: new Date(started - 30_000).toISOString() }
    await run(deps, messageOf({ awaited, deadlineAt: new Date(started + 100).toISOString() }))
    expect(results()).toMatchObject([{ status: 'passed', vantage: 'instance' }])
  })

  it('leaves the command time to reach the instance and its answer time to be read', async () => {
    const { run, deps, startReach } = open()
    await run(deps, messageOf())
    await run(deps, messageOf({ limitMs: 4000 }))
    expect(startReach.mock.calls.map(([{ limitMs }]) => limitMs)).toEqual([15_000, 2000])
  })
})

describe('a connectivity item looks from the checker', () => {
  it.each([
    ['without a host', {}, true],
    ['where no commands are run', { host }, false],
  ])('%s', async (_, definition, hasCommands) => {
    const { run, here, deps, later, results, startReach, https } = open()
    await run(hasCommands ? deps : here, messageOf({}, definition))
    expect(results()).toMatchObject([{ status: 'passed', vantage: 'checker' }])
    expect([later, startReach.mock.calls, https.mock.calls.length]).toEqual([[], [], 1])
  })
})

it('the items of the database are asked from the checker, with a host or without', async () => {
  const { run, deps, results, startReach } = open()
  await run(deps, messageOf({ checkItem: 'ARCHIVELOG' }))
  expect(results()).toMatchObject([{ vantage: 'checker', status: 'error' }])
  expect(startReach).not.toHaveBeenCalled()
})

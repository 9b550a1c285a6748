import { describe, expect, it, vi } from 'vitest'
import { defaultEndpointSettings } from '../../../../shared/checks/connectivity/endpoints.ts'
import { runCheck } from '../../../../shared/flows/prechecks/run-check.ts'
import type { ItemResult } from '../../../../shared/model/item-result.ts'
import { CheckMessage } from '../../../../shared/model/queue-messages.ts'
import type { HostReach, LookReading } from '../../../../shared/ports/host-reach.ts'
import { clocksAt } from '../../../support/clocks.ts'
import { definitionOf } from '../../../support/context.ts'
import { clientService, clock, linuxHost, volume, windowsHost } from '../../../support/facts/host.ts'
import { silent } from '../../../support/log.ts'
import { probesGiving } from '../../../support/probes.ts'

const started = Date.parse('2026-11-21T02:00:00Z')
const items = ['HOST_DISK_SPACE', 'BACKUP_CLIENT', 'CLOCK_SKEW', 'VSS_WRITERS']
const unanswered = { problem: { code: 'HOST_PART_UNANSWERED', params: { ecsInstanceId: 'i-x', cause: 'x' } } }

const healthy = {
  volumes: { answer: [volume()] },
  client: { answer: { services: [clientService()] } },
  clock: { answer: clock() },
  writers: unanswered,
}
const answering = (changes: Partial<Record<keyof typeof healthy, object>> = {}): LookReading => ({
  answerTo: (part) => ({ ...healthy, ...changes })[part] as typeof unanswered,
})

const messageOf = (definition: Readonly<Record<string, unknown>>): CheckMessage => {
  const [checkItem = '', ...together] = items
  return CheckMessage.parse({
    precheckId: `pc_${'0'.repeat(32)}`,
    checkItem,
    together,
    target: { instanceId: 'db1', definition: definitionOf('sqlserver', definition) },
    limitMs: 20_000,
    deadlineAt: new Date(started + 60_000).toISOString(),
  })
}

/** Delivers a message, and then all that it leads to: what was asked, and how each item ended. */
const deliver = async (
  definition: Readonly<Record<string, unknown>>,
  readings: readonly LookReading[],
  hasCommands = true,
) => {
  const left = [...readings]
  const startLook = vi.fn<HostReach['startLook']>(async () => ({ invocationId: 't-1' }))
  const readLook = vi.fn<HostReach['readLook']>(async () => left.shift() ?? { pending: true })
  const none = () => Promise.reject(new Error('no endpoint is tried'))
  const hostReach: HostReach = { startReach: none, readReach: none, startLook, readLook }
  let now = started
  const deps = {
    probes: probesGiving(() => Promise.reject(new Error('no database is asked'))),
    secrets: { resolve: async () => ({ value: 'x' }) },
    endpoints: defaultEndpointSettings,
    log: silent,
    ...clocksAt(() => now),
    ...(hasCommands && { hostReach }),
  }
  const results: ItemResult[] = []
  const messages = [messageOf(definition)]
  for (let next = messages.shift(); next; next = messages.shift()) {
    for await (const sent of runCheck(deps, next)) {
      if (sent.queue === 'checks') messages.push(...sent.messages)
      else for (const each of sent.messages) if (each.kind === 'result') results.push(each.result)
    }
    now += 2000
  }
  const endings = results.map(({ checkItem, status, reason, vantage }) => [
    checkItem,
    status,
    reason?.code ?? null,
    vantage,
  ])
  return { startLook, readLook, results, endings }
}

describe('the items of the host', () => {
  it('are asked by one command, and judged each by itself', async () => {
    const { startLook, readLook, endings } = await deliver({ host: windowsHost }, [
      { pending: true },
      answering(),
    ])
    expect(startLook).toHaveBeenCalledTimes(1)
    expect(readLook).toHaveBeenCalledTimes(2)
    const [look] = startLook.mock.calls[0] ?? []
    expect(look?.asks.map(({ part }) => part)).toEqual(['volumes', 'client', 'clock', 'writers'])
    expect(look).toMatchObject({
      host: { ecsInstanceId: windowsHost.ecsInstanceId, platform: 'windows', region: 'cn-hangzhou' },
      asks: [{ paths: windowsHost.volumes }, {}, {}, {}],
    })
    expect(endings).toEqual([
      ['HOST_DISK_SPACE', 'passed', null, 'instance'],
      ['BACKUP_CLIENT', 'passed', null, 'instance'],
      ['CLOCK_SKEW', 'passed', null, 'instance'],
      ['VSS_WRITERS', 'error', 'HOST_PART_UNANSWERED', 'instance'],
    ])
  })

  it('that do not apply to the host are over at once, and the others asked', async () => {
    const { startLook, endings } = await deliver({ host: linuxHost }, [answering()])
    expect(startLook.mock.calls[0]?.[0].asks.map(({ part }) => part)).toEqual(['volumes', 'client', 'clock'])
    expect(endings).toEqual([
      ['VSS_WRITERS', 'skipped', 'NOT_APPLICABLE', 'checker'],
      ['HOST_DISK_SPACE', 'passed', null, 'instance'],
      ['BACKUP_CLIENT', 'passed', null, 'instance'],
      ['CLOCK_SKEW', 'passed', null, 'instance'],
    ])
  })

  it('leave out the client and the clock of an instance that needs neither', async () => {
    const { startLook, endings } = await deliver({ host: linuxHost, profile: 'native' }, [answering()])
    expect(startLook.mock.calls[0]?.[0].asks).toEqual([{ part: 'volumes', paths: linuxHost.volumes }])
    expect(endings.map(([, status]) => status)).toEqual(['skipped', 'skipped', 'skipped', 'passed'])
  })

  it('do not apply without a host, and ask nobody', async () => {
    const { startLook, endings } = await deliver({}, [])
    expect(startLook).not.toHaveBeenCalled()
    expect(endings).toEqual(items.map((id) => [id, 'skipped', 'NOT_APPLICABLE', 'checker']))
  })

  it('are never green where no commands are run', async () => {
    const { startLook, endings } = await deliver({ host: windowsHost }, [], false)
    expect(startLook).not.toHaveBeenCalled()
    expect(endings).toEqual(items.map((id) => [id, 'error', 'COMMANDS_NOT_RUN', 'checker']))
  })

  it('are all undetermined when the command gives no answer', async () => {
    const problem = { code: 'CLOUD_ASSISTANT_OFFLINE', params: { ecsInstanceId: 'i-x', cause: 'x' } }
    const { results } = await deliver({ host: windowsHost }, [{ problem }])
    expect(results.map(({ checkItem, status, reason }) => [checkItem, status, reason])).toEqual(
      items.map((id) => [id, 'error', problem]),
    )
  })

  it('are all timed_out when the command goes on for longer than the precheck', async () => {
    const { endings } = await deliver({ host: windowsHost }, [])
    expect(endings).toEqual(items.map((id) => [id, 'timed_out', 'COMMAND_TIMED_OUT', 'instance']))
  })

  it('judge no answer of another shape, and the others by themselves', async () => {
    const { endings } = await deliver({ host: linuxHost }, [answering({ client: { answer: [] } })])
    expect(endings.slice(1).map(([, status, reason]) => [status, reason])).toEqual([
      ['passed', null],
      ['error', 'UNEXPECTED_ANSWER'],
      ['passed', null],
    ])
  })
})

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { GateView } from '../../functions/api/views/gate-view.ts'
import { checksFor } from '../../shared/checks/catalogue.ts'
import type { Question } from '../../shared/checks/framework/question.ts'
import type { FanOut } from '../../shared/model/fan-out.ts'
import type { CheckMessage, ResultMessage } from '../../shared/model/queue-messages.ts'
import { demoPassword } from '../demo/scenes.ts'
import type { Disturbance, Push } from '../emulators/fc/queue-trigger.ts'
import { sqlServerFacts } from '../support/facts/sqlserver.ts'
import { gate } from '../support/gate.ts'
import { runsAll, someOf, stride } from '../support/property-runs.ts'
import { type Answer, type Service, type StartService, ask } from '../support/service.ts'
import { type StandInEngine, type StandIns, startStandIns } from '../support/stand-ins.ts'
import type { Moment } from '../support/strikes.ts'

/** Every instance logs in under a name of its own here, which no stand-in has among its accounts. */
const ofAccounts = (engine: StandInEngine): string[] =>
  checksFor(engine).flatMap(({ id }) => (id.endsWith('_ACCOUNT_EXPIRY') ? [id] : []))

const checksOf = (engine: StandInEngine) =>
  checksFor(engine).filter(({ id, set }) => set !== 'deep' && !ofAccounts(engine).includes(id))

const items = checksOf('oracle').map(({ id }) => id)

/** Items that are asked by a probe; those of the memory are judged where results are collected. */
const probedBy = (engine: StandInEngine, ...probes: readonly Question['probe'][]): readonly string[] =>
  checksOf(engine).flatMap(({ id, question }) => (probes.includes(question.probe) ? [id] : []))

/** How many results are sent for a precheck of Oracle. */
const sent = probedBy('oracle', 'https', 'host', 'oracle').length

const allOf = (ids: readonly string[], status: string) => Object.fromEntries(ids.map((id) => [id, status]))

/** Invocations that log in where the items travel apart: those beyond the essential ones may share one. */
const loginsApart = (engine: StandInEngine, fanOut: FanOut): number => {
  const own = checksOf(engine).filter(({ question }) => question.probe === engine)
  const essential = own.filter(({ set }) => set === 'essential').length
  return { item: own.length, essential: essential + 1, session: 1 }[fanOut]
}

/** How a precheck of the Oracle stand-in, which names no ECS host, ends when nothing goes wrong on its way. */
const rightItems = {
  ...allOf(items, 'passed'),
  ...allOf(probedBy('oracle', 'host'), 'skipped'),
  ARCHIVELOG: 'failed',
}

const statuses = ({ json }: Answer): Record<string, string> =>
  Object.fromEntries(json.items.map((item) => [item.checkItem, item.status]))

const isResult = (body: string): boolean => body.includes('"kind":"result"')

/** Everything comes three times, at once and once more after that. */
const triplicate: Disturbance = (push) => async (bodies) => {
  await Promise.all([push(bodies), push(bodies)])
  await push(bodies)
}

/** What a message is about: an item that runs again has another result, which is still the result of that item. */
const subjectOf = (body: string): string => {
  const message = JSON.parse(body) as Partial<CheckMessage & Extract<ResultMessage, { kind: 'result' }>>
  const { precheckId, kind, checkItem, result } = message
  return [precheckId, kind, checkItem, result?.checkItem].join(' ')
}

/** Of every message the first delivery is lost, the second one once it has been dealt with; the third one is kept. */
const losing = (): Disturbance => {
  const deliveries = new Map<string, number>()
  return (push) => async (bodies) => {
    const key = bodies.map(subjectOf).join()
    const delivery = (deliveries.get(key) ?? 0) + 1
    deliveries.set(key, delivery)
    if (delivery > 1) await push(bodies)
    if (delivery < 3) throw new Error(`delivery ${delivery} is lost`)
  }
}

/** Results come one by one, in the reverse of the order in which they were sent. What is held back holds up nothing. */
const reverse = (count: number): Disturbance => {
  const held: string[] = []
  return (push) => async (bodies) => {
    const results = bodies.filter(isResult)
    if (results.length === 0) return push(bodies)
    held.push(...results)
    if (held.length < count) return
    for (const body of held.reverse()) await push([body])
  }
}

/** A service with the stand-ins that it looks at, and short ways to ask it for something. */
const useService = (start: (standIns: StandIns) => Promise<Service>) => {
  let standIns: StandIns
  let service: Service
  let instances = 0

  beforeAll(async () => {
    standIns = await startStandIns()
    service = await start(standIns)
  })
  afterAll(async () => {
    await service.close()
    await standIns.close()
  })
  afterEach(() => {
    standIns.fix()
    service.disturb((push) => push)
    service.strikes.plan(0, 'before')
  })

  const call = (method: string, path: string, request?: Parameters<typeof ask>[3]) =>
    ask(service, method, path, request)
  const run = (id: string, request: Parameters<typeof ask>[3] = { headers: { prefer: 'wait=60' } }) =>
    call('POST', `/v1/instances/${id}/prechecks`, request)
  const read = (precheckId: string) => call('GET', `/v1/prechecks/${precheckId}`)

  return {
    call,
    run,
    read,
    register: async (engine: StandInEngine = 'oracle', changes: object = {}): Promise<string> => {
      instances += 1
      const id = `flow-${instances}`
      const definition = standIns.definitionOf(engine, service.passwordReference)
      const credential = { ...definition.connection.credential, username: id }
      const without = ofAccounts(engine)
      const body = {
        ...definition,
        connection: { ...definition.connection, credential },
        checks: { set: 'standard', ...(without.length > 0 && { exclude: without }) },
        ...changes,
      }
      expect((await call('PUT', `/v1/instances/${id}`, { body })).status).toBe(201)
      return id
    },
    last: (id: string) => call('GET', `/v1/instances/${id}/prechecks/last`),
    historyOf: async (id: string): Promise<string[]> =>
      (await call('GET', `/v1/instances/${id}/prechecks`)).json.items.map((item) => item.id),
    untilEnded: (precheckId: string) =>
      expect.poll(async () => (await read(precheckId)).json.state).toBe('completed'),
    disturb: (disturbance: Disturbance) => service.disturb(disturbance),
    heal: () => standIns.heal(),
    become: (states: Parameters<StandIns['become']>[0]) => standIns.become(states),
    refuseLogins: () => standIns.refuseLogins(),
    /** Logins for an instance: messages of others may still come again. */
    loginsFor: (id: string, engine: StandInEngine) => {
      const { oracle, sqlServer, mysql } = standIns
      const { seen } = { oracle, sqlserver: sqlServer, mysql }[engine]
      return seen.logins.filter((login) => login.split(' ')[0] === id).length
    },
    hangOracle: () => standIns.oracle.setScenario({ login: () => 'hang', answer: () => undefined }),
    /** Has `check` start prechecks whose collector dies at its first write, then at its second one, until one lives through them all. */
    atEveryWrite: async (moment: Moment, check: () => Promise<void>): Promise<number> => {
      for (let write = 1; ; write += stride(8)) {
        service.strikes.plan(write, moment)
        await check()
        if (!service.strikes.isStruck()) return write - 1
      }
    },
  }
}

const engines = ['oracle', 'sqlserver', 'mysql'] as const
const moments = ['before', 'after'] as const

/**
 * What the whole service does behind its REST API, whatever ports it stands on, and whatever happens on the way.
 * `isSecond`: a short run leaves out what others have shown of the same code by then.
 */
export const flowContract = (name: string, start: StartService, fanOut: FanOut, isSecond = false): void => {
  const onOnePort = isSecond && !runsAll ? it.skip : it
  describe(`the service on ${name}`, () => {
    const {
      call,
      run,
      read,
      register,
      last,
      historyOf,
      untilEnded,
      disturb,
      atEveryWrite,
      heal,
      become,
      refuseLogins,
      loginsFor,
    } = useService(() => start({ password: demoPassword }))

    /** A precheck ended once, as it should, in time, and is the last result. */
    const expectRight = async (id: string, { json: started }: Answer): Promise<void> => {
      const ended = await read(started.id)
      expect([ended.json.state, ended.json.outcome, statuses(ended)]).toEqual([
        'completed',
        'failed',
        rightItems,
      ])
      expect(Date.parse(ended.json.completedAt)).toBeLessThan(Date.parse(ended.json.deadlineAt))
      expect((await last(id)).json).toEqual(ended.json)
      expect(await historyOf(id)).toEqual([started.id])
    }

    it.each(isSecond ? someOf(engines, 1) : engines)(
      'leads from a new %s to its readiness',
      async (engine) => {
        const id = await register(engine)
        const full = await run(id)
        expect([full.status, full.json.state, full.json.outcome]).toEqual([200, 'completed', 'failed'])
        expect(full.json.progress.completed).toBe(full.json.progress.total)
        const partial = await run(id, {
          headers: { prefer: 'wait=60' },
          body: { checkItems: ['SERVICE_CONNECTIVITY'] },
        })
        expect([partial.json.scope, partial.json.outcome]).toEqual(['partial', 'passed'])

        expect((await last(id)).json).toEqual(full.json)
        expect(await historyOf(id)).toEqual([partial.json.id, full.json.id])
        const readiness = await call('GET', `/v1/instances/${id}/readiness?operation=full`)
        // One of several databases of SQL Server is broken; without ARCHIVELOG nothing of Oracle can be backed up. A
        // MySQL without a binary log can, but for its log.
        const expected = { sqlserver: 'degraded', oracle: 'blocked', mysql: 'ready' }
        expect(readiness.json.verdict).toBe(expected[engine])
        const script = await call('GET', `/v1/prechecks/${full.json.id}/remediation.sql`)
        expect(script.text).toMatch(engine === 'mysql' ? /log_bin = binlog/ : /^ALTER DATABASE /m)
      },
    )

    onOnePort.each(['sqlserver', 'oracle'] as const)(
      'passes a healthy %s that its own tools back up, without asking Alibaba Cloud anything',
      async (engine) => {
        heal()
        const id = await register(engine, { profile: 'native', endpoints: undefined })
        const ended = await run(id)
        const { json } = ended
        expect(statuses(ended)).toEqual({
          ...allOf(probedBy(engine, engine, 'memory'), 'passed'),
          ...allOf(probedBy(engine, 'https', 'host'), 'skipped'),
        })
        expect([json.outcome, json.progress.completed]).toEqual(['passed', json.progress.total])
        const { full, restore } = json.readiness.instance
        expect([full.verdict, restore.verdict]).toEqual(['ready', 'ready'])
      },
    )

    it('runs one precheck of an instance at a time, and knows a repeated request', async () => {
      const checks = gate()
      disturb((push) => async (bodies) => {
        await checks.opened
        await push(bodies)
      })
      const id = await register()
      const nightly = { headers: { 'idempotency-key': 'nightly' } }
      const first = await run(id, nightly)
      expect([first.status, first.json.progress]).toEqual([202, { completed: 0, total: items.length }])
      const [other, same, another] = await Promise.all([
        run(id, {}),
        run(id, nightly),
        run(id, { ...nightly, body: { checkItems: ['ARCHIVELOG'] } }),
      ])
      expect([other.status, other.json.precheckId]).toEqual([409, first.json.id])
      expect([same.status, same.json.id]).toEqual([202, first.json.id])
      expect([another.status, another.json.code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED'])
      checks.open()
      await untilEnded(first.json.id)
      expect((await run(id, nightly)).json.id).toBe(first.json.id)
      await expectRight(id, first)
    })

    onOnePort(
      'lets jobs that ask at the same time share one precheck, and does not take their own backup for a risk',
      async () => {
        const { conditions } = sqlServerFacts({})
        become({
          sqlServer: { conditions: conditions?.map((row) => ({ ...row, running_backups: 1 })) ?? null },
        })
        const id = await register('sqlserver', { profile: 'native' })
        const strict = { appliesTo: { tags: { gate: name } }, gate: { warnings: 'deny' } }
        await call('PUT', '/v1/policies/strict', { body: strict })
        await call('PATCH', `/v1/instances/${id}`, { body: { tags: { gate: name } } })
        const job = async (operation: string) => {
          const body = { instanceId: id, operation, maxAgeSeconds: 600, wait: 60 }
          return GateView.parse((await call('POST', '/v1/gates', { body })).json)
        }
        const jobs = await Promise.all(['full', 'full', 'log', 'restore'].map(job))
        const [full] = jobs
        expect(jobs.map(({ precheckId }) => precheckId)).toEqual(jobs.map(() => full?.precheckId))
        expect(await historyOf(id)).toEqual([full?.precheckId])
        expect(full).toMatchObject({ decision: 'allow', proceed: true, reasons: [] })
        const { json } = await call('GET', `/v1/instances/${id}/readiness?operation=full`)
        expect(json.verdict).toBe('degraded')
        await call('DELETE', '/v1/policies/strict')
      },
    )

    it('ends a precheck once and right, when every message comes three times', async () => {
      disturb(triplicate)
      const id = await register()
      await expectRight(id, await run(id))
    })

    it('ends a precheck once and right, when every message is lost before it was dealt with, and then after', async () => {
      disturb(losing())
      const id = await register()
      await expectRight(id, await run(id))
    })

    it.each(['sqlserver', 'oracle'] as const)(
      'logs in to %s once for a session, and once for each item apart',
      async (engine) => {
        const id = await register(engine)
        const ended = await run(id)
        expect(ended.json.state).toBe('completed')
        expect(loginsFor(id, engine)).toBe(loginsApart(engine, fanOut))
      },
    )

    it.each(['sqlserver', 'oracle'] as const)(
      'sends a wrong password to %s once, and says so of every item that wanted to log in',
      async (engine) => {
        refuseLogins()
        const id = await register(engine)
        const { json } = await run(id)
        expect(loginsFor(id, engine)).toBe(1)
        const refused = json.items.filter(
          (item: { reason: { code: string } | null }) => item.reason?.code === 'LOGIN_FAILED',
        )
        expect(refused.map(({ checkItem }) => checkItem)).toEqual(probedBy(engine, engine))
        expect(json.outcome).toBe('inconclusive')
      },
    )

    it('ends a precheck once and right, when results come in another order', async () => {
      disturb(reverse(sent))
      const id = await register()
      await expectRight(id, await run(id))
    })

    it.each(isSecond ? someOf(moments, 1) : moments)(
      'ends a precheck once and right, when its collector dies %s any of its writes',
      async (moment) => {
        const deaths = await atEveryWrite(moment, async () => {
          const id = await register()
          await expectRight(id, await run(id))
        })
        expect(deaths).toBeGreaterThan(0)
      },
    )
  })
}

/**
 * A service whose deadline leaves room for a precheck that nothing hinders: 2 s, and more on a machine that is busy. By
 * then its functions have been started.
 */
const startWithRoom = async (
  start: StartService,
  standIns: StandIns,
  deadlineSeconds = 2,
): Promise<Service> => {
  const service = await start({ password: demoPassword, deadlineSeconds })
  const body = standIns.definitionOf('oracle', service.passwordReference)
  await ask(service, 'PUT', '/v1/instances/control', { body })
  const precheck = async (): Promise<number> => {
    const from = performance.now()
    await ask(service, 'POST', '/v1/instances/control/prechecks', { headers: { prefer: 'wait=60' } })
    return performance.now() - from
  }
  await precheck()
  if ((await precheck()) < deadlineSeconds * 250) return service
  await service.close()
  return startWithRoom(start, standIns, deadlineSeconds * 2)
}

/** What it does at the deadline of a precheck, and when collectors fall behind that far. */
export const deadlineContract = (name: string, start: StartService): void => {
  describe(`the service on ${name}, at the deadline`, () => {
    const { run, read, register, last, historyOf, untilEnded, disturb, hangOracle, atEveryWrite } =
      useService((standIns) => startWithRoom(start, standIns))

    /** How long after its deadline it ended, as a part of the time that it had. */
    const overrun = ({ json }: Answer): number =>
      (Date.parse(json.completedAt) - Date.parse(json.deadlineAt)) /
      (Date.parse(json.deadlineAt) - Date.parse(json.startedAt))

    it('ends with what it has, when a server hangs', async () => {
      hangOracle()
      const id = await register()
      const ended = await run(id)
      expect([ended.json.outcome, statuses(ended)]).toEqual([
        'inconclusive',
        {
          ...rightItems,
          ...allOf(probedBy('oracle', 'oracle'), 'timed_out'),
          // They need what these would have seen.
          ...allOf(probedBy('oracle', 'memory'), 'skipped'),
        },
      ])
      expect(overrun(ended)).toBeLessThan(0.75)
    })

    it('ends without the results that come after it, and changes nothing when they do', async () => {
      const late = gate()
      const through: string[] = []
      const pass = async (push: Push, bodies: readonly string[]) => {
        await push(bodies)
        through.push(...bodies)
      }
      disturb((push) => async (bodies) => {
        if (bodies.some(isResult)) void late.opened.then(() => pass(push, bodies))
        else await pass(push, bodies)
      })
      const id = await register()
      const ended = await run(id)
      expect(new Set(Object.values(statuses(ended)))).toEqual(new Set(['timed_out']))
      expect(overrun(ended)).toBeLessThan(0.75)
      late.open()
      await expect.poll(() => through.filter(isResult).length).toBe(sent)
      expect((await read(ended.json.id)).json).toEqual(ended.json)
      expect((await last(id)).json).toEqual(ended.json)
      expect(await historyOf(id)).toEqual([ended.json.id])
    })

    /** Starts another precheck as soon as the one that runs lets it. */
    const startNext = async (id: string): Promise<string> => {
      let next = ''
      await expect
        .poll(async () => {
          const { status, json } = await run(id, {})
          next = json.id
          return status
        })
        .toBe(202)
      return next
    }

    it('never goes back to an older last result, when a collector that died is replaced late', async () => {
      await atEveryWrite('after', async () => {
        const late = gate()
        let held = 0
        disturb((push) => async (bodies) => {
          try {
            await push(bodies)
          } catch {
            held += 1
            void late.opened.then(() => push(bodies)).then(() => (held -= 1))
          }
        })
        const id = await register()
        const older = (await run(id, {})).json.id
        const newer = await startNext(id)
        await untilEnded(newer)
        expect((await last(id)).json.id).toBe(newer)
        late.open()
        await untilEnded(older)
        await expect.poll(() => held).toBe(0)
        expect((await last(id)).json.id).toBe(newer)
        expect(await historyOf(id)).toEqual([newer, older])
      })
    })
  })
}

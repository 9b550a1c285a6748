import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { checksFor } from '../../../../shared/checks/catalogue.ts'
import { defaultEndpointSettings } from '../../../../shared/checks/connectivity/endpoints.ts'
import type { Problem } from '../../../../shared/checks/problems/problem.ts'
import { runCheck } from '../../../../shared/flows/prechecks/run-check.ts'
import type { Engine } from '../../../../shared/model/engine.ts'
import type { ItemResult } from '../../../../shared/model/item-result.ts'
import { CheckMessage } from '../../../../shared/model/queue-messages.ts'
import type { DatabaseProbe, StatementOutcome } from '../../../../shared/ports/probe.ts'
import { jsonLog } from '../../../../shared/runtime/log.ts'
import { answersOf } from '../../../emulators/oracle/catalogue-answers.ts'
import { definitionOf } from '../../../support/context.ts'
import { databaseProbes } from '../../../support/database-probes.ts'
import { clocksAt } from '../../../support/clocks.ts'

const started = Date.parse('2026-11-21T02:00:00Z')
const items = ['ORACLE_INSTANCE_STATUS', 'ORACLE_DB_STATUS', 'ARCHIVELOG'] as const
const [lead, ...others] = items
const queriesOf = (id: string) => {
  const question = checksFor('oracle').find((check) => check.id === id)?.question
  return question?.probe === 'oracle' ? Object.values(question.queries).map(({ sql }) => sql) : []
}
/** True for a statement without which an item cannot be judged at all. */
const isRequiredBy = (id: string, wanted: string): boolean => {
  const question = checksFor('oracle').find((check) => check.id === id)?.question
  const queries = question?.probe === 'oracle' ? Object.values(question.queries) : []
  return queries.some(({ sql, optional }) => sql === wanted && !optional)
}
const timedOut: Problem = { code: 'QUERY_TIMED_OUT', params: { host: 'db', port: 1521, afterMs: 1 } }
const refusedLogin: Problem = { code: 'LOGIN_FAILED', params: { user: 'precheck' } }

const messageOf = (changes: Partial<CheckMessage> = {}): CheckMessage =>
  CheckMessage.parse({
    precheckId: `pc_${'0'.repeat(32)}`,
    checkItem: lead,
    target: { instanceId: 'db1', definition: definitionOf('oracle') },
    limitMs: 20_000,
    deadlineAt: new Date(started + 60_000).toISOString(),
    ...changes,
  })

const healthy = (sql: string): StatementOutcome => {
  const answer = answersOf({})(sql)
  if (!answer || !('rows' in answer)) throw new Error(`no answer to ${sql}`)
  const { columns, rows } = answer
  return {
    rows: rows.map((row) =>
      Object.fromEntries(
        columns.map(({ name }, at) => [name.toLowerCase(), (row[at] ?? null) as string | number | null]),
      ),
    ),
  }
}

/** A healthy Oracle with a clock; `outcomeOf` and `loginProblem` say what is otherwise. */
const world = ({
  outcomeOf = healthy,
  loginProblem = null as Problem | null,
  statementMs = 10,
  resets = 0,
  resetMs = 0,
} = {}) => {
  const lines: string[] = []
  const asked: { readonly sql: string; readonly limitMs: number }[] = []
  const seen = { logins: 0, closed: 0 }
  let answered = 0
  let now = started
  const database: DatabaseProbe<Engine> = async () => {
    seen.logins += 1
    if (seen.logins <= resets) {
      now += resetMs
      return { problem: { code: 'LOGIN_INTERRUPTED', params: {} }, isUnheard: true }
    }
    if (loginProblem) return { problem: loginProblem }
    return {
      session: {
        ask: async (sql: string, limitMs: number) => {
          asked.push({ sql, limitMs })
          now += Math.min(statementMs, limitMs)
          await nextTurn()
          answered += 1
          return outcomeOf(sql)
        },
        close: async () => {
          seen.closed += 1
        },
      },
    }
  }
  const deps = {
    probes: {
      databases: databaseProbes(() => database),
      https: () => Promise.reject(new Error('not asked')),
    },
    secrets: { resolve: async () => ({ value: 'the password' }) },
    endpoints: defaultEndpointSettings,
    log: jsonLog('debug', (line) => lines.push(line)),
    ...clocksAt(() => now),
  }
  const run = async (message: CheckMessage) => {
    const results: ItemResult[] = []
    const messages: CheckMessage[] = []
    const order: string[] = []
    const ahead: number[] = []
    for await (const outgoing of runCheck(deps, message)) {
      if (outgoing.queue === 'checks') messages.push(...outgoing.messages)
      else for (const sent of outgoing.messages) if (sent.kind === 'result') results.push(sent.result)
      order.push(`${outgoing.queue} after ${answered}`)
      ahead.push(asked.length - answered)
    }
    return {
      results,
      messages,
      order,
      ahead,
      ends: results.map(({ checkItem, status, reason }) => [checkItem, status, reason?.code]),
    }
  }
  return { deps, run, asked, seen, lines }
}

describe('a first connection that is reset before the server has said anything', () => {
  const message = messageOf({ together: [...others] })
  const saidOf = (results: readonly ItemResult[]) => results.map(({ retried }) => retried?.code)

  it('is made once more, and the first item says so', async () => {
    const { run, seen } = world({ resets: 1 })
    const { results, ends } = await run(message)
    expect(seen.logins).toBe(2)
    expect(ends).toEqual(items.map((id) => [id, 'passed', undefined]))
    expect(saidOf(results)).toEqual(['SECOND_ANSWERED', undefined, undefined])
  })

  it('is made twice at most', async () => {
    const { run, seen } = world({ resets: 3 })
    const { results } = await run(message)
    expect(seen.logins).toBe(2)
    expect(saidOf(results)).toEqual(items.map(() => 'SECOND_FAILED'))
  })

  it('is made once where the time is nearly over', async () => {
    const { run, seen } = world({ resets: 1, resetMs: 19_000 })
    const { ends } = await run(message)
    expect(seen.logins).toBe(1)
    expect(ends).toEqual(items.map((id) => [id, 'error', 'LOGIN_INTERRUPTED']))
  })
})

describe('the lead of a precheck whose items travel alone', () => {
  const message = messageOf({ followers: [...others] })

  it('has the others sent as soon as it has reached the database, before it asks anything', async () => {
    const { run, asked } = world()
    const { messages, order, ends } = await run(message)
    expect(order[0]).toBe('checks after 0')
    expect(messages).toEqual(others.map((checkItem) => ({ ...messageOf(), checkItem })))
    expect(ends).toEqual([[lead, 'passed', undefined]])
    expect(asked.map(({ sql }) => sql)).toEqual(queriesOf(lead))
  })

  it('has those that are asked together sent as one message', async () => {
    const [first, ...rest] = others
    const { messages } = await world().run(messageOf({ followersTogether: [...others] }))
    expect(messages).toEqual([{ ...messageOf(), checkItem: first, together: rest }])
    const alone = await world().run(messageOf({ followersTogether: others.slice(0, 1) }))
    expect(alone.messages).toEqual([{ ...messageOf(), checkItem: first }])
  })

  it('judges the connection problem for those as well', async () => {
    const { run } = world({ loginProblem: refusedLogin })
    const { messages, ends } = await run(messageOf({ followersTogether: [...others] }))
    expect(ends).toEqual(items.map((id) => [id, 'error', 'LOGIN_FAILED']))
    expect(messages).toEqual([])
  })

  it('ends the items of a host that nobody has registered, whatever comes of the login', async () => {
    const ofHost = checksFor('oracle')
      .filter(({ question }) => question.probe === 'host')
      .map(({ id }) => id)
    const withHost = { ...message, together: ofHost }
    const reached = await world().run(withHost)
    expect(reached.messages).toEqual(others.map((checkItem) => ({ ...messageOf(), checkItem })))
    expect(reached.ends).toEqual([
      [lead, 'passed', undefined],
      ...ofHost.map((id) => [id, 'skipped', 'NOT_APPLICABLE']),
    ])
    const { ends } = await world({ loginProblem: refusedLogin }).run(withHost)
    expect(ends.filter(([id]) => ofHost.some((own) => own === id))).toEqual(
      ofHost.map((id) => [id, 'skipped', 'NOT_APPLICABLE']),
    )
  })

  it('judges the connection problem for all of them, after one login, and has nothing sent', async () => {
    const { run, seen } = world({ loginProblem: refusedLogin })
    const { messages, ends } = await run(message)
    expect(ends).toEqual(items.map((id) => [id, 'error', 'LOGIN_FAILED']))
    expect([messages, seen.logins]).toEqual([[], 1])
  })

  it('leaves a problem that it claims to itself, and has the others skipped in its favour', async () => {
    const { run } = world({ loginProblem: { code: 'ORACLE_INSTANCE_NOT_OPEN', params: {} } })
    const { ends } = await run(message)
    expect(ends).toEqual([
      [lead, 'failed', undefined],
      ...others.map((id) => [id, 'skipped', 'DEPENDENCY_NOT_PASSED']),
    ])
  })
})

describe('a session', () => {
  const message = messageOf({ together: [...others] })
  const sharedBy = (count: number) =>
    [...new Set(items.flatMap(queriesOf))].filter(
      (sql) => items.filter((id) => queriesOf(id).includes(sql)).length === count,
    )

  it('logs in once, asks each statement once, and gives every result as soon as its statements are in', async () => {
    const { run, asked, seen } = world()
    const { ends, order, ahead } = await run(message)
    expect(ends).toEqual(items.map((id) => [id, 'passed', undefined]))
    expect(asked.map(({ sql }) => sql)).toEqual([...new Set(items.flatMap(queriesOf))])
    expect(sharedBy(2).length).toBeGreaterThan(0)
    const known = items.map((_, at) => new Set(items.slice(0, at + 1).flatMap(queriesOf)).size)
    expect(order).toEqual(known.map((count) => `results after ${count}`))
    // The server has the first statement of the next item by then.
    expect(ahead).toEqual([1, 1, 0])
    expect(seen).toEqual({ logins: 1, closed: 1 })
  })

  it.each([
    [
      'refused',
      { refused: { code: 'PRIVILEGE_MISSING', params: { user: 'precheck', detail: 'x' } } },
      'error',
    ],
    ['failed', { problem: { code: 'QUERY_FAILED', params: { number: 1, detail: 'x' } } }, 'error'],
    ['slow', { problem: timedOut }, 'timed_out'],
  ] as const)('leaves only the items undetermined that need a %s statement', async (_, outcome, status) => {
    for (const sql of new Set(items.flatMap(queriesOf))) {
      const { run } = world({ outcomeOf: (asked) => (asked === sql ? outcome : healthy(asked)) })
      const { results } = await run(message)
      for (const { checkItem, status: ended } of results) {
        if (isRequiredBy(checkItem, sql)) expect(ended, `${checkItem} without ${sql}`).toBe(status)
        if (!queriesOf(checkItem).includes(sql)) expect(ended, `${checkItem} without ${sql}`).toBe('passed')
      }
      const undetermined = results.filter(({ reason }) => reason !== null)
      expect(undetermined.map((result) => result.status)).toEqual(undetermined.map(() => status))
    }
  })

  it('ends all that is left as timed_out when the server answers no more', async () => {
    const [first] = queriesOf('ORACLE_DB_STATUS')
    let isSilent = false
    const { run, seen } = world({
      outcomeOf: (sql) => {
        isSilent ||= sql === first
        return isSilent ? { problem: timedOut } : healthy(sql)
      },
    })
    const { ends } = await run(message)
    expect(ends).toEqual([
      [lead, 'passed', undefined],
      ['ORACLE_DB_STATUS', 'timed_out', 'QUERY_TIMED_OUT'],
      ['ARCHIVELOG', 'timed_out', 'QUERY_TIMED_OUT'],
    ])
    expect(seen.logins).toBe(1)
  })

  it('lasts until five seconds before the deadline, and each statement as long as an item may', async () => {
    const { run, asked } = world({ statementMs: 19_750 })
    const { ends } = await run(message)
    expect(asked.map(({ limitMs }) => limitMs)).toEqual([19_750, 19_750, 15_500])
    expect(ends).toEqual([
      [lead, 'passed', undefined],
      ...others.map((id) => [id, 'timed_out', 'NO_TIME_LEFT']),
    ])
  })

  it('judges the connection problem for all of its items after one login', async () => {
    const { run, seen } = world({ loginProblem: refusedLogin })
    expect((await run(message)).ends).toEqual(items.map((id) => [id, 'error', 'LOGIN_FAILED']))
    expect(seen).toEqual({ logins: 1, closed: 0 })
  })

  it('asks nothing when the deadline is too near', async () => {
    const { run, seen } = world()
    const { ends } = await run({ ...message, deadlineAt: new Date(started + 900).toISOString() })
    expect(ends).toEqual(items.map((id) => [id, 'timed_out', 'NO_TIME_LEFT']))
    expect(seen.logins).toBe(0)
  })

  it('is closed when what it gave could not be sent', async () => {
    const { deps, seen } = world()
    const sending = async () => {
      for await (const _ of runCheck(deps, message)) throw new Error('disk full')
    }
    await expect(sending()).rejects.toThrow('disk full')
    expect(seen).toEqual({ logins: 1, closed: 1 })
  })

  it('logs the start and the end of every item, with its ids, its status and its time, and no secret', async () => {
    const { run, lines } = world()
    await run(message)
    const events = lines.map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(events.map(({ event, checkItem }) => [event, checkItem])).toEqual([
      ...items.map((id) => ['check-item.started', id]),
      ...items.map((id) => ['check-item.completed', id]),
    ])
    expect(events.at(-1)).toMatchObject({
      precheck: message.precheckId,
      instance: 'db1',
      status: 'passed',
      ms: expect.any(Number),
    })
    expect(lines.join('')).not.toContain('the password')
  })
})

it('a message of another version is refused, for the queue to keep', async () => {
  await expect(world().run(messageOf({ checkItem: 'NOT_YET_KNOWN' }))).rejects.toThrow('different versions')
})

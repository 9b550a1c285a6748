import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { RunningPrecheck } from '../../shared/model/precheck.ts'
import type { CheckMessage } from '../../shared/model/queue-messages.ts'
import type { BeginPrecheck, Results } from '../../shared/ports/results.ts'
import { definitionOf } from '../support/context.ts'

/** What was sent and not taken yet. `delaySeconds`: until it may be delivered. */
export interface SentMessage {
  readonly message: unknown
  readonly delaySeconds: number
}

/** Beginnings under contract. */
export interface BeginUnderTest {
  readonly begin: BeginPrecheck
  readonly results: Pick<Results, 'get'>
  /** Messages of check items. */
  readonly checks: () => Promise<readonly SentMessage[]>
  /** Messages for the collector. */
  readonly deadlines: () => Promise<readonly SentMessage[]>
  readonly close: () => Promise<void>
}

const startedAt = '2026-11-21T02:00:00.000Z'
const deadlineAt = '2026-11-21T02:01:00.000Z'

const precheckOf = (digit: string, instanceId: string): RunningPrecheck => ({
  state: 'running',
  id: `pc_${digit.repeat(32)}`,
  instanceId,
  engine: 'oracle',
  region: 'cn-hangzhou',
  profile: 'cloud-backup',
  operations: ['full'],
  trigger: 'request',
  scope: 'full',
  checkItems: [{ checkItem: 'ARCHIVELOG', affects: ['full'] }],
  results: [],
  startedAt,
  deadlineAt,
})

const messageOf = ({ id, instanceId }: RunningPrecheck): CheckMessage => ({
  precheckId: id,
  checkItem: 'ARCHIVELOG',
  target: { instanceId, definition: definitionOf('oracle') },
  limitMs: 1000,
  deadlineAt,
})

/** What begins prechecks does, whatever it stands on. */
export const beginContract = (name: string, open: () => Promise<BeginUnderTest>): void => {
  describe(`the beginning of a precheck on ${name}`, () => {
    let tested: BeginUnderTest

    beforeEach(async () => {
      tested = await open()
    })
    afterEach(() => tested.close())

    const begin = (precheck: RunningPrecheck, delaySeconds = 0) =>
      tested.begin({
        precheck,
        request: null,
        checks: [messageOf(precheck)],
        delaySeconds,
        deadlineSeconds: 60,
      })

    it('writes the precheck and sends its messages, each with its delay', async () => {
      const precheck = precheckOf('1', 'a')
      expect(await begin(precheck, 7)).toEqual({ kind: 'created' })
      expect(await tested.results.get(precheck.id)).toEqual({ precheck, revision: 1 })
      expect(await tested.checks()).toEqual([{ message: messageOf(precheck), delaySeconds: 7 }])
      const message = { kind: 'deadline', precheckId: precheck.id }
      expect(await tested.deadlines()).toEqual([{ message, delaySeconds: 60 }])
    })

    it('asks nothing of an instance of which a precheck is running', async () => {
      const first = precheckOf('1', 'a')
      const second = precheckOf('2', 'a')
      await begin(first)
      expect(await begin(second)).toEqual({ kind: 'running', precheckId: first.id })
      expect(await tested.results.get(second.id)).toBeNull()
      expect(await tested.checks()).toEqual([{ message: messageOf(first), delaySeconds: 0 }])
    })

    it('may be repeated under the same id, and sends the messages again', async () => {
      const precheck = precheckOf('1', 'a')
      await begin(precheck)
      expect(await begin(precheck)).toEqual({ kind: 'created' })
      const sent = { message: messageOf(precheck), delaySeconds: 0 }
      expect(await tested.checks()).toEqual([sent, sent])
    })

    it('begins many at once', async () => {
      const prechecks = Array.from('123456789', (digit) => precheckOf(digit, `db-${digit}`))
      await Promise.all(prechecks.map((precheck) => begin(precheck)))
      const sent = (await tested.checks()).map(({ message }) => message)
      expect(sent).toHaveLength(9)
      expect(sent).toEqual(expect.arrayContaining(prechecks.map(messageOf)))
      expect(await tested.deadlines()).toHaveLength(9)
    })
  })
}

import { Socket } from 'node:net'
import { describe, expect, it, vi } from 'vitest'
import type { DatabaseSession } from '../../../shared/ports/probe.ts'
import { codeOfOutcome } from '../../support/probes.ts'

/**
 * A stand-in that answers these statements: at once, not to this login, late unless it is told to stop, never, or by
 * closing the connection.
 */
export interface SessionStandIn {
  readonly statements: {
    readonly good: string
    readonly refused: string
    readonly slow: string
    readonly silent: string
    readonly cut: string
  }
  readonly open: () => Promise<DatabaseSession>
  /** Logins and connections until now, and the connections that are open. */
  readonly seen: () => { readonly logins: number; readonly open: number }
}

/** Longer than any statement of these tests may take. */
const limitMs = 5000

/** So short that a statement that never ends is given up soon; a quarter of it is for the server to obey. */
const shortMs = 2000

/** What every session promises, whatever the engine. */
export const sessionContract = (engine: string, standIn: () => SessionStandIn): void => {
  describe(`a session of ${engine}`, () => {
    it('waits for no acknowledgement before it sends what is left of a message (TCP_NODELAY)', async () => {
      const told = vi.spyOn(Socket.prototype, 'setNoDelay')
      const session = await standIn().open()
      const sockets = told.mock.contexts.filter(
        (socket, call) =>
          socket instanceof Socket && !socket.destroyed && told.mock.calls[call]?.[0] === true,
      )
      expect(sockets).toHaveLength(1)
      told.mockRestore()
      await session.close()
    })

    it('asks all its statements over one login, and leaves no connection', async () => {
      const { statements, open, seen } = standIn()
      const before = seen().logins
      const session = await open()
      for (let count = 0; count < 3; count += 1) {
        expect(await session.ask(statements.good, limitMs)).toHaveProperty('rows')
      }
      expect(seen().logins).toBe(before + 1)
      await session.close()
      await expect.poll(() => seen().open).toBe(0)
    })

    it('goes on after a statement that alone has no answer', async () => {
      const { statements, open, seen } = standIn()
      const session = await open()
      expect(await session.ask(statements.refused, limitMs)).toHaveProperty('refused')
      expect(await session.ask(statements.good, limitMs)).toHaveProperty('rows')
      await session.close()
      await expect.poll(() => seen().open).toBe(0)
    })

    it('goes on after a slow statement, which the server stops when it is told to', async () => {
      const { statements, open, seen } = standIn()
      const before = seen().logins
      const session = await open()
      expect(codeOfOutcome(await session.ask(statements.slow, shortMs))).toBe('QUERY_TIMED_OUT')
      expect(await session.ask(statements.good, limitMs)).toHaveProperty('rows')
      expect(seen().logins).toBe(before + 1)
      await session.close()
      await expect.poll(() => seen().open).toBe(0)
    })

    it.each([
      ['falls silent and ignores that it is told to stop', 'silent', 'QUERY_TIMED_OUT'],
      ['closes the connection', 'cut', 'CONNECTION_LOST'],
    ] as const)(
      'is over when the server %s, for all later statements and without a new login',
      async (_, kind, code) => {
        const { statements, open, seen } = standIn()
        const before = seen().logins
        const session = await open()
        expect(codeOfOutcome(await session.ask(statements[kind], shortMs))).toBe(code)
        expect(codeOfOutcome(await session.ask(statements.good, limitMs))).toBe(code)
        expect(seen().logins).toBe(before + 1)
        await session.close()
        await expect.poll(() => seen().open).toBe(0)
      },
    )
  })
}

import { type Signal, signal } from '@preact/signals'
import { useEffect, useMemo } from 'preact/hooks'
import { type Answer, type Problem, ask, session } from './api.ts'
import { language } from './reader.ts'
import { nowInSeconds } from './times.ts'

/** Something of the service that a page shows and keeps up to date. */
export interface Remote<Body> {
  readonly body: Signal<Body | null>
  readonly problem: Signal<Problem | null>
  /** When the service said last that it is so, seconds since 1970; 0: never yet. */
  readonly asOf: Signal<number>
  /** Polls that went unanswered since. */
  readonly missed: Signal<number>
  readonly refresh: () => Promise<void>
}

/** A page of a list. */
export interface PageOf<Item> {
  readonly items: readonly Item[]
}

/** After so many what is shown is marked as old. */
export const missedTooMany = 2

const remote = <Body>(path: string): Remote<Body> => {
  const body = signal<Body | null>(null)
  const problem = signal<Problem | null>(null)
  const asOf = signal(0)
  const missed = signal(0)
  let etag: string | null = null

  const take = (answer: Answer<Body>): void => {
    if (answer.kind === 'offline') {
      missed.value += 1
      return
    }
    missed.value = 0
    problem.value = answer.kind === 'problem' ? answer.problem : null
    if (answer.kind === 'problem') return
    asOf.value = nowInSeconds()
    if (answer.kind === 'unchanged') return
    ;({ etag } = answer)
    body.value = answer.value
  }

  const refresh = async (): Promise<void> => {
    take(await ask<Body>(path, etag === null ? {} : { headers: { 'if-none-match': etag } }))
  }
  return { body, problem, asOf, missed, refresh }
}

/** Reads something now, and again every so many ms while somebody looks and is signed in; 0: once. */
export const useRemote = <Body>(path: string, everyMs: number): Remote<Body> => {
  // Texts come in the language of the reader: another language is another document.
  const spoken = language.value
  const read = useMemo(() => remote<Body>(path), [path, spoken])
  const isSignedIn = typeof session.value === 'object'
  useEffect(() => {
    if (!isSignedIn) return undefined
    void read.refresh()
    if (everyMs === 0) return undefined
    const timer = setInterval(() => void (document.hidden ? null : read.refresh()), everyMs)
    return () => clearInterval(timer)
  }, [read, everyMs, isSignedIn])
  return read
}

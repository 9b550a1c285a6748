import { type Signal, useSignal } from '@preact/signals'
import { type Problem, type Request, ask } from './api.ts'

/** A change that a page sends, and what came of it. */
export interface Sending<Body = unknown> {
  readonly isBusy: Signal<boolean>
  /** What the service says is wrong; `offline`: it did not answer. */
  readonly fault: Signal<Problem | 'offline' | null>
  /** Sends it; what came of it, or null where it was not made. */
  readonly send: (path: string, request: Request) => Promise<{ readonly value: Body } | null>
}

export const useSending = <Body = unknown>(): Sending<Body> => {
  const isBusy = useSignal(false)
  const fault = useSignal<Problem | 'offline' | null>(null)
  const send: Sending<Body>['send'] = async (path, request) => {
    isBusy.value = true
    const answer = await ask<Body>(path, request)
    isBusy.value = false
    fault.value = answer.kind === 'problem' ? answer.problem : answer.kind === 'offline' ? 'offline' : null
    return answer.kind === 'value' ? answer : null
  }
  return { isBusy, fault, send }
}

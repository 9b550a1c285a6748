import { type Signal, useSignal } from '@preact/signals'
import { type Problem, type Request, ask } from './api.ts'

/** A change that a page sends, and what came of it. */
export interface Sending {
  readonly isBusy: Signal<boolean>
  /** What the service says is wrong; `offline`: it did not answer. */
  readonly fault: Signal<Problem | 'offline' | null>
  /** Sends it, and tells whether it was made. */
  readonly send: (path: string, request: Request) => Promise<boolean>
}

export const useSending = (): Sending => {
  const isBusy = useSignal(false)
  const fault = useSignal<Problem | 'offline' | null>(null)
  const send: Sending['send'] = async (path, request) => {
    isBusy.value = true
    const answer = await ask<unknown>(path, request)
    isBusy.value = false
    fault.value = answer.kind === 'problem' ? answer.problem : answer.kind === 'offline' ? 'offline' : null
    return fault.value === null
  }
  return { isBusy, fault, send }
}

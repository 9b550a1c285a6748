import { type Signal, useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import type { InstanceListView } from '../../../functions/api/resources/fleet.ts'
import type { Instance } from '../../../shared/model/instance.ts'
import type { Answer } from '../state/api.ts'
import { register, tryRegistration } from '../register/registration.ts'
import { inTurn } from '../state/in-turn.ts'
import { patiently } from '../state/patiently.ts'
import { type Sending, useSending } from '../state/sending.ts'
import type { Entry } from '../../forms/read-table.ts'
import { type ListFault, isYaml, listOf, readList } from './read-list.ts'
import { type Verdict, type Verdicts, firstVerdicts, verdictOf } from './verdicts.ts'

/** What is under way: the service looks at a list, or registers it. */
export type Phase = 'looking' | 'registering' | null

/** A list on its way from a file to the service. */
export interface Importing {
  readonly fault: Signal<ListFault | null>
  /** The request that has the service read YAML. */
  readonly reading: Sending<InstanceListView>
  readonly verdicts: Signal<Verdicts>
  readonly phase: Signal<Phase>
  /** Reads a list, and has the service judge each entry; nothing is registered. */
  readonly look: (text: string) => Promise<void>
  /** Registers what is right, as it was judged: what has changed since is refused. */
  readonly registerAll: () => Promise<void>
  /** What was asked is answered; nothing more is asked. */
  readonly stop: () => void
}

export const useImporting = (): Importing => {
  const fault = useSignal<ListFault | null>(null)
  const reading = useSending<InstanceListView>()
  const verdicts = useSignal<Verdicts>(new Map())
  const phase = useSignal<Phase>(null)
  /** Counts what was begun; who leaves the page or begins anew wants the rest no more. */
  const begun = useRef(0)
  const stop = (): void => {
    begun.current += 1
    phase.value = null
  }
  useEffect(() => stop, [])

  const workOff = async (
    work: Exclude<Phase, null>,
    isMeant: (verdict: Verdict) => boolean,
    send: (entry: Entry, verdict: Verdict) => Promise<Answer<Instance>>,
    right: (instance: Instance) => Verdict,
  ): Promise<void> => {
    stop()
    const own = begun.current
    const isLast = (): boolean => own === begun.current
    phase.value = work
    const meant = [...verdicts.value].filter(([, verdict]) => isMeant(verdict))
    await inTurn(meant, isLast, async ([entry, verdict]) => {
      const found = verdictOf(await patiently(() => send(entry, verdict), isLast), right)
      // Of a list that was replaced meanwhile nothing is said.
      if (verdicts.value.has(entry)) verdicts.value = new Map(verdicts.value).set(entry, found)
    })
    if (isLast()) phase.value = null
  }

  const read = async (text: string): Promise<readonly Entry[] | ListFault> => {
    reading.fault.value = null
    if (!isYaml(text)) return readList(text)
    const answer = await reading.send('v1/fleet/documents', { method: 'POST', body: { text } })
    return answer ? listOf(answer.value) : []
  }

  const look = async (text: string): Promise<void> => {
    stop()
    const own = begun.current
    const list = await read(text)
    if (own !== begun.current) return
    fault.value = 'code' in list ? list : null
    verdicts.value = firstVerdicts('code' in list ? [] : list)
    await workOff(
      'looking',
      ({ kind }) => kind === 'unasked',
      tryRegistration,
      ({ revision }) => ({ kind: 'right', seen: revision - 1 }),
    )
  }

  const registerAll = (): Promise<void> =>
    workOff(
      'registering',
      ({ kind }) => kind === 'right',
      (entry, verdict) => register(entry, verdict.kind === 'right' ? verdict.seen : 0),
      () => ({ kind: 'registered' }),
    )

  return { fault, reading, verdicts, phase, look, registerAll, stop }
}

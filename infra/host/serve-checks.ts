import { parentPort, workerData } from 'node:worker_threads'
import * as z from 'zod'
import { runLogin } from '../../shared/flows/logins/run-login.ts'
import { LoginMessage } from '../../shared/model/queue-messages.ts'
import type { Secrets } from '../../shared/ports/secrets.ts'
import { CheckThreadSettings, localCheckDeps } from '../../shared/runtime/local.ts'
import { answerLimitProblems } from '../../shared/checks/problems/answer-limits.ts'
import type { Outgoing } from '../../shared/flows/prechecks/outgoing.ts'
import type { realProbes } from '../../shared/runtime/probes.ts'
import { type Serve, answerCalls } from './calls.ts'
import { lowerPriority } from './lower-priority.ts'
import { type Pulse, pulseIn } from './pulse.ts'
import { repliesOf } from './replies.ts'

/** What a check thread gets from its host. */
const ThreadData = z.object({
  settings: CheckThreadSettings,
  pulse: z.instanceof(SharedArrayBuffer),
  /** Between two beats while it has calls, ms. */
  beatMs: z.number().positive(),
  /** All other threads go first. */
  isApart: z.boolean(),
})

/** Beats while there are calls: a thread that waits for work needs no watching. */
const beating = ({ beat }: Pulse, beatMs: number) => {
  let timer: NodeJS.Timeout | undefined
  return (open: number): void => {
    if (open > 0 && timer === undefined) {
      beat()
      timer = setInterval(beat, beatMs)
    } else if (open === 0) {
      clearInterval(timer)
      timer = undefined
    }
  }
}

/** A password is resolved for the login that follows at once, and for nothing else. */
const tellingLogins = ({ resolve }: Secrets, logsIn: () => void): Secrets => ({
  resolve: async (reference) => {
    const secret = await resolve(reference)
    logsIn()
    return secret
  },
})

/** Whether an item ended because its server sent more than it may. */
const isOverLimit = (outgoing: Outgoing): boolean =>
  outgoing.queue === 'results' &&
  outgoing.messages.some(
    (message) => message.kind === 'result' && (message.result.reason?.code ?? '') in answerLimitProblems,
  )

/** The other side of a check thread: does what every message asks for that the host hands in, and gives back what they send. */
export const serveChecks = (probesFor: typeof realProbes): void => {
  if (!parentPort) throw new Error('This program runs in a thread of the host.')
  const { settings, pulse: memory, beatMs, isApart } = ThreadData.parse(workerData)
  // A copy, since each look into the environment itself is a call into the system's.
  const { secrets, ...deps } = localCheckDeps(settings, { ...process.env })
  const pulse = pulseIn(memory)

  if (isApart) lowerPriority()

  const serve: Serve = async (callId, body, { give, logsIn, exceeds }) => {
    // What is new comes first: after a spread, V8 takes a microsecond for each literal (Node.js 20).
    const own = {
      probes: probesFor(settings.databaseNetworks, () => pulse.note(callId)),
      secrets: tellingLogins(secrets, logsIn),
      ...deps,
    }
    for await (const outgoing of runLogin(own, LoginMessage.parse(JSON.parse(body)))) {
      for (const reply of repliesOf(outgoing)) give(reply)
      if (isOverLimit(outgoing)) exceeds()
    }
  }
  answerCalls(parentPort, serve, beating(pulse, beatMs))
}

import { parentPort, workerData } from 'node:worker_threads'
import * as z from 'zod'
import { runLogin } from '../../shared/flows/logins/run-login.ts'
import type { DatabaseNetworks } from '../../shared/model/connections/address.ts'
import { LoginMessage } from '../../shared/model/queue-messages.ts'
import type { Probes } from '../../shared/ports/probe.ts'
import type { Secrets } from '../../shared/ports/secrets.ts'
import { CheckThreadSettings, localCheckDeps } from '../../shared/runtime/local.ts'
import { type Serve, answerCalls } from './calls.ts'
import { inCall, noteReads } from './noted-reads.ts'
import { type Pulse, pulseIn } from './pulse.ts'
import { repliesOf } from './replies.ts'

/** What a check thread gets from its host. */
const ThreadData = z.object({
  settings: CheckThreadSettings,
  pulse: z.instanceof(SharedArrayBuffer),
  /** Between two beats while it has calls, ms. */
  beatMs: z.number().positive(),
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

/** The other side of a check thread: does what every message asks for that the host hands in, and gives back what they send. */
export const serveChecks = (probesFor: (networks: DatabaseNetworks) => Probes): void => {
  if (!parentPort) throw new Error('This program runs in a thread of the host.')
  const { settings, pulse: memory, beatMs } = ThreadData.parse(workerData)
  const deps = localCheckDeps(settings, process.env, probesFor(settings.databaseNetworks))
  const pulse = pulseIn(memory)
  noteReads(pulse.note)

  const serve: Serve = async (_, body, { give, logsIn }) => {
    const own = { ...deps, secrets: tellingLogins(deps.secrets, logsIn) }
    for await (const outgoing of runLogin(own, LoginMessage.parse(JSON.parse(body)))) {
      for (const reply of repliesOf(outgoing)) give(reply)
    }
  }
  answerCalls(
    parentPort,
    (callId, body, telling) => inCall(callId, () => serve(callId, body, telling)),
    beating(pulse, beatMs),
  )
}

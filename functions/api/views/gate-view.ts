import * as z from 'zod'
import { findCheck } from '../../../shared/checks/catalogue.ts'
import { renderMessage, renderReason } from '../../../shared/checks/render.ts'
import type { GateAnswer, GateRequest } from '../../../shared/flows/gate.ts'
import { GateDecision, GateEffect, type GateReason } from '../../../shared/model/gate.ts'
import { InstanceId } from '../../../shared/model/instance.ts'
import type { Locale } from '../../../shared/model/message.ts'
import { Operation } from '../../../shared/model/operation.ts'
import { notDetermined, totalDatabases } from './precheck-view.ts'

/** Databases that an answer shows: the worst ones. */
const maxShown = 100

const Reason = z
  .strictObject({
    effect: GateEffect.describe('What it does to the operation; `undetermined`: it could not be judged.'),
    checkItem: z.string(),
    fingerprint: z.string().nullable(),
    text: z.string(),
  })
  .meta({ id: 'GateReason' })

const ruling = {
  decision: GateDecision,
  proceed: z
    .boolean()
    .describe(
      'Whether the operation may run: `allow` does, `deny` does not, and `inconclusive` as the policy says (`gate.inconclusive`).',
    ),
}

/** What a job is told. */
export const GateView = z
  .strictObject({
    instanceId: InstanceId,
    operation: Operation,
    ...ruling,
    state: z
      .enum(['running', 'completed'])
      .describe('Of the precheck that decides. While it runs the decision is `inconclusive`: ask again.'),
    precheckId: z.string(),
    completedAt: z.iso.datetime().nullable(),
    ageSeconds: z.int().nullable().describe('Time since that precheck ended, in seconds.'),
    reasons: z.array(Reason).describe('What concerns the whole instance.'),
    databases: z
      .array(z.strictObject({ database: z.string(), ...ruling, reasons: z.array(Reason) }))
      .describe(
        'Worst first; of very many the worst ones. Those that the operation is not for are left out.',
      ),
    total: totalDatabases,
  })
  .meta({ id: 'Gate' })
export type GateView = z.infer<typeof GateView>

const textOf = ({ effect, checkItem, message }: GateReason, locale: Locale): string => {
  if (effect !== 'undetermined') return message ? renderMessage(checkItem, message, locale) : checkItem
  const title = notDetermined[locale] + (findCheck(checkItem)?.title[locale] ?? checkItem)
  return message ? `${title}. ${renderReason(message, locale).text}` : title
}

const reasonsOf = (reasons: readonly GateReason[], locale: Locale): z.infer<typeof Reason>[] =>
  reasons.map((reason) => {
    const { effect, checkItem, fingerprint } = reason
    return { effect, checkItem, fingerprint, text: textOf(reason, locale) }
  })

/** Shows what a job is told, in a language. */
export const gateView = (
  answer: GateAnswer,
  { instanceId, operation }: Pick<GateRequest, 'instanceId' | 'operation'>,
  locale: Locale,
): GateView => {
  const { precheckId, judgement } = answer
  const head = { instanceId, operation, precheckId }
  if (!judgement) {
    const open = { completedAt: null, ageSeconds: null, reasons: [], databases: [] }
    return { ...head, decision: 'inconclusive', proceed: answer.proceed, state: 'running', ...open }
  }
  const { precheck, total, asOf } = answer
  const { decision, proceed, reasons, databases } = judgement
  return {
    ...head,
    decision,
    proceed,
    state: 'completed',
    completedAt: precheck.completedAt,
    ageSeconds: Math.max(0, Math.round((asOf.getTime() - Date.parse(precheck.completedAt)) / 1000)),
    reasons: reasonsOf(reasons, locale),
    databases: databases
      .slice(0, maxShown)
      .map(({ reasons: own, ...each }) => Object.assign(each, { reasons: reasonsOf(own, locale) })),
    ...(total > Math.min(maxShown, databases.length) && { total }),
  }
}

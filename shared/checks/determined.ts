import { type Finding, fingerprintOf, levelOf } from '../model/finding.ts'
import { type ItemResult, statusOf } from '../model/item-result.ts'
import { maxObservations } from '../model/observation.ts'
import { protectionOfAll } from '../model/protection.ts'
import { maxSharedDatabases } from '../model/shared-database.ts'
import type { Check, CheckContext, Evaluation, FindingDraft } from './framework/define-check.ts'
import { asOwnerSays } from './owner-rules.ts'

/** What an item comes to, wherever it was looked from. */
export type Verdict = Pick<
  ItemResult,
  | 'status'
  | 'reason'
  | 'observed'
  | 'findings'
  | 'databases'
  | 'excluded'
  | 'systemDatabases'
  | 'observations'
  | 'identities'
  | 'protection'
  | 'shared'
>

const toFinding = (check: Check, context: CheckContext, draft: FindingDraft): Finding => {
  const { blocks = [], degrades = [], obscures = [], limits = [] } = draft
  const effect = { blocks, degrades, obscures, limits }
  return {
    fingerprint: fingerprintOf(context.target.instanceId, check.id, draft.code, draft.object),
    checkItem: check.id,
    object: draft.object,
    level: levelOf(effect, context.planned),
    message: { code: draft.code, params: draft.params ?? {} },
    observed: draft.observed,
    expected: draft.expected,
    ...effect,
    remediation: draft.remediation ?? null,
  }
}

/** What an item comes to that was determined, as its owner says. Knows no catalogue, so that `collect` holds none. */
export const determined = (check: Check, context: CheckContext, concluded: Evaluation): Verdict => {
  const evaluation = asOwnerSays(check.id, context.target.definition, concluded)
  const { systemDatabases = [], observations = [], identities, shared = [] } = evaluation
  const { protectionMaxAgeHours } = context.thresholdsFor()
  const protection = protectionOfAll(evaluation.protection ?? [], protectionMaxAgeHours)
  const findings = evaluation.findings.map((draft) => toFinding(check, context, draft))
  return {
    status: statusOf(findings),
    reason: null,
    observed: evaluation.observed ?? {},
    findings,
    databases: [...(evaluation.databases ?? [])],
    excluded: [...(evaluation.excluded ?? [])],
    ...(systemDatabases.length > 0 && { systemDatabases: [...systemDatabases] }),
    ...(observations.length > 0 && { observations: observations.slice(0, maxObservations) }),
    ...(identities && { identities }),
    ...(protection && { protection }),
    ...(shared.length > 0 && { shared: shared.slice(0, maxSharedDatabases) }),
  }
}

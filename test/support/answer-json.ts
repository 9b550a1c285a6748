import type { PrecheckView } from '../../functions/api/views/precheck-view.ts'
import type { InstanceDefinition } from '../../shared/model/instance.ts'
import type { NotRunCode } from '../../shared/model/sweep.ts'

type Item = PrecheckView['items'][number]

/** One of `items` or `entries.items` of an answer. */
export interface AnsweredItem extends Item {
  readonly id: string
  readonly name: string
  readonly instanceId: string
  readonly precheckId: string
  readonly eventId: string
  readonly state: string
  readonly notRun: { readonly code: NotRunCode; readonly text: string }
}

/**
 * Every field of an answer of the API that a test looks at, of all routes together: `expectDocumented` and the routes'
 * own schemas say which answer has which. What is null or missing in an answer shows where a test expects otherwise.
 */
export interface AnswerJson extends Pick<PrecheckView, 'progress' | 'outcome' | 'scope' | 'deadlineAt'> {
  readonly id: string
  readonly ids: readonly string[]
  readonly instanceId: string
  readonly precheckId: string
  readonly eventId: string
  readonly revision: number
  readonly state: string
  readonly startedAt: string
  readonly completedAt: string
  readonly updatedAt: string
  readonly items: AnsweredItem[]
  readonly next: string
  readonly entries: { readonly items: readonly AnsweredItem[]; readonly next: string | null }
  readonly counts: Readonly<Record<string, number>>
  readonly filter: object
  readonly comparison: NonNullable<PrecheckView['comparison']>
  readonly readiness: NonNullable<PrecheckView['readiness']>
  readonly verdict: string
  readonly instance: object
  readonly databases: readonly object[]
  readonly acknowledgements: readonly object[]
  readonly definition: InstanceDefinition & { readonly locale: string; readonly thresholds: object }
  readonly thresholds: Readonly<Record<string, object>>
  readonly missingPrivileges: readonly string[]
  readonly grantScript: string | null
  readonly token: string
  readonly secret: string
  readonly secrets: readonly object[]
  readonly stopped: { readonly code: string } | null
  readonly source: { readonly kind: string }
  readonly body: { readonly type: string; readonly text: string } | null
  readonly attempts: readonly { readonly status: number }[]
  readonly paths: Readonly<Record<string, object>>
  // Of problem documents; `status` is also that of an instance.
  readonly status: number | string
  readonly code: string
  readonly detail: string
  readonly requestId: string
  readonly errors: readonly [{ readonly field: string }, ...{ readonly field: string }[]]
  readonly problem: { readonly code: string; readonly advice: string }
}

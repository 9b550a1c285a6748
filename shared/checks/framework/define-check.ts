import type * as z from 'zod'
import type { CheckSet } from '../../model/check-selection.ts'
import type { Engine } from '../../model/engine.ts'
import type { Evidence } from '../../model/evidence.ts'
import type { AffectedObject, CheckItemId, Effect } from '../../model/finding.ts'
import type { Identities } from '../../model/identity.ts'
import type { Target } from '../../model/instance.ts'
import type { ExcludedDatabase } from '../../model/item-result.ts'
import type { Params, Text } from '../../model/message.ts'
import type { Measurement } from '../../model/measured-number.ts'
import type { Operation } from '../../model/operation.ts'
import type { Profile } from '../../model/profile.ts'
import type { ProtectedDatabase } from '../../model/protection.ts'
import type { SharedDatabase } from '../../model/shared-database.ts'
import type { Remediation } from '../../model/remediation.ts'
import type { Thresholds } from '../../model/thresholds.ts'
import type { EngineDeclaration } from './define-engine.ts'
import type { Problem } from '../problems/problem.ts'
import type { StepText } from './define-step.ts'
import type { AskEndpoints, AskHost, Queries, Question } from './question.ts'

/** What a rule may look at beside the facts. Time comes from here, so that a rule is pure. */
export interface CheckContext {
  readonly target: Target
  /** The operations that the instance plans: those it names, else all. */
  readonly planned: readonly Operation[]
  readonly now: Date
  /** What the policies of the instance say of a database; of the instance itself where the name is left out. */
  readonly thresholdsFor: (database?: string) => Thresholds
}

/** What a rule says of one object; identity and level are added by the judge. */
export interface FindingDraft<Code extends string = string> extends Partial<Effect> {
  readonly code: Code
  readonly params?: Params
  readonly object: AffectedObject
  readonly observed: Evidence
  readonly expected: Evidence
  readonly remediation?: Remediation
}

/** What a rule concludes from the facts. */
export interface Evaluation<Code extends string = string> {
  readonly findings: readonly FindingDraft<Code>[]
  /** Names of all databases that were judged. */
  readonly databases?: readonly string[]
  /** Names of those of them that setup made, with no data of users. */
  readonly systemDatabases?: readonly string[]
  readonly excluded?: readonly ExcludedDatabase[]
  /** Names of those of the judged ones that are offline, which their owner may mean them to be. */
  readonly offline?: readonly string[]
  /** Measured over the whole item. */
  readonly observed?: Evidence
  /** Numbers for trends. */
  readonly observations?: readonly Measurement[]
  /** Who the instance and its databases are. */
  readonly identities?: Identities
  /** What would be lost of each database. */
  readonly protection?: readonly ProtectedDatabase[]
  /** What this replica knows of the backups of databases that others have as well. */
  readonly shared?: readonly SharedDatabase[]
}

interface About<Code extends string> {
  readonly id: CheckItemId
  readonly set: CheckSet
  /** Says the healthy state; heads an item that passed. */
  readonly title: Text
  /** Says the broken state; heads an item that did not pass. */
  readonly failureTitle: Text
  /** What is verified and why the reader should care: one or two sentences. */
  readonly description: Text
  /** Operations that the item can block under a profile: they are unknown while the item is not determined. */
  readonly affects: (profile: Profile) => readonly Operation[]
  /** Texts of the findings and exclusions, by code. */
  readonly texts: Readonly<Record<Code, Text>>
  /** Whether what it finds may be the very backup that is asked about: the gate in front of a backup leaves it out. */
  readonly seesBackups?: true
  /** What it cannot see, because no statement of the server shows it. */
  readonly blindSpots?: readonly Text[]
  /** Manuals that the rule follows. */
  readonly documents: readonly `https://${string}`[]
  /** The steps that its remediations are made of. */
  readonly fixes: readonly StepText[]
  /**
   * Problems of the probe that are themselves the condition that this item verifies (an instance that is not
   * started, say). Other items of the instance are then skipped in favour of this one.
   */
  readonly claims?: Readonly<Record<string, (problem: Problem, context: CheckContext) => Evaluation<Code>>>
}

interface Rule<Code extends string, Facts extends z.ZodType> extends About<Code> {
  /** Shape of the whole answer, row count included. An answer of another shape can never pass. */
  readonly facts: Facts
  /** Pure: no clock, no network, no environment. */
  readonly evaluate: (facts: z.output<Facts>, context: CheckContext) => Evaluation<Code>
}

interface DatabaseRule<
  Code extends string,
  Facts extends z.ZodType,
  PrivilegeName extends string,
> extends Rule<Code, Facts> {
  readonly queries: Queries
  /** Privileges that the queries need, of those that the engine has. */
  readonly privileges: readonly PrivilegeName[]
}

interface NetworkRule<Code extends string, Facts extends z.ZodType> extends Rule<Code, Facts> {
  readonly endpoints: AskEndpoints
}

interface HostRule<Code extends string, Facts extends z.ZodType> extends Rule<Code, Facts> {
  readonly ask: AskHost
}

/** A check item of the catalogue. `conclude` refuses an answer of the wrong shape with a text that says where it is wrong. */
export interface Check extends About<string> {
  /** The engine whose instances it is for. */
  readonly engine: Engine | 'all'
  readonly question: Question
  readonly privileges: readonly string[]
  readonly conclude: (answer: unknown, context: CheckContext) => Evaluation | { readonly malformed: string }
}

type Asked = Pick<Check, 'engine' | 'question' | 'privileges'>

/** Binds `facts` to `evaluate`, so that nothing can judge an answer that was not parsed. */
const bind = <Code extends string, Facts extends z.ZodType>(
  asked: Asked,
  { facts, evaluate, claims, ...about }: Rule<Code, Facts>,
): Check => ({
  ...about,
  ...asked,
  ...(claims && { claims }),
  conclude: (answer, context) => {
    const parsed = facts.safeParse(answer)
    if (parsed.success) return evaluate(parsed.data, context)
    const [first = ''] = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
    return { malformed: first }
  },
})

/** Defines a check item that asks a database of this engine. */
export const defineCheck = <const Code extends string, Facts extends z.ZodType, PrivilegeName extends string>(
  engine: EngineDeclaration<Engine, PrivilegeName>,
  { queries, privileges, ...rule }: DatabaseRule<Code, Facts, NoInfer<PrivilegeName>>,
): Check => bind({ engine: engine.name, privileges, question: { probe: engine.name, queries } }, rule)

/** Defines a check item for the instances of every engine, which tries the way to endpoints. */
export const defineNetworkCheck = <const Code extends string, Facts extends z.ZodType>({
  endpoints,
  ...rule
}: NetworkRule<Code, Facts>): Check =>
  bind({ engine: 'all', privileges: [], question: { probe: 'https', endpoints } }, rule)

/** Defines a check item for the instances of every engine, which is judged by what is remembered of the instance. */
export const defineMemoryCheck = <const Code extends string, Facts extends z.ZodType>(
  rule: Rule<Code, Facts>,
): Check => bind({ engine: 'all', privileges: [], question: { probe: 'memory' } }, rule)

/** Defines a check item that looks at the ECS host, for the instances of an engine or of every one. */
export const defineHostCheck = <const Code extends string, Facts extends z.ZodType>(
  engine: Check['engine'],
  { ask, ...rule }: HostRule<Code, Facts>,
): Check => bind({ engine, privileges: [], question: { probe: 'host', ask } }, rule)

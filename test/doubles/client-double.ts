import type { FaultCode } from './faults.ts'
import type { AnyCall, Answer, ArgumentPatterns, Arguments, Call, MethodName } from './methods.ts'

/** What takes the place of a method. */
export type Fake<Client, Method extends MethodName<Client>> = (
  this: Client,
  ...args: Arguments<Client, Method>
) => Answer<Client, Method> | Promise<Answer<Client, Method>>

/** Sets up the answers to the calls that one `on` fits. Each `…Once` adds an answer; the others replace the default. */
export interface Behaviour<Client, Method extends MethodName<Client>> {
  resolves(value: Answer<Client, Method>): this
  resolvesOnce(value: Answer<Client, Method>): this
  rejects(fault: Error | FaultCode<Client>): this
  rejectsOnce(fault: Error | FaultCode<Client>): this
  callsFake(fake: Fake<Client, Method>): this
  callsFakeOnce(fake: Fake<Client, Method>): this
  callsThrough(): this
  callsThroughOnce(): this
}

/** A client whose methods have been replaced. */
export interface ClientDouble<Client> {
  /** How failures name it. */
  readonly name: string
  on<Method extends MethodName<Client>>(
    method: Method,
    ...patterns: ArgumentPatterns<Arguments<Client, Method>>
  ): Behaviour<Client, Method>
  onAnyMethod(): Behaviour<Client, MethodName<Client>>
  /** The real method, for a fake that does more: `callsFake(doneThenLost(ots.real('putRow')))`. */
  real<Method extends MethodName<Client>>(method: Method): Fake<Client, Method>
  calls(): readonly AnyCall<Client>[]
  calls<Method extends MethodName<Client>>(method: Method): readonly Call<Client, Method>[]
  /** By number from 0, or from the end with -1. Throws if there is none. */
  call(index: number): AnyCall<Client>
  /** Forgets the behaviours and the calls. */
  reset(): void
  resetHistory(): void
  /** Gives the client its own methods back. */
  restore(): void
}

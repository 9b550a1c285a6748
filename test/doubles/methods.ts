import type { Pattern } from './match.ts'

type PromiseFunction = (...args: never[]) => Promise<unknown>

/** The names of the methods of a client that return a promise: a mistyped name is no such name. */
export type MethodName<Client> = {
  [Key in keyof Client]-?: Client[Key] extends PromiseFunction ? Key : never
}[keyof Client] &
  string

export type Arguments<Client, Method extends keyof Client> = Client[Method] extends (
  ...args: infer Args
) => unknown
  ? Args
  : never

export type Answer<Client, Method extends keyof Client> = Client[Method] extends (
  ...args: never[]
) => Promise<infer Value>
  ? Value
  : never

/** A pattern for each argument; those left out may be anything. */
export type ArgumentPatterns<Args extends readonly unknown[]> = {
  readonly [Index in keyof Args]?: Pattern<Args[Index]>
}

/** One call that a double received. `args` are the values themselves: what the caller changes later is seen changed. */
export interface Call<Client, Method extends MethodName<Client>> {
  readonly method: Method
  readonly args: Arguments<Client, Method>
  readonly client: Client
  /** False if nothing was set up for it. */
  readonly matched: boolean
}

export type AnyCall<Client> = { [Method in MethodName<Client>]: Call<Client, Method> }[MethodName<Client>]

/** A call whose client does not matter. */
export interface RecordedCall {
  readonly method: string
  readonly args: readonly unknown[]
  readonly matched: boolean
}

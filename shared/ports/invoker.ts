/** Why an invocation has no answer; stable. */
export type InvocationFailureCode =
  /** The name or the event cannot be sent as they are. */
  | 'INVALID_REQUEST'
  /** There is no function of this name, or no such service, version or alias. */
  | 'FUNCTION_NOT_FOUND'
  /** The key, its signature or its permissions are refused. */
  | 'ACCESS_DENIED'
  /** Too many at once; nothing was run. */
  | 'THROTTLED'
  /** An asynchronous invocation with the same dedupe id was accepted before. */
  | 'DUPLICATE'
  /** The function ran, or was to run, and failed. */
  | 'FUNCTION_FAILED'
  /** The platform failed; whether the function ran is unknown. */
  | 'PLATFORM_FAILED'
  /** No whole answer came in time; whether the function ran is unknown. */
  | 'TIMED_OUT'
  /** The platform could not be connected, or hung up. */
  | 'UNREACHABLE'
  /** The answer cannot be read. */
  | 'UNEXPECTED_ANSWER'

/** Why an invocation has no answer. `detail` is what the platform or the system said. */
export interface InvocationFailure {
  readonly code: InvocationFailureCode
  readonly detail: string
  /** Id by which the platform's log finds the request, where an answer named it. */
  readonly requestId?: string
}

/** What a function answered: JSON where it says that it is JSON, else bytes. */
export type InvocationAnswer = { readonly json: unknown } | { readonly bytes: Uint8Array }

/** What came of a synchronous invocation. */
export type Invocation =
  | { readonly answer: InvocationAnswer; readonly requestId: string }
  | { readonly failure: InvocationFailure }

/** What came of handing an event over. */
export type Acceptance =
  | { readonly accepted: true; readonly requestId: string }
  | { readonly failure: InvocationFailure }

/** Invokes deployed functions directly, past triggers and queues. Never rejects, never repeats a call by itself. */
export interface Invoker {
  /** Runs the function and waits for its answer. */
  readonly invoke: (functionName: string, event: Uint8Array) => Promise<Invocation>
  /** Hands the event over and returns; the platform runs the function once for all calls with one dedupe id. */
  readonly invokeAsync: (functionName: string, event: Uint8Array, dedupeId: string) => Promise<Acceptance>
}

/** The matchers of vitest for doubles, which `mock-client.ts` installs. Each failure lists the calls that the double received. */
import { firstArgumentDifference } from './match.ts'
import type { ArgumentPatterns, Arguments, MethodName, RecordedCall } from './methods.ts'
import type { ClientDouble } from './client-double.ts'
import { showCall, showDifference, showList } from './show.ts'

/** The client of a double; of anything else there is none, so that no method's name fits. */
type ClientOf<Double> = Double extends ClientDouble<infer Client> ? Client : never

interface DoubleMatchers<Double> {
  toHaveReceived: (method: MethodName<ClientOf<Double>>) => void
  toHaveReceivedTimes: (method: MethodName<ClientOf<Double>>, times: number) => void
  /** Some call of the method fits the patterns. */
  toHaveReceivedWith: <Method extends MethodName<ClientOf<Double>>>(
    method: Method,
    ...patterns: ArgumentPatterns<Arguments<ClientOf<Double>, Method>>
  ) => void
  /** The nth call of the method, counted from 1, fits the patterns. */
  toHaveReceivedNthWith: <Method extends MethodName<ClientOf<Double>>>(
    method: Method,
    nth: number,
    ...patterns: ArgumentPatterns<Arguments<ClientOf<Double>, Method>>
  ) => void
}

declare module 'vitest' {
  interface Matchers<T> extends DoubleMatchers<T> {}
}

interface Received {
  readonly name: string
  calls(): readonly RecordedCall[]
}

interface Verdict {
  readonly pass: boolean
  readonly message: () => string
}

const times = (count: number): string => (count === 1 ? 'once' : `${count} times`)

const callsOf = (double: Received, method: string): readonly RecordedCall[] =>
  double.calls().filter((call) => call.method === method)

/** The calls, each with what a reader wants to know of it. */
const showHistory = (double: Received, note: (call: RecordedCall) => string | null = () => null): string => {
  const calls = double.calls()
  if (calls.length === 0) return 'It received no call.'
  const lines = calls.map((call) => {
    const notes = [call.matched ? null : 'no answer was set up', note(call)].filter((text) => text !== null)
    return [showCall(call.method, call.args), ...notes.map((text) => `<- ${text}`)].join(' ')
  })
  return `It received ${calls.length === 1 ? 'one call' : `${calls.length} calls`}:\n${showList(lines)}`
}

const verdict = (pass: boolean, double: Received, wish: string, history: string): Verdict => ({
  pass,
  message: () => `expected the ${double.name} ${pass ? 'not ' : ''}to have received ${wish}\n${history}`,
})

const noteDifference =
  (method: string, patterns: readonly unknown[]) =>
  (call: RecordedCall): string | null => {
    if (call.method !== method) return null
    const difference = firstArgumentDifference(patterns, call.args)
    return difference && showDifference(difference)
  }

const fits = (call: RecordedCall | undefined, patterns: readonly unknown[]): boolean =>
  call !== undefined && firstArgumentDifference(patterns, call.args) === null

export const doubleMatchers = {
  toHaveReceived(double: Received, method: string) {
    return verdict(callsOf(double, method).length > 0, double, method, showHistory(double))
  },
  toHaveReceivedTimes(double: Received, method: string, expected: number) {
    const actual = callsOf(double, method).length
    const wish = `${method} ${times(expected)}${actual === expected ? '' : `, not ${times(actual)}`}`
    return verdict(actual === expected, double, wish, showHistory(double))
  },
  toHaveReceivedWith(double: Received, method: string, ...patterns: readonly unknown[]) {
    const pass = callsOf(double, method).some((call) => fits(call, patterns))
    const history = showHistory(double, noteDifference(method, patterns))
    return verdict(pass, double, showCall(method, patterns), history)
  },
  toHaveReceivedNthWith(double: Received, method: string, nth: number, ...patterns: readonly unknown[]) {
    const nthCall = callsOf(double, method)[nth - 1]
    const history = showHistory(double, (call) =>
      call === nthCall ? noteDifference(method, patterns)(call) : null,
    )
    return verdict(
      fits(nthCall, patterns),
      double,
      `${showCall(method, patterns)} as call ${nth} of ${method}`,
      history,
    )
  },
}

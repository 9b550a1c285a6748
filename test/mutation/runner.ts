import { readdirSync } from 'node:fs'
import { register } from 'node:module'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { INSTRUMENTER_CONSTANTS, type MutantCoverage } from '@stryker-mutator/api/core'
import { PluginKind, declareClassPlugin } from '@stryker-mutator/api/plugin'
import {
  type DryRunResult,
  DryRunStatus,
  type MutantRunOptions,
  type MutantRunResult,
  MutantRunStatus,
  type TestResult,
  type TestRunner,
  TestStatus,
  determineHitLimitReached,
} from '@stryker-mutator/api/test-runner'
import { type CollectedTest, collect } from './tests.ts'

/**
 * Runs the tests of the pure domain for Stryker in one process: they are loaded once, and for each mutant those that
 * reach it run again. Loading them for each mutant, as vitest does, takes many times as long as running them.
 */

/** The tests that mutants are held against: quick, and in no need of sockets. */
const folders = ['test/unit/model', 'test/unit/checks']

/** So are these, of what is told of a precheck and of results in pages, which a flow puts together from the model. */
const ofFlows = ['test/unit/webhooks/events.test.ts', 'test/unit/flows/prechecks/complete-large.test.ts']

interface Test extends CollectedTest {
  readonly fileName: string
}

/** What the instrumented code reads and writes. */
interface Stryker {
  activeMutant?: string | undefined
  currentTestId?: string | undefined
  hitCount?: number | undefined
  hitLimit?: number | undefined
  mutantCoverage?: MutantCoverage
}
const stryker: Stryker = {}
Object.assign(globalThis, { [INSTRUMENTER_CONSTANTS.NAMESPACE]: stryker })

const testFiles = (): string[] => [
  ...folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.test.ts'))
      .map((name) => join(folder, name)),
  ),
  ...ofFlows,
]

const loadTests = async (): Promise<Map<string, Test>> => {
  register(new URL('resolve.mjs', import.meta.url))
  const tests = new Map<string, Test>()
  for (const fileName of testFiles()) {
    const own = await collect(() => import(pathToFileURL(resolve(fileName)).href))
    for (const [index, test] of own.entries()) tests.set(`${fileName}#${index}`, { ...test, fileName })
  }
  return tests
}

/** What a test says when it fails; null: it passed. */
const run = async ({ before, run: body, after }: Test): Promise<string | null> => {
  try {
    for (const each of before) await each()
    await body()
    for (const each of after) await each()
    return null
  } catch (cause) {
    return cause instanceof Error ? cause.message || cause.name : String(cause)
  }
}

class InProcessRunner implements TestRunner {
  #tests: ReadonlyMap<string, Test> = new Map()
  #isUsed = false
  /** How long each test took when it ran last, ms: the quick ones go first, since one that fails is enough. */
  readonly #tookMs = new Map<string, number>()

  async #run(id: string, test: Test): Promise<string | null> {
    const startedAt = performance.now()
    const failureMessage = await run(test)
    this.#tookMs.set(id, performance.now() - startedAt)
    return failureMessage
  }

  #quickFirst(ids: Iterable<string>): string[] {
    const tookMs = (id: string): number => this.#tookMs.get(id) ?? 0
    return [...ids].sort((one, other) => tookMs(one) - tookMs(other))
  }

  /** As good as new for each mutant: none is active while modules are loaded, since static ones are ignored. */
  capabilities() {
    return { reloadEnvironment: true }
  }

  async init(): Promise<void> {
    this.#tests = await loadTests()
  }

  async dryRun(): Promise<DryRunResult> {
    const results: TestResult[] = []
    for (const [id, test] of this.#tests) {
      stryker.currentTestId = id
      const failureMessage = await this.#run(id, test)
      const { name, fileName } = test
      const about = { id, name, fileName, timeSpentMs: this.#tookMs.get(id) ?? 0 }
      results.push(
        failureMessage === null
          ? { ...about, status: TestStatus.Success }
          : { ...about, status: TestStatus.Failed, failureMessage },
      )
    }
    stryker.currentTestId = undefined
    const { mutantCoverage } = stryker
    return { status: DryRunStatus.Complete, tests: results, ...(mutantCoverage && { mutantCoverage }) }
  }

  async mutantRun({ activeMutant, testFilter, hitLimit }: MutantRunOptions): Promise<MutantRunResult> {
    const isFirst = !this.#isUsed
    this.#isUsed = true
    let nrOfTests = 0
    for (const id of this.#quickFirst(testFilter ?? this.#tests.keys())) {
      const test = this.#tests.get(id)
      if (!test) continue
      nrOfTests += 1
      stryker.hitCount = 0
      stryker.hitLimit = hitLimit
      stryker.activeMutant = activeMutant.id
      const failureMessage = await this.#run(id, test)
      const timeOut = determineHitLimitReached(stryker.hitCount, hitLimit)
      stryker.activeMutant = undefined
      stryker.hitCount = undefined
      if (timeOut) return { status: MutantRunStatus.Timeout, reason: timeOut.reason ?? '' }
      if (failureMessage === null) continue
      // What some mutant left behind fails the test without one: a new process, in which this one is the first, tells.
      const isTainted = (await run(test)) !== null
      if (isTainted && !isFirst) process.exit(1)
      return { status: MutantRunStatus.Killed, killedBy: [id], failureMessage, nrOfTests }
    }
    return { status: MutantRunStatus.Survived, nrOfTests }
  }
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, 'in-process', InProcessRunner)]

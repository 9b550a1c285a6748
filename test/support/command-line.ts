import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Surroundings, runCommandLine } from '../../infra/cli/commands/command-line.ts'
import type { RequestLimits } from '../../infra/cli/service/client.ts'

/** What a command line left behind. */
export interface Ended {
  readonly code: number
  readonly output: string
  readonly errors: string
}

/** What is around a command line beside a service. */
export type Around = Partial<Pick<Surroundings, 'environment' | 'columns' | 'ask' | 'signal'>> & {
  readonly input?: string
}

/** Runs a command line against the service at `url`. */
export const precheckAt = async (
  url: string,
  args: readonly string[],
  limits?: RequestLimits,
  around: Around = {},
): Promise<Ended> => {
  let output = ''
  let errors = ''
  const code = await runCommandLine(args, {
    environment: {
      PRECHECK_URL: url,
      PRECHECK_TOKEN: 'secret-token',
      // The profiles of who runs the tests are none of theirs.
      XDG_CONFIG_HOME: join(tmpdir(), 'precheck-without-profiles'),
      ...around.environment,
    },
    columns: around.columns ?? null,
    readInput: async () => around.input ?? '',
    write: (text) => (output += text),
    writeError: (text) => (errors += text),
    ...(limits && { limits }),
    ...(around.ask && { ask: around.ask }),
    ...(around.signal && { signal: around.signal }),
  })
  return { code, output, errors }
}

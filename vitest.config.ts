import { defineConfig } from 'vitest/config'

/**
 * The folder of a test decides how it runs. In `unit`, `flow` and `contract` it imports the sources and starts at once;
 * in `e2e` it runs the programs and functions as users do, which are built once before.
 */
const project = (name: string, options: object = {}) => ({
  extends: true as const,
  test: { name, include: [`test/${name}/**/*.test.ts`], ...options },
})

const replacing = 'test/flow/{api,prechecks,webhooks}/**/*.test.ts'

export default defineConfig({
  test: {
    projects: [
      // Nothing in them outlives a file, so that its modules need not be loaded anew for each.
      project('unit', { isolate: false }),
      project('flow', { isolate: false, exclude: [replacing] }),
      // These replace the catalogue by another one.
      project('flow', { name: 'flow-replacing', include: [replacing] }),
      project('contract', { isolate: false }),
      project('e2e', { isolate: false, globalSetup: 'test/support/build.ts' }),
      project('attack', { globalSetup: 'test/support/build.ts' }),
    ],
    // Most of them wait for sockets and child processes most of the time.
    maxWorkers: 3,
    // They end what hangs; nothing is judged by them. A loaded machine may take long.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 60_000 } },
    coverage: {
      provider: 'v8',
      include: ['shared/model/**', 'shared/checks/**'],
      thresholds: { branches: 95 },
    },
  },
})

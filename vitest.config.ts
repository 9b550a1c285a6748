import { defineConfig } from 'vitest/config'

const project = (name: string, include: string[], options: object) => ({
  extends: true as const,
  test: { name, include, ...options },
})

/** What they say stays, whatever check items there are. */
const onSmallCatalogue = ['test/flow/api/{acknowledgements,api,backups,fleet,gates,readings,sweeps}.test.ts']
/** It has a catalogue of its own. */
const replacing = ['test/flow/prechecks/faults.test.ts']

export default defineConfig({
  test: {
    // Few of them, since each transforms and loads anew what its tests share.
    projects: [
      // They import the sources and start at once. Nothing in them outlives a file: modules need not be loaded for
      // each.
      project('sources', ['test/{unit,flow,contract}/**/*.test.ts'], {
        isolate: false,
        exclude: [...onSmallCatalogue, ...replacing],
      }),
      // These replace the catalogue by another one.
      project('small catalogue', onSmallCatalogue, {
        isolate: false,
        setupFiles: 'test/support/with-small-catalogue.ts',
      }),
      project('replacing', replacing, {}),
      // They run the programs and functions as users do, which are built once before.
      project('programs', ['test/{e2e,attack}/**/*.test.ts'], {
        isolate: false,
        globalSetup: 'test/support/build.ts',
      }),
    ],
    // Most of them wait for sockets and child processes most of the time.
    maxWorkers: 4,
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

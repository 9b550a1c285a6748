import { defineConfig } from 'vitest/config'

/** The tests that mutants of the pure domain are held against: quick, and in no need of sockets. */
export default defineConfig({
  test: { include: ['test/unit/{model,checks}/**/*.test.ts'], testTimeout: 300_000 },
})

import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/support/build.ts',
    coverage: {
      provider: 'v8',
      include: ['shared/model/**', 'shared/checks/**'],
      thresholds: { branches: 95 },
    },
  },
})

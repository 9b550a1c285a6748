/**
 * Mutation testing of the pure domain: a change of the code that no test notices is a rule that no test holds.
 * Reports are in `dist/mutation`.
 */
export default {
  mutate: ['shared/model/**/*.ts', 'shared/checks/**/*.ts'],
  plugins: ['./test/mutation/runner.ts'],
  testRunner: 'in-process',
  // Its API for reading a tsconfig is gone in TypeScript 7, and nothing here needs one.
  tsconfigFile: 'none',
  // What a module does when it is loaded, tables and schemas above all, would take most of the time.
  ignoreStatic: true,
  ignorePatterns: ['dist', 'coverage', 'data', '.ci'],
  concurrency: 2,
  tempDirName: 'dist/mutation/sandbox',
  reporters: ['progress-append-only', 'clear-text', 'html', 'json'],
  clearTextReporter: { allowColor: false, reportTests: false },
  htmlReporter: { fileName: 'dist/mutation/report.html' },
  jsonReporter: { fileName: 'dist/mutation/report.json' },
  thresholds: { high: 99, low: 97, break: 97 },
}

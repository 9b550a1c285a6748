import { databaseDrivers } from './infra/build/drivers.mjs'

/**
 * What each folder may import of the others: the one table of the layers. Paths are relative to the root; a folder
 * stands for all that is in it, and what is not listed is refused. `test` sees everything and nobody sees `test`.
 */
const layers = {
  'shared/model': [],
  'shared/checks': ['shared/model'],
  'shared/ports': ['shared/model', 'shared/checks'],
  'shared/webhooks/model': ['shared/model'],
  'shared/webhooks/events': ['shared/model', 'shared/checks', 'shared/webhooks/model'],
  'shared/webhooks/formats': ['shared/model', 'shared/webhooks/model', 'shared/webhooks/events'],
  'shared/webhooks/delivery': ['shared/model', 'shared/checks', 'shared/ports', 'shared/webhooks'],
  'shared/webhooks': ['shared/model', 'shared/checks', 'shared/ports'],
  'shared/flows': ['shared/model', 'shared/checks', 'shared/ports', 'shared/webhooks'],
  'shared/adapters': ['shared/model', 'shared/checks', 'shared/ports', 'shared/webhooks'],
  'shared/runtime': [
    'shared/model',
    'shared/checks',
    'shared/ports',
    'shared/webhooks',
    'shared/flows',
    'shared/adapters',
  ],
  functions: [
    'shared/model',
    'shared/checks',
    'shared/ports',
    'shared/webhooks',
    'shared/flows',
    'shared/runtime',
  ],
  infra: [
    'shared/model',
    'shared/checks',
    'shared/ports',
    'shared/webhooks',
    'shared/flows',
    'shared/runtime',
    'functions',
  ],
}

/** Layers that read no files, no network and no clock. */
const pure = [
  'shared/model',
  'shared/checks',
  'shared/webhooks/model',
  'shared/webhooks/events',
  'shared/webhooks/formats',
]

/** Layers that may use SDKs and drivers. */
const connected = ['shared/adapters', 'shared/runtime', 'functions', 'infra']

const inputAndOutput = [
  'node:fs',
  'node:fs/*',
  'node:net',
  'node:tls',
  'node:http*',
  'node:child_process',
  'node:timers*',
  'node:process',
]

/** Who looks up names: everybody else asks `names/name-lookup.ts`, which holds no thread while a name server is silent. */
const resolvers = ['shared/adapters/names/**', 'shared/adapters/oracle/sockets.ts']

const drivers = [
  ...databaseDrivers,
  '@photostructure/*',
  '@middy/*',
  'tablestore',
  '@alicloud/*',
  'nodemailer',
]

/** Every folder that a rule can name. */
const folders = [...Object.keys(layers), 'test']

/** Folders that a layer must not see: all but itself and what the table allows, each with all that lies inside. */
const refusedTo = (layer) => {
  const seen = [layer, ...layers[layer]]
  const isInside = (folder, outer) => folder.startsWith(`${outer}/`)
  const refused = folders.filter(
    (folder) => !seen.some((each) => each === folder || isInside(folder, each) || isInside(each, folder)),
  )
  return refused.filter((folder) => !refused.some((outer) => isInside(folder, outer)))
}

/** The last name of a path is enough, and all that there may be: an import is written relative to its file. */
const patternOf = (folder) => `**/${folder.split('/').at(-1)}/**`

/** What the files of a layer must not import. */
const refusedImports = (layer) => [
  {
    group: refusedTo(layer).map(patternOf),
    message: `${layer} must not see this folder: the table of the layers stands in oxlint.config.mjs.`,
  },
  ...(pure.includes(layer)
    ? [{ group: inputAndOutput, message: 'The domain is pure: it reads no files, no network and no clock.' }]
    : []),
  ...(connected.includes(layer)
    ? []
    : [{ group: drivers, message: 'SDKs and drivers are seen by adapters alone.' }]),
]

const noLookups = {
  group: ['node:dns', 'node:dns/*'],
  allowTypeImports: true,
  message: 'Names are looked up in shared/adapters/names, where a silent name server delays nobody else.',
}

/** A later block replaces an earlier one, so that each states its whole list; the most general folders come first. */
const layerRules = Object.keys(layers)
  .toSorted((one, other) => one.split('/').length - other.split('/').length)
  .map((layer) => ({
    files: [`${layer}/**`],
    rules: {
      'no-restricted-imports': ['error', { patterns: [...refusedImports(layer), noLookups] }],
      ...(pure.includes(layer) && {
        'no-restricted-globals': ['error', 'fetch', 'process', 'setTimeout', 'setInterval'],
      }),
    },
  }))

/** Rules against a hidden `any`: what comes from outside passes a schema or says what it is. */
const unsafe = (level) =>
  Object.fromEntries(
    ['argument', 'assignment', 'call', 'member-access', 'return'].map((use) => [
      `typescript/no-unsafe-${use}`,
      level,
    ]),
  )

const functionLength = (max) => ['error', { max, skipBlankLines: true, skipComments: true }]

export default {
  plugins: ['typescript', 'import', 'unicorn', 'oxc', 'promise', 'node', 'vitest'],
  options: { typeAware: true, typeCheck: true, denyWarnings: true },
  categories: { correctness: 'error', suspicious: 'error', perf: 'error' },
  env: { node: true, es2024: true },
  ignorePatterns: ['dist', 'coverage', 'node_modules'],
  rules: {
    'typescript/no-explicit-any': 'error',
    ...unsafe('error'),
    'typescript/no-non-null-assertion': 'error',
    'typescript/no-floating-promises': 'error',
    'typescript/no-misused-promises': 'error',
    'typescript/consistent-type-imports': 'error',
    'typescript/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    'unicorn/prefer-set-has': 'off',
    'unicorn/consistent-function-scoping': ['error', { checkArrowFunctions: false }],
    'import/no-cycle': ['error', { ignoreTypes: false }],
    'import/no-default-export': 'off',
    'eslint/max-lines': functionLength(300),
    'eslint/max-lines-per-function': functionLength(60),
    'eslint/no-await-in-loop': 'off',
    'typescript/consistent-return': 'off',
    'unicorn/no-array-sort': 'off',
    'unicorn/no-array-reverse': 'off',
    'import/no-named-as-default-member': 'off',
  },
  overrides: [
    ...layerRules,
    {
      files: resolvers,
      rules: { 'no-restricted-imports': ['error', { patterns: refusedImports('shared/adapters') }] },
    },
    {
      // A factory that returns a port holds the port's functions: its size is that of a module, not of a function.
      files: ['shared/adapters/**', 'shared/runtime/**'],
      rules: { 'eslint/max-lines-per-function': functionLength(120) },
    },
    {
      // Programs without types, where every value that comes from elsewhere is `any`.
      files: ['**/*.{mjs,cjs}'],
      rules: unsafe('off'),
    },
    {
      files: ['test/**', '*.config.ts', '*.config.mjs'],
      rules: {
        // Properties of fast-check hold their assertions and conditions inside.
        'vitest/expect-expect': 'off',
        'vitest/no-conditional-expect': 'off',
        'oxc/no-map-spread': 'off',
        'typescript/no-unsafe-type-assertion': 'off',
        'typescript/no-unnecessary-type-assertion': 'off',
        'typescript/no-non-null-assertion': 'off',
        'eslint/max-lines': 'off',
        'eslint/max-lines-per-function': 'off',
        // Matchers of vitest, as `expect.any(String)`, are typed as `any`.
        'typescript/no-unsafe-assignment': 'off',
      },
    },
  ],
}

const standIn = new URL('./tests.ts', import.meta.url).href

/** Gives test files the stand-in for vitest; the stand-in gets vitest itself. */
export const resolve = async (specifier, context, next) =>
  specifier === 'vitest' && context.parentURL?.split('?')[0] !== standIn
    ? { url: standIn, format: 'module', shortCircuit: true }
    : next(specifier, context)

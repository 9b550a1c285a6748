import type { Pages } from '../../shared/ports/pages.ts'

/** Pages of prechecks that nothing keeps. */
export const pagesInMemory = (): Pages => {
  const known = new Map<string, Uint8Array>()
  return {
    putPages: async (precheckId, pages) => {
      for (const { name, packed } of pages) known.set(`${precheckId} ${name}`, packed)
    },
    getPage: async (precheckId, name) => known.get(`${precheckId} ${name}`) ?? null,
  }
}

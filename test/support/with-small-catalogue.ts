import { vi } from 'vitest'

/** A setup file: the tests of its project meet the small catalogue wherever they would meet that of the product. */
vi.mock(import('../../shared/checks/catalogue.ts'), async (original) => {
  const { smallCatalogue } = await import('./small-catalogue.ts')
  return smallCatalogue(await original())
})

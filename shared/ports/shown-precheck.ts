import { Extract, type ShownPrecheck, shownWith } from '../model/extract.ts'
import type { CompletedPrecheck, Precheck, RunningPrecheck } from '../model/precheck.ts'
import { type Pages, readNamed } from './pages.ts'

/** A completed precheck as answers show it: of one with large results, the first of what is in their pages. */
export const shownCompleted = async (
  pages: Pick<Pages, 'getPage'>,
  precheck: CompletedPrecheck,
): Promise<ShownPrecheck> => {
  const { id, large } = precheck
  const extract = large && (await readNamed(pages, id, large.extract, Extract))
  // Pages of a last result may be forgotten before it: then its document is what there is.
  return extract ? shownWith(precheck, extract) : precheck
}

/** A precheck as answers show it. */
export const shownPrecheck = async (
  pages: Pick<Pages, 'getPage'>,
  precheck: Precheck,
): Promise<RunningPrecheck | ShownPrecheck> =>
  precheck.state === 'running' ? precheck : shownCompleted(pages, precheck)

import type { ShownPrecheck } from '../../../shared/model/extract.ts'
import type { Locale } from '../../../shared/model/message.ts'
import type { RunningPrecheck } from '../../../shared/model/precheck.ts'
import type { Reading } from '../routing/route.ts'
import { type PrecheckView, precheckView } from '../views/precheck-view.ts'
import { htmlOf } from './html.ts'
import { junitOf } from './junit.ts'
import { nagiosOf } from './nagios.ts'

const reading = (
  type: string,
  read: (view: PrecheckView, locale: Locale) => string,
): Reading<RunningPrecheck | ShownPrecheck> => ({
  type,
  read: (precheck, locale) => read(precheckView(precheck, locale), locale),
})

/** A precheck as a page, as a report of JUnit, and as a line of Nagios. */
export const precheckReadings = [
  reading('text/html', htmlOf),
  reading('application/xml', junitOf),
  reading('text/plain', nagiosOf),
] as const

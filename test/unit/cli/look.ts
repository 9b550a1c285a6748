import { paintFor } from '../../../infra/cli/reports/paint.ts'
import type { Look } from '../../../infra/cli/reports/terminal.ts'

/** What a report looks like in a file: English, without colours, lines as long as they are. */
export const look: Look = {
  paint: paintFor(false, {}),
  say: ({ en }) => en,
  width: Number.POSITIVE_INFINITY,
}

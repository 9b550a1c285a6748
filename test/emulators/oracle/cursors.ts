import { endOfCall, returnParameters, rowsAnswer } from './messages.ts'
import type { RowsAnswer } from './scenario.ts'

/** ORA-01403: no more rows. Not an error: it ends a result. */
const noMoreRows = 1403

/** Open cursors of one session. Their ids count from 1, 0 stands for none. */
export const openCursors = () => {
  const cursors: { readonly answer: RowsAnswer; sent: number }[] = []
  return {
    open: (answer: RowsAnswer): number => cursors.push({ answer, sent: 0 }),

    /** Begins again at the first row; undefined for a cursor that was never opened. */
    restart: (id: number): RowsAnswer | undefined => {
      const cursor = cursors[id - 1]
      if (cursor) cursor.sent = 0
      return cursor?.answer
    },

    /** The next rows and whether there are more, as messages; undefined for a cursor that was never opened. */
    nextPage: (id: number, wanted: number): readonly Buffer[] | undefined => {
      const cursor = cursors[id - 1]
      if (!cursor) return
      const { rows } = cursor.answer
      const page = rows.slice(cursor.sent, cursor.sent + Math.max(1, wanted))
      cursor.sent += page.length
      const end = endOfCall({
        code: cursor.sent >= rows.length ? noMoreRows : 0,
        cursor: id,
        rows: cursor.sent,
      })
      return [rowsAnswer(page), returnParameters, end]
    },
  }
}

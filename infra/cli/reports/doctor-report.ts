import type { DoctorFinding } from '../service/doctor.ts'
import { padded } from './cells.ts'
import { statusMarks, statusTone, wrapped } from './layout.ts'
import type { Look } from './terminal.ts'

/** Cells of the name of what was looked at. */
const nameCells = 13

/** Cells before what was found. */
const textIndent = nameCells + 3

/** A line for each thing that was looked at. */
export const doctorReport = (findings: readonly DoctorFinding[], { paint, say, width }: Look): string =>
  findings
    .flatMap(({ part, status, text }) => {
      const mark = paint[statusTone[status]](statusMarks[status])
      return wrapped(`${mark} ${padded(say(part), nameCells)} ${say(text)}`, { width, hanging: textIndent })
    })
    .map((line) => `${line}\n`)
    .join('')

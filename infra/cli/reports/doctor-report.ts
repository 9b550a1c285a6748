import type { DoctorFinding } from '../service/doctor.ts'
import { statusMarks, statusTone } from './layout.ts'
import type { Paint } from './paint.ts'

/** Columns of the name of what was looked at. */
const nameWidth = 13

/** A line for each thing that was looked at. */
export const doctorReport = (findings: readonly DoctorFinding[], paint: Paint): string =>
  findings
    .map(({ part, status, text }) => {
      const mark = paint[statusTone[status]](statusMarks[status])
      return `${mark} ${part.padEnd(nameWidth)} ${text}\n`
    })
    .join('')

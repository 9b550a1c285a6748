import { clockTime, exactTime } from './times.ts'
import { secondsOf } from '../state/seconds.ts'

/** A time of the service on the clock of the reader; its zone and UTC under the pointer. */
export const Moment = ({ at }: { readonly at: string }) => (
  <time dateTime={at} title={exactTime(secondsOf(at))}>
    {clockTime(secondsOf(at))}
  </time>
)

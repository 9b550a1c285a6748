import { clockTime, exactTime, secondsOf } from '../state/times.ts'

/** A time of the service on the clock of the reader; its zone and UTC under the pointer. */
export const Moment = ({ at }: { readonly at: string }) => (
  <time dateTime={at} title={exactTime(secondsOf(at))}>
    {clockTime(secondsOf(at))}
  </time>
)

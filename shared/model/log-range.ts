import * as z from 'zod'
import { ascending } from './ascending.ts'

/** A log sequence number of SQL Server, `numeric(25,0)` in decimal. */
export const Lsn = z.string().regex(/^\d{1,25}$/)
type Lsn = z.infer<typeof Lsn>

/** A part of a transaction log without holes. */
export const LogRange = z.strictObject({ from: Lsn, to: Lsn })
export type LogRange = Readonly<z.infer<typeof LogRange>>

/** How far the ranges lead on from a place in the log, one after the other. */
export const reachOf = (from: Lsn, ranges: readonly LogRange[]): Lsn => {
  let reached = BigInt(from)
  const inOrder = ranges
    .map((range) => ({ from: BigInt(range.from), to: BigInt(range.to) }))
    .toSorted((one, other) => ascending(one.from, other.from))
  for (const range of inOrder) if (range.from <= reached && range.to > reached) reached = range.to
  return reached.toString()
}

/** Whether the ranges hold all of a part of the log. */
export const isCovered = ({ from, to }: LogRange, ranges: readonly LogRange[]): boolean =>
  BigInt(reachOf(from, ranges)) >= BigInt(to)

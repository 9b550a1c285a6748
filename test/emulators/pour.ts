import type { Writable } from 'node:stream'

/** The same bytes over and over: as fast as they are taken, or one chunk in so many ms. */
export interface Endless {
  readonly chunk: Buffer
  readonly everyMs?: number
}

/** Writes without an end, until the other side closes. */
export const pour = (stream: Writable, { chunk, everyMs }: Endless): void => {
  const timer = everyMs === undefined ? undefined : setInterval(() => stream.write(chunk), everyMs)
  const fill = (): void => {
    while (!stream.destroyed && stream.write(chunk));
  }
  stream.on('close', () => clearInterval(timer))
  if (timer) return
  stream.on('drain', fill)
  fill()
}

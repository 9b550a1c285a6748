/** Places in the memory that a check thread shares with its host. */
const beatsPlace = 0
const callPlace = 1
const places = 2

/** What a check thread tells its host even while it is blocked, in memory that both of them see. */
export interface Pulse {
  /** For the thread, again and again while it has calls: it is not blocked. */
  readonly beat: () => void
  /** For the thread: bytes of a server go to the driver of this call now. */
  readonly note: (callId: number) => void
  /** How often it has beaten; 0 while its program is being loaded. */
  readonly beats: () => number
  /** The call that was noted last; 0 if none was. */
  readonly noted: () => number
}

/** Memory for a pulse. */
export const pulseMemory = (): SharedArrayBuffer =>
  new SharedArrayBuffer(places * Int32Array.BYTES_PER_ELEMENT)

/** The pulse in some memory. */
export const pulseIn = (memory: SharedArrayBuffer): Pulse => {
  const numbers = new Int32Array(memory)
  return {
    beat: () => void Atomics.add(numbers, beatsPlace, 1),
    note: (callId) => void Atomics.store(numbers, callPlace, callId),
    beats: () => Atomics.load(numbers, beatsPlace),
    noted: () => Atomics.load(numbers, callPlace),
  }
}

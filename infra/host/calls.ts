import type { MessagePort, Worker } from 'node:worker_threads'

/** What one thread says to the other in one turn of its event loop: texts that it asks to have dealt with, and what became of those it was asked. */
interface Parcel {
  readonly asked: readonly (readonly [id: number, text: string])[]
  readonly ended: readonly (readonly [id: number, fault: string | null])[]
}

/** A parcel of this size leaves at once, so that the other thread has work while this one goes on with its own. */
const fullParcel = 64

/** This end of the calls between two threads. */
export interface Calls {
  /** Has the other thread deal with a text; rejects with what it failed at. */
  readonly call: (text: string) => Promise<void>
  /** Rejects every call that is open, since the other thread is gone. */
  readonly abandon: () => void
}

interface OpenCall {
  readonly resolve: () => void
  readonly reject: (cause: Error) => void
}

/**
 * Calls in both directions between two threads. Those of one turn of the event loop travel in one message, since a message
 * costs far more than what it carries.
 */
export const callsOver = (
  port: Pick<MessagePort | Worker, 'on' | 'postMessage'>,
  serve: (text: string) => Promise<void>,
): Calls => {
  const open = new Map<number, OpenCall>()
  let lastId = 0
  let asked: (readonly [number, string])[] = []
  let ended: (readonly [number, string | null])[] = []
  let isScheduled = false

  const post = (): void => {
    if (asked.length + ended.length === 0) return
    port.postMessage({ asked, ended } satisfies Parcel)
    asked = []
    ended = []
  }
  const atEndOfTurn = (): void => {
    isScheduled = false
    post()
  }
  const schedule = (): void => {
    if (asked.length + ended.length >= fullParcel) post()
    if (isScheduled) return
    isScheduled = true
    setImmediate(atEndOfTurn)
  }
  const tell = (id: number, fault: string | null): void => {
    ended.push([id, fault])
    schedule()
  }

  port.on('message', (parcel: Parcel) => {
    for (const [id, text] of parcel.asked) {
      serve(text).then(
        () => tell(id, null),
        (cause: unknown) => tell(id, String(cause)),
      )
    }
    for (const [id, fault] of parcel.ended) {
      const call = open.get(id)
      open.delete(id)
      if (fault === null) call?.resolve()
      else call?.reject(new Error(fault))
    }
  })

  return {
    call: (text) =>
      new Promise((resolve, reject) => {
        lastId += 1
        open.set(lastId, { resolve, reject })
        asked.push([lastId, text])
        schedule()
      }),
    abandon: () => {
      for (const { reject } of open.values()) reject(new Error('the thread is gone'))
      open.clear()
    },
  }
}

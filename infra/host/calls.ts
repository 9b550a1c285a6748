import type { MessagePort, Worker } from 'node:worker_threads'

type Port = Pick<MessagePort | Worker, 'on' | 'postMessage'>

/** One message that a call gives while it goes on, and the queue that it is for. */
export interface Reply {
  readonly queue: 'results' | 'checks'
  readonly body: string
  readonly delaySeconds: number
}

/** Calls of one turn of the event loop. Flat lists, since nested ones cost twice as much to copy. */
interface Asked {
  readonly ids: number[]
  readonly texts: string[]
}

/** What calls gave in one turn of the event loop: replies, the end of a call, or why it failed (`text`). */
interface Answered {
  readonly ids: number[]
  readonly kinds: (Reply['queue'] | 'ended' | 'failed')[]
  readonly texts: string[]
  readonly delays: number[]
}

const noAnswers = (): Answered => ({ ids: [], kinds: [], texts: [], delays: [] })

/** A parcel of this size leaves at once, so that the other thread has work while this one goes on with its own. */
const fullParcel = 64

/**
 * Posts what was added to a parcel at the end of the turn of the event loop, or as soon as it is complete: a message
 * between threads costs far more than what it carries.
 */
const parcels = (isEmpty: () => boolean, isComplete: () => boolean, post: () => void): (() => void) => {
  let isScheduled = false
  const atEndOfTurn = (): void => {
    isScheduled = false
    if (!isEmpty()) post()
  }
  return () => {
    if (isComplete()) return post()
    if (isScheduled) return
    isScheduled = true
    setImmediate(atEndOfTurn)
  }
}

/** The calling end. */
export interface Calls {
  /**
   * Has the other thread deal with a text. Resolves when it has ended and all its replies are taken care of; rejects
   * with what it failed at, or with what kept a reply from being taken care of.
   */
  readonly call: (text: string, take: (reply: Reply) => Promise<unknown>) => Promise<void>
  /** Calls that have not ended. */
  readonly openCalls: () => number
  /** Rejects every call that is open, since the other thread is gone. */
  readonly abandon: () => void
}

interface OpenCall {
  readonly take: (reply: Reply) => Promise<unknown>
  readonly taken: Promise<unknown>[]
  readonly resolve: (end: unknown) => void
  readonly reject: (cause: Error) => void
}

/** Awaited only when its call has ended; until then a rejection that nobody hears would end the process. */
const keepForLater = (taken: Promise<unknown>): Promise<unknown> => {
  taken.catch(() => undefined)
  return taken
}

/** Calls into the thread at the other end of a port. */
export const callsInto = (port: Port): Calls => {
  const open = new Map<number, OpenCall>()
  let lastId = 0
  let asked: Asked = { ids: [], texts: [] }
  const added = parcels(
    () => asked.ids.length === 0,
    () => asked.ids.length === fullParcel,
    () => {
      port.postMessage(asked)
      asked = { ids: [], texts: [] }
    },
  )

  const hear = (id: number, kind: Answered['kinds'][number], text: string, delaySeconds: number): void => {
    const call = open.get(id)
    if (kind === 'results' || kind === 'checks') {
      call?.taken.push(keepForLater(call.take({ queue: kind, body: text, delaySeconds })))
      return
    }
    open.delete(id)
    if (kind === 'ended') call?.resolve(call.taken.length === 1 ? call.taken[0] : Promise.all(call.taken))
    else call?.reject(new Error(text))
  }

  port.on('message', ({ ids, kinds, texts, delays }: Answered) => {
    for (const [index, id] of ids.entries()) {
      hear(id, kinds[index] ?? 'failed', texts[index] ?? '', delays[index] ?? 0)
    }
  })

  return {
    call: async (text, take) => {
      const ended = new Promise<unknown>((resolve, reject) => {
        lastId += 1
        open.set(lastId, { take, taken: [], resolve, reject })
      })
      asked.ids.push(lastId)
      asked.texts.push(text)
      added()
      await ended
    },
    openCalls: () => open.size,
    abandon: () => {
      for (const { reject } of open.values()) reject(new Error('the thread is gone'))
      open.clear()
    },
  }
}

/** Deals with the text of a call; replies are given as they come. */
export type Serve = (text: string, give: (reply: Reply) => void) => Promise<void>

/** Answers the calls that come in through a port. */
export const answerCalls = (port: Port, serve: Serve): void => {
  let answered = noAnswers()
  let open = 0
  // Complete when nothing is left to wait for: what was asked together then mostly is answered together.
  const added = parcels(
    () => answered.ids.length === 0,
    () => open === 0,
    () => {
      port.postMessage(answered)
      answered = noAnswers()
    },
  )
  const tell = (id: number, kind: Answered['kinds'][number], text: string, delaySeconds = 0): void => {
    answered.ids.push(id)
    answered.kinds.push(kind)
    answered.texts.push(text)
    answered.delays.push(delaySeconds)
    added()
  }
  const end = (id: number, kind: 'ended' | 'failed', text: string): void => {
    open -= 1
    tell(id, kind, text)
  }

  port.on('message', ({ ids, texts }: Asked) => {
    open += ids.length
    for (const [index, id] of ids.entries()) {
      const give = ({ queue, body, delaySeconds }: Reply): void => tell(id, queue, body, delaySeconds)
      serve(texts[index] ?? '', give).then(
        () => end(id, 'ended', ''),
        (cause: unknown) => end(id, 'failed', String(cause)),
      )
    }
  })
}

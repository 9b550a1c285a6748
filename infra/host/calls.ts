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

/**
 * What calls gave in one turn of the event loop: replies, a login that begins, a server that sent more than it may, the
 * end of a call, or why it failed (`text`).
 */
interface Answered {
  readonly ids: number[]
  readonly kinds: (Reply['queue'] | 'logs-in' | 'exceeded' | 'ended' | 'failed')[]
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

/** How a call ended that did not fail. */
export interface CallEnd {
  /** A server sent more than it may. */
  readonly hasExceeded: boolean
}

/** The calling end. */
export interface Calls {
  /**
   * Has the other thread deal with a text. Resolves when it has ended and all its replies are taken care of; rejects
   * with what it failed at, or with what kept a reply from being taken care of.
   */
  readonly call: (text: string, take: (reply: Reply) => Promise<unknown>) => Promise<CallEnd>
  /** Calls that have not ended. */
  readonly openCalls: () => number
  /** Rejects every call that is open, since the other thread is gone, with what becomes of it. */
  readonly abandon: (fateOf: (call: LostCall) => Error) => void
}

/** A call whose thread is gone. */
export interface LostCall {
  readonly id: number
  readonly text: string
  /** A password may have been sent for it. */
  readonly hasLoggedIn: boolean
}

interface OpenCall {
  readonly text: string
  hasLoggedIn: boolean
  readonly end: { hasExceeded: boolean }
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
    if (kind === 'logs-in') {
      if (call) call.hasLoggedIn = true
      return
    }
    if (kind === 'exceeded') {
      if (call) call.end.hasExceeded = true
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
      const end = { hasExceeded: false }
      const ended = new Promise<unknown>((resolve, reject) => {
        lastId += 1
        open.set(lastId, { text, hasLoggedIn: false, end, take, taken: [], resolve, reject })
      })
      asked.ids.push(lastId)
      asked.texts.push(text)
      added()
      await ended
      return end
    },
    openCalls: () => open.size,
    abandon: (fateOf) => {
      for (const [id, { text, hasLoggedIn, reject }] of open) reject(fateOf({ id, text, hasLoggedIn }))
      open.clear()
    },
  }
}

/** What a call tells while it goes on. */
export interface Telling {
  readonly give: (reply: Reply) => void
  /** A password is about to be sent. */
  readonly logsIn: () => void
  /** A server sent more than it may. */
  readonly exceeds: () => void
}

/** Deals with the text of a call; replies are given as they come. */
export type Serve = (callId: number, text: string, telling: Telling) => Promise<void>

/** Answers the calls that come in through a port. `onOpen` hears how many are open whenever that changes. */
export const answerCalls = (
  port: Port,
  serve: Serve,
  onOpen: (open: number) => void = () => undefined,
): void => {
  let answered = noAnswers()
  let open = 0
  // Complete also when nothing is left to wait for: what was asked together then mostly is answered together.
  const added = parcels(
    () => answered.ids.length === 0,
    () => open === 0 || answered.ids.length >= fullParcel,
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
    onOpen(open)
    tell(id, kind, text)
  }

  const begin = (id: number, text: string): void => {
    const give = ({ queue, body, delaySeconds }: Reply): void => tell(id, queue, body, delaySeconds)
    const logsIn = (): void => tell(id, 'logs-in', '')
    const exceeds = (): void => tell(id, 'exceeded', '')
    serve(id, text, { give, logsIn, exceeds }).then(
      () => end(id, 'ended', ''),
      (cause: unknown) => end(id, 'failed', String(cause)),
    )
  }

  port.on('message', ({ ids, texts }: Asked) => {
    open += ids.length
    onOpen(open)
    // Parcels that come in quick succession are heard in one turn: whoever gave way before goes on first.
    setImmediate(() => {
      for (const [index, id] of ids.entries()) begin(id, texts[index] ?? '')
    })
  })
}

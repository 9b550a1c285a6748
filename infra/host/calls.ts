import type { MessagePort, Worker } from 'node:worker_threads'

type Port = Pick<MessagePort | Worker, 'on' | 'postMessage'>

/** What became of a call: the texts that it gave, or why it failed. */
type Answer = readonly string[] | { readonly fault: string }

/** Calls of one turn of the event loop. Flat lists of ids with what belongs to them, since nested ones cost twice as much to copy. */
interface Asked {
  readonly ids: number[]
  readonly texts: string[]
}
interface Answered {
  readonly ids: number[]
  readonly answers: Answer[]
}

/** A parcel of this size leaves at once, so that the other thread has work while this one goes on with its own. */
const fullParcel = 64

/**
 * Posts what was added to a parcel at the end of the turn of the event loop, or as soon as it is complete: a message between
 * threads costs far more than what it carries.
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
  /** Has the other thread deal with a text; resolves with the texts that it gave, rejects with what it failed at. */
  readonly call: (text: string) => Promise<readonly string[]>
  /** Rejects every call that is open, since the other thread is gone. */
  readonly abandon: () => void
}

interface OpenCall {
  readonly resolve: (answer: readonly string[]) => void
  readonly reject: (cause: Error) => void
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

  port.on('message', ({ ids, answers }: Answered) => {
    for (const [index, id] of ids.entries()) {
      const call = open.get(id)
      const answer = answers[index] ?? []
      open.delete(id)
      if ('fault' in answer) call?.reject(new Error(answer.fault))
      else call?.resolve(answer)
    }
  })

  return {
    call: (text) =>
      new Promise((resolve, reject) => {
        lastId += 1
        open.set(lastId, { resolve, reject })
        asked.ids.push(lastId)
        asked.texts.push(text)
        added()
      }),
    abandon: () => {
      for (const { reject } of open.values()) reject(new Error('the thread is gone'))
      open.clear()
    },
  }
}

/** Answers the calls that come in through a port. */
export const answerCalls = (port: Port, serve: (text: string) => Promise<readonly string[]>): void => {
  let answered: Answered = { ids: [], answers: [] }
  let open = 0
  // Complete when nothing is left to wait for: what was asked together then mostly is answered together.
  const added = parcels(
    () => answered.ids.length === 0,
    () => open === 0,
    () => {
      port.postMessage(answered)
      answered = { ids: [], answers: [] }
    },
  )
  const tell = (id: number, answer: Answer): void => {
    open -= 1
    answered.ids.push(id)
    answered.answers.push(answer)
    added()
  }

  port.on('message', ({ ids, texts }: Asked) => {
    open += ids.length
    for (const [index, id] of ids.entries()) {
      serve(texts[index] ?? '').then(
        (answer) => tell(id, answer),
        (cause: unknown) => tell(id, { fault: String(cause) }),
      )
    }
  })
}

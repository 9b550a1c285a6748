import { parentPort, workerData } from 'node:worker_threads'

/**
 * Program of one instance of the built-in runtime `nodejs20`: loads the code of a function once, hands every event to
 * its handler as a Buffer, and gives back the bytes of what it returned (manual, "Handler": a Buffer as it is, an
 * object as JSON, everything else as text).
 */

const { program, exportName } = workerData
const { [exportName]: handler } = await import(program)
if (typeof handler !== 'function') throw new TypeError(`${program} exports no function "${exportName}"`)

const toBytes = (value) => {
  if (value instanceof Uint8Array) return value
  return Buffer.from(typeof value === 'object' ? JSON.stringify(value) : String(value ?? ''))
}

const run = async ({ event, context }) => {
  try {
    const logger = { debug: console.log, info: console.log, warn: console.log, error: console.log }
    return { answer: toBytes(await handler(Buffer.from(event), { ...context, logger })) }
  } catch (fault) {
    return { errorType: fault?.name ?? 'Error', errorMessage: String(fault?.message ?? fault) }
  }
}

parentPort.on('message', (invocation) => {
  void run(invocation).then((outcome) => parentPort.postMessage(outcome, []))
})

import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { interrupted } from './request-failures.ts'

/** Takes what is typed and shows nothing of it. */
const nowhere = () =>
  new Writable({
    write: (_chunk, _encoding, done) => {
      done()
    },
  })

/**
 * Asks on the terminal; the question is no result, so that it goes where errors go. What is typed to a hidden question
 * is not shown. Rejects with `CommandFailed` where the user ends it.
 */
export const askOnTerminal = async (question: string, isHidden: boolean): Promise<string> => {
  const { stdin, stderr } = process
  const lines = createInterface({ input: stdin, output: isHidden ? nowhere() : stderr, terminal: true })
  if (isHidden) stderr.write(question)
  try {
    return await new Promise((resolve, reject) => {
      const end = (): void => reject(interrupted())
      lines.once('SIGINT', end).once('close', end)
      lines.question(isHidden ? '' : question).then(resolve, reject)
    })
  } finally {
    lines.close()
    if (isHidden) stderr.write('\n')
  }
}

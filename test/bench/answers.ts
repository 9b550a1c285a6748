import fc from 'fast-check'
import { Engine } from '../../shared/model/engine.ts'
import { judgeAnswer, questionsOf } from '../support/random-answers.ts'
import { print } from './print.ts'

/**
 * Judges random answers of servers of every engine, a million in all or as many as are asked for, from a seed if one
 * is given: `npm run answers -- 60000 42`. Each goes through every item of its engine: no exception, nothing that
 * cannot be stored or rendered, no cell that is ready without the facts that it rests on, and none that is greener
 * without one of them. A line is printed for each part, with the seed that brings it back.
 */

const [count = '1000000', first = String(Date.now() % 2 ** 31)] = process.argv.slice(2)
const [total, firstSeed] = [Number(count), Number(first)]
if (!Number.isSafeInteger(total) || total < 1 || !Number.isSafeInteger(firstSeed)) {
  print('How many answers, and from which seed? For example: npm run answers -- 60000 42')
  process.exit(1)
}
const perPart = 5000
const startedAt = performance.now()

let judged = 0
let readyCells = 0
for (let part = 0; judged < total; part += 1) {
  const engine = Engine.options[part % Engine.options.length] ?? 'oracle'
  const seed = firstSeed + part
  const numRuns = Math.min(perPart, total - judged)
  const property = fc.property(questionsOf(engine), (question) => {
    const result = judgeAnswer(engine, question)
    if (result.breaches.length > 0) throw new Error(result.breaches.join('\n'))
    readyCells += result.readyCells
  })
  fc.assert(property, { seed, numRuns })
  judged += numRuns
  const minutes = (performance.now() - startedAt) / 60_000
  print(
    `${engine} seed ${seed}: ${numRuns} answers; ${judged} in all, ${readyCells} cells ready, ${minutes.toFixed(1)} min`,
  )
}

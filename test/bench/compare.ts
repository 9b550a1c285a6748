import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type * as Bundles from './bundles.ts'
import { print, row } from './print.ts'
import { runApart, takeTurns } from './rounds.ts'

/**
 * CPU per no-op precheck of this tree beside that of another checkout of the project, each as its own benchmark
 * measures it, in turns: `npm run bench:compare -- <other tree>`. The other tree needs its packages installed.
 */

const rounds = 7
const prechecks = 10_000

const [other] = process.argv.slice(2)
if (other === undefined) throw new Error('usage: npm run bench:compare -- <other tree>')

/** Builds the benchmark of a tree by its own code. */
const build = async (folder: string): Promise<{ readonly folder: string; readonly program: string }> => {
  const source = pathToFileURL(join(resolve(folder), 'test/bench/bundles.ts')).href
  const { makeBundles, peerProgram } = (await import(source)) as typeof Bundles
  await makeBundles('run-peer')
  return { folder, program: peerProgram }
}

const median = (numbers: readonly number[]): number =>
  numbers.toSorted((one, another) => one - another)[Math.floor(numbers.length / 2)] ?? Number.NaN

const trees = [await build(other), await build('.')]
// A message for each check item: what a tree without modes does.
const entrant = { peer: 'ours', label: '', prechecks, environment: { PRECHECK_FAN_OUT: 'item' } }
const all = await takeTurns(trees, rounds, ({ program }) => {
  const figures = runApart(program, entrant)
  return 'missing' in figures ? Number.NaN : figures.cpuMs
})

print(`CPU ms per no-op precheck, ${rounds} rounds of ${prechecks} in turns:\n`)
print(row('', ['median', 'least', 'most']))
const medians = [...all].map(([{ folder }, cpuMs]) => {
  print(
    row(
      folder,
      [median(cpuMs), Math.min(...cpuMs), Math.max(...cpuMs)].map((ms) => ms.toFixed(3)),
    ),
  )
  return median(cpuMs)
})
const [before = Number.NaN, after = Number.NaN] = medians
print(`\nthis tree : other tree = ${(after / before).toFixed(3)}`)

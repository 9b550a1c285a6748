import { Command, InvalidArgumentError } from '@commander-js/extra-typings'
import { fuzz, fuzzSettings } from './fuzz/fuzz.ts'
import { beside } from './hostile/beside.ts'
import { withHost } from './quiet-host.ts'

/** The attacks by hand, with as much as is asked for; build before: `npm run attack -- --help`. */
const wholeNumber = (text: string): number => {
  const number = Number(text)
  if (Number.isSafeInteger(number) && number > 0) return number
  throw new InvalidArgumentError('It has to be a whole number above 0.')
}

const print = (figures: object): void => void process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`)

const fuzzing = new Command('fuzz')
  .description('asks the API what its OpenAPI document describes, and what it does not')
  .option('--requests <count>', 'how many', wholeNumber, 1_000_000)
  .option(
    '--seed <number>',
    'that of a run before, to make the same requests',
    wholeNumber,
    Date.now() % 2 ** 30,
  )
  .action(async ({ requests, seed }) => {
    process.stdout.write(`seed ${seed}\n`)
    const { served, ...figures } = await withHost((host) => fuzz(host, { requests, seed }), fuzzSettings)
    print({ ...figures, operationsServed: served.size, faults: 0 })
  })

const besides = new Command('beside')
  .description('prechecks healthy servers alone, then beside hostile ones of every kind')
  .option('--seconds <count>', 'how long each takes', wholeNumber, 60)
  .option('--prechecks <count>', 'of healthy servers', wholeNumber, 500)
  .option('--hostile <count>', 'hostile servers, of as many kinds (40 at most)', wholeNumber, 10)
  .action(async (plan) => print(await withHost((host) => beside(host, plan))))

await new Command('attack').addCommand(fuzzing, { isDefault: true }).addCommand(besides).parseAsync()

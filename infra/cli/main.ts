#!/usr/bin/env node
import { UsageWrong, readArguments, readTags, readTime, required, systemUser } from './arguments.ts'
import { accessFrom, RequestFailed } from './client.ts'
import { type Terminal, acknowledge, exitCodes, instances, last, run, watch } from './commands.ts'
import { paintFor } from './paint.ts'
import { sweep } from './sweep.ts'

const usage = `precheck: finds what would make a backup fail, before it runs.

  precheck run <instanceId>            starts a precheck of a registered instance and reports it
  precheck run --file instance.yaml    registers the instance of the file first
  precheck last <instanceId>           reports the last result
  precheck watch <precheckId>          follows a running precheck
  precheck instances                   lists what is registered
  precheck sweep [--tag KEY:VALUE]... [--engine ENGINE] [--region REGION]
                                       prechecks all registered instances, or those that match all of it, follows, and
                                       names those that did not pass or were not run
  precheck acknowledge <instanceId> <CHECK_ITEM> [--database NAME] --reason TEXT --until TIME [--author NAME]
                                       lets a known finding count as a warning until TIME: a day (its beginning,
                                       UTC) or a time with its zone, such as 2027-01-31T08:00+08:00

  --output json                        prints JSON instead of a report

Environment: PRECHECK_URL (http://127.0.0.1:9000), PRECHECK_TOKEN (the host's first token, from PRECHECK_DATA).
Exit code: 0 passed, 1 warning, 2 failed, 3 inconclusive or could not run; of a sweep the worst, and 1 at least if an
instance was not run.
`

const main = async (args: readonly string[]): Promise<number> => {
  const { positionals, values } = readArguments(args)
  const [command, subject, detail] = positionals
  const { output, file } = values
  if (values.help || command === undefined) {
    process.stdout.write(usage)
    return values.help ? exitCodes.passed : exitCodes.inconclusive
  }
  if (output !== 'text' && output !== 'json') throw new UsageWrong('--output takes "text" or "json".')
  const terminal: Terminal = {
    output,
    paint: paintFor(process.stdout.isTTY, process.env),
    write: (text) => void process.stdout.write(text),
  }
  const access = () => accessFrom(process.env)
  switch (command) {
    case 'run':
      if (file === undefined) required(subject, 'An instance id or --file')
      return run(access(), { instanceId: subject, file }, terminal)
    case 'last':
      return last(access(), required(subject, 'An instance id'), terminal)
    case 'watch':
      return watch(access(), required(subject, 'A precheck id'), terminal)
    case 'instances':
      return instances(access(), terminal)
    case 'sweep': {
      if (subject !== undefined)
        throw new UsageWrong(`A sweep takes --tag, --engine or --region, not "${subject}".`)
      const { engine, region, tag } = values
      return sweep(access(), { engine, region, tags: readTags(tag) }, terminal)
    }
    case 'acknowledge': {
      const request = {
        checkItem: required(detail, 'A check item'),
        database: values.database,
        reason: required(values.reason, '--reason'),
        author: required(values.author ?? systemUser(), '--author'),
        expiresAt: readTime(required(values.until, '--until'), '--until'),
      }
      return acknowledge(access(), required(subject, 'An instance id'), request, terminal)
    }
    default:
      throw new UsageWrong(`There is no command "${command}".`)
  }
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (fault) {
  process.exitCode = exitCodes.inconclusive
  if (fault instanceof UsageWrong) process.stderr.write(`${fault.message}\n\n${usage}`)
  else if (fault instanceof RequestFailed) process.stderr.write(`${fault.message}\n`)
  else throw fault
}

import * as z from 'zod'
import { computeUnits, fixedPerMonth, prices } from '../../infra/deploy/costs/prices.ts'
import { CheckSet } from '../../shared/model/check-selection.ts'
import { FanOut } from '../../shared/model/fan-out.ts'
import { startCloud } from '../support/cloud-service.ts'
import { demoPassword } from '../demo/scenes.ts'
import { ask } from '../support/service.ts'
import { startStandIns } from '../support/stand-ins.ts'
import { type Bill, type BilledFunction, runAlone, startCounting } from './billable.ts'

/**
 * What one precheck of each set costs on Alibaba Cloud: every billable request, counted by stand-ins of its services,
 * and the price of 1,000 prechecks for every way to carry items out (`PRECHECK_FAN_OUT`): of an Oracle, or of the
 * engine that is named, `npm run costs -- mysql`.
 */

const engine = z.enum(['oracle', 'sqlserver', 'mysql']).default('oracle').parse(process.argv[2])

const sets = [CheckSet.enum.essential, CheckSet.enum.standard] as const

/** The default on Function Compute, whose requests are shown one by one. */
const usualFanOut: FanOut = 'essential'

/** Seconds that an item may take: as the stand-ins answer, and as databases do that take their time. */
const itemSeconds = [0.054, 1, 5] as const

const prechecks = 1000
const deadlineSeconds = 3

/**
 * Prechecks before the one that is counted, so that every instance has loaded what it needs, as those of a busy service
 * have.
 */
const warmUps = 3

const cuOf = ({ invocations, seconds, vcpu, memoryGb, diskGb }: BilledFunction): number =>
  invocations * computeUnits.invocation +
  seconds *
    (vcpu * computeUnits.vcpuSecond +
      memoryGb * computeUnits.memoryGbSecond +
      diskGb * computeUnits.diskGbSecond)

const line = (...cells: readonly (string | number)[]): string => {
  const [first = '', second = '', ...numbers] = cells.map(String)
  return `${first.padEnd(22)}${second.padEnd(34)}${numbers.map((each) => each.padStart(10)).join('')}`
}

const usd = (amount: number): string => amount.toFixed(4)

const print = (text: string): void => void process.stdout.write(`${text}\n`)

const printRequests = ({ functions, requests, events }: Bill): void => {
  print(line('Service', 'Request', 'count', 'seconds', 'read CU', 'write CU'))
  for (const { name, invocations, seconds } of functions)
    if (invocations > 0) print(line('Function Compute', name, invocations, seconds.toFixed(3)))
  for (const { service, by, action, requests: count, readCu, writeCu } of requests) {
    if (count === 0) continue
    const who = by === 'trigger' ? ' (by the trigger)' : ''
    const units = service === 'Tablestore' ? ['', readCu, writeCu] : []
    print(line(service, `${action}${who}`, count, ...units))
  }
  if (events > 0) print(line('EventBridge', 'event', events))
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0)

/** The functions, with so many seconds for each check item. */
const withItemsOf = (seconds: number, functions: Bill['functions']): Bill['functions'] =>
  functions.map((each) =>
    each.name === 'precheck-run-check' ? { ...each, seconds: each.invocations * seconds } : each,
  )

/** What one precheck costs, by service, with so many seconds for each check item, USD. */
const costsOf = (
  { functions, requests, events }: Bill,
  seconds: number,
): readonly (readonly [string, number])[] => [
  ['Function Compute', sum(withItemsOf(seconds, functions).map(cuOf)) * prices.computeCu.usd],
  [
    'Tablestore',
    sum(requests.map(({ readCu }) => readCu)) * prices.readCu.usd +
      sum(requests.map(({ writeCu }) => writeCu)) * prices.writeCu.usd,
  ],
  ['EventBridge', events * prices.event.usd],
]

const printPrices = (bill: Bill): void => {
  print(`\n${line(`${prechecks} prechecks, USD`, '', ...itemSeconds.map((seconds) => `${seconds} s/item`))}`)
  const columns = itemSeconds.map((seconds) => costsOf(bill, seconds))
  for (const [index, [service]] of costsOf(bill, 0).entries())
    print(line(service, '', ...columns.map((column) => usd(prechecks * (column[index]?.[1] ?? 0)))))
  print(line('Sum', '', ...columns.map((column) => usd(prechecks * sum(column.map(([, amount]) => amount))))))
}

const standIns = await startStandIns()
// What an item that is healthy says is little, as it is every night.
standIns.heal()

interface Priced {
  readonly set: CheckSet
  readonly fanOut: FanOut
  readonly precheck: Bill
  readonly reading: Bill
}

/** Bills of a precheck of each set, and of reading its result once, on a cloud that carries items out in one way. */
const billsOf = async (fanOut: FanOut): Promise<Priced[]> => {
  const service = await startCloud({ password: demoPassword, deadlineSeconds, fanOut })
  const bills: Priced[] = []
  for (const set of sets) {
    const body = { ...standIns.definitionOf(engine, service.passwordReference), checks: { set } }
    await ask(service, 'PUT', `/v1/instances/${set}`, { body })
    for (let round = 0; round < warmUps; round += 1) await runAlone(service, set)
    const countPrecheck = startCounting(service)
    await runAlone(service, set)
    const precheck = countPrecheck()
    const countReading = startCounting(service)
    await ask(service, 'GET', `/v1/instances/${set}/prechecks/last`)
    bills.push({ set, fanOut, precheck, reading: countReading() })
  }
  queueTriggers = Object.keys(service.compute.queueTriggers).length
  await service.close()
  return bills
}

let queueTriggers = 0
const priced: Priced[] = []
for (const fanOut of FanOut.options) priced.push(...(await billsOf(fanOut)))

for (const { set, fanOut, precheck, reading } of priced) {
  if (fanOut !== usualFanOut) continue
  print(`\nOne precheck of the ${set} set of ${engine}, from its start to the passing of its deadline:\n`)
  printRequests(precheck)
  print('\nReading its result once:\n')
  printRequests(reading)
  printPrices(precheck)
}

print(
  `\n${line(`${prechecks} prechecks, USD`, 'PRECHECK_FAN_OUT', ...itemSeconds.map((seconds) => `${seconds} s/item`))}`,
)
for (const { set, fanOut, precheck } of priced) {
  const sums = itemSeconds.map((seconds) =>
    usd(prechecks * sum(costsOf(precheck, seconds).map(([, each]) => each))),
  )
  print(line(`${set} set`, fanOut, ...sums))
}
print('\nA month, whatever is run, USD:')
for (const { what, usd: amount } of fixedPerMonth(2 * queueTriggers))
  print(line(amount === null ? '' : amount.toFixed(2), what))
print('\nList prices, the page of each and its date:')
for (const [name, { usd: amount, page, date }] of Object.entries(prices))
  print(line(name, amount.toPrecision(2), `  ${page}  ${date}`))
print(`
CU of Function Compute = invocations × ${computeUnits.invocation} + seconds ×
(vCPU × ${computeUnits.vcpuSecond} + GB of memory ×
${computeUnits.memoryGbSecond} + GB of disk × ${computeUnits.diskGbSecond}).
Seconds but those of check items are those of this machine, with a whole core for each function.
Requests to queues are free up to 20 million a month; reading secrets of KMS is not priced by the request.`)

await standIns.close()

import { startCloud } from '../support/cloud-service.ts'
import { demoPassword } from '../demo/scenes.ts'
import { ask } from '../support/service.ts'
import { startStandIns } from '../support/stand-ins.ts'
import { type Bill, type BilledFunction, runAlone, startCounting } from './billable.ts'

/**
 * What one precheck of five items costs on Alibaba Cloud: every billable request, counted by stand-ins of its services,
 * and the price of 1,000 prechecks.
 */

/**
 * List prices, USD, as the manuals gave them (pay-as-you-go, first tier, Chinese mainland). Prices change: look them
 * up.
 */
const prices = {
  /** Function Compute, "Billing overview": a CU; and what makes one. */
  computeCu: 0.000_02,
  cuPerInvocation: 75 / 10_000,
  cuPerVcpuSecond: 1,
  cuPerMemoryGbSecond: 0.15,
  cuPerDiskGbSecond: 0.05,
  /** EventBridge, "Billing of event streams": 1,000,000 events of up to 64 KB. */
  millionEvents: 0.41,
  /**
   * Tablestore, "Billing examples": 10,000 read CUs of a high-performance instance. No manual gave that of writing:
   * twice as much is assumed.
   */
  tenThousandReadCus: 0.003,
  tenThousandWriteCus: 0.006,
  /** Simple Message Queue, "Billing overview": a queue for a day. The first 20 million requests of a month are free. */
  queueDay: 0.08,
} as const

const prechecks = 1000
const deadlineSeconds = 3

/**
 * Prechecks before the one that is counted, so that every instance has loaded what it needs, as those of a busy service
 * have.
 */
const warmUps = 3

const cuOf = ({ invocations, seconds, vcpu, memoryGb, diskGb }: BilledFunction): number =>
  invocations * prices.cuPerInvocation +
  seconds *
    (vcpu * prices.cuPerVcpuSecond +
      memoryGb * prices.cuPerMemoryGbSecond +
      diskGb * prices.cuPerDiskGbSecond)

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

const printPrices = ({ functions, requests, events }: Bill): void => {
  const computeCus = sum(functions.map(cuOf))
  const readCus = sum(requests.map(({ readCu }) => readCu))
  const writeCus = sum(requests.map(({ writeCu }) => writeCu))
  const items = [
    {
      service: 'Function Compute',
      formula: `${computeCus.toFixed(3)} CU × ${prices.computeCu}`,
      cost: computeCus * prices.computeCu,
    },
    {
      service: 'Tablestore',
      formula: `(${readCus} × ${prices.tenThousandReadCus} + ${writeCus} × ${prices.tenThousandWriteCus}) / 10,000`,
      cost: (readCus * prices.tenThousandReadCus + writeCus * prices.tenThousandWriteCus) / 10_000,
    },
    {
      service: 'EventBridge',
      formula: `${events} × ${prices.millionEvents} / 1,000,000`,
      cost: (events * prices.millionEvents) / 1_000_000,
    },
  ]
  print(`\n${prechecks} prechecks, USD:`)
  for (const { service, formula, cost } of items)
    print(
      `${service.padEnd(22)}${`${prechecks} × ${formula}`.padEnd(60)}${usd(prechecks * cost).padStart(8)}`,
    )
  print(`${'Sum'.padEnd(82)}${usd(prechecks * sum(items.map(({ cost }) => cost))).padStart(8)}`)
}

const standIns = await startStandIns()
const service = await startCloud({ password: demoPassword, deadlineSeconds })
const body = standIns.definitionOf('oracle', service.passwordReference)
await ask(service, 'PUT', '/v1/instances/priced', { body })
for (let round = 0; round < warmUps; round += 1) await runAlone(service, 'priced')

const countPrecheck = startCounting(service)
await runAlone(service, 'priced')
const precheck = countPrecheck()
const countReading = startCounting(service)
await ask(service, 'GET', '/v1/instances/priced/prechecks/last')
const reading = countReading()

print('One precheck of five items, from its start to the passing of its deadline:\n')
printRequests(precheck)
print('\nReading its result once:\n')
printRequests(reading)
printPrices(precheck)
const queues = 2 * Object.keys(service.compute.queueTriggers).length
print(`
CU of Function Compute = invocations × ${prices.cuPerInvocation} + seconds ×
(vCPU × ${prices.cuPerVcpuSecond} + GB of memory ×
${prices.cuPerMemoryGbSecond} + GB of disk × ${prices.cuPerDiskGbSecond}).
Seconds are those of this machine, with a whole core for each function and databases that answer at once.
Whatever is run: ${queues} queues with their dead-letter queues cost
${queues} × ${prices.queueDay} = USD ${(queues * prices.queueDay).toFixed(2)} a day. Requests to them are free
up to 20 million a month. Reading secrets of KMS is not priced by the request; they are kept for five minutes.`)

await service.close()
await standIns.close()

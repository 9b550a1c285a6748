import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { ServerlessFile, readServerlessFile, resolveVariables } from '../../../infra/deploy/s-yaml/s-yaml.ts'
import { VariableUnknown } from '../../../infra/deploy/s-yaml/variables.ts'
import { queueSchemas } from '../../../infra/deploy/plan/queues.ts'
import {
  deadLetterQueue,
  fcSettings,
  queueNames,
  readFcSettings,
} from '../../../shared/runtime/fc-environment.ts'

const text = readFileSync('s.yaml', 'utf8')

const environment = {
  ALIBABA_CLOUD_ACCOUNT_ID: '1234567890123456',
  ALIBABA_CLOUD_REGION_ID: 'cn-shanghai',
  VPC_ID: 'vpc-1',
  VSWITCH_ID: 'vsw-1',
  SECURITY_GROUP_ID: 'sg-1',
  NOTIFY_SECURITY_GROUP_ID: 'sg-2',
}

const file = readServerlessFile(text, environment)

/** The file with another one of its runtimes. */
const withRuntime = (name: string): string => text.replace('{ <<: *nodejs24 }', `{ <<: *${name} }`)
const builtIn = readServerlessFile(withRuntime('nodejs20'), environment)
const resources = Object.entries(file.resources)
const names = Object.keys(fcSettings) as (keyof typeof fcSettings)[]

/** One thing that somebody changes in the file. */
type Edit = (document: unknown) => void

/** The object that holds the last part of a path, such as `resources.api.props`, and that part. */
const place = (document: unknown, path: string): readonly [object, string] => {
  const parts = path.split('.')
  const last = parts.pop()!
  const holder = parts.reduce((node, part) => Reflect.get(node as object, part) as unknown, document)
  return [holder as object, last]
}

const set =
  (path: string, value: unknown): Edit =>
  (document) => {
    const [holder, key] = place(document, path)
    Reflect.set(holder, key, value)
  }

const remove =
  (path: string): Edit =>
  (document) => {
    const [holder, key] = place(document, path)
    expect(Reflect.has(holder, key)).toBe(true)
    Reflect.deleteProperty(holder, key)
  }

const rename =
  (path: string, to: string): Edit =>
  (document) => {
    const [holder, key] = place(document, path)
    Reflect.set(holder, to, Reflect.get(holder, key))
    remove(path)(document)
  }

const resolved = resolveVariables(text, environment)

const edited = (edit: Edit): unknown => {
  const document = structuredClone(resolved)
  edit(document)
  return document
}

const propAt = (name: string, path: string): string => `resources.${name}.props.${path}`
const configAt = (name: string, path: string): string => propAt(name, `triggers.0.triggerConfig.${path}`)
const collect = (path: string): string => configAt('collect', path)
const source = collect('eventSourceConfig.eventSourceParameters')
const notifyTriggers = Reflect.get(...place(resolved, propAt('notify', 'triggers'))) as unknown

describe('s.yaml', () => {
  it('is what the schema of a deployment takes, in every region', () => {
    expect(file.resources.api.props).toMatchObject({
      region: 'cn-shanghai',
      role: 'acs:ram::1234567890123456:role/precheck-api',
      vpcConfig: { vpcId: 'vpc-1', vSwitchIds: ['vsw-1'], securityGroupId: 'sg-1' },
    })
    expect(file.resources['run-check'].props.triggers[0].triggerConfig.runOptions.deadLetterQueue?.Arn).toBe(
      'acs:mns:cn-shanghai:1234567890123456:/queues/precheck-checks-dead',
    )
  })

  it('keeps booleans of its variables, and has a region of its own', () => {
    expect(file.resources.api.props.triggers[0].triggerConfig.disableURLInternet).toBe(false)
    const { ALIBABA_CLOUD_REGION_ID: _, ...withoutRegion } = environment
    expect(readServerlessFile(text, withoutRegion).vars['region']).toBe('cn-hangzhou')
  })

  it.each([
    ['nodejs24', 'custom.debian12', ['Nodejs24'], 20],
    ['nodejs22', 'custom.debian12', ['Nodejs22'], 20],
    ['nodejs20', 'nodejs20', [], 1],
  ])('has the runtime %s by one word', (name, runtime, layers, concurrency) => {
    const {
      api,
      'run-check': runCheck,
      ...others
    } = readServerlessFile(withRuntime(name), environment).resources
    expect([api.props.runtime, api.props.instanceConcurrency]).toEqual([runtime, concurrency])
    expect(api.props.layers.map((arn) => arn.split('/')[1])).toEqual(layers)
    expect(runCheck.props.instanceConcurrency).toBe(1)
    for (const { props } of Object.values(others)) expect(props.runtime).toBe(runtime)
  })

  it.each(['ALIBABA_CLOUD_ACCOUNT_ID', 'VPC_ID', 'VSWITCH_ID', 'SECURITY_GROUP_ID'])(
    'is not deployed without %s',
    (name) => {
      expect(() => readServerlessFile(text, { ...environment, [name]: undefined })).toThrow(VariableUnknown)
    },
  )

  it('holds nothing that looks like a secret', () => {
    expect(text).not.toMatch(/LTAI|access_?key|secret_?key|password:|token:/i)
  })
})

describe('the schema of a deployment refuses', () => {
  const mistakes: Readonly<Record<string, Edit>> = {
    'a runtime that Function Compute has not': set(propAt('api', 'runtime'), 'nodejs22'),
    'memory off the steps of 64 MB': set(propAt('api', 'memorySize'), 100),
    'less memory than a vCPU goes with': set(propAt('api', 'cpu'), 1),
    'vCPUs off the steps of 0.05': set(propAt('api', 'cpu'), 0.33),
    'a function without a time limit': remove(propAt('api', 'timeout')),
    'a time limit longer than EventBridge waits': set(propAt('collect', 'timeout'), 301),
    'a trigger of what is not published': set(propAt('api', 'triggers.0.qualifier'), 'LATEST'),
    'an unknown property': set(propAt('api', 'memory'), 512),
    'a property in the wrong case': rename(propAt('api', 'memorySize'), 'MemorySize'),
    'many requests at once in a built-in runtime': (document) => {
      set('resources.api.props', { ...builtIn.resources.api.props, instanceConcurrency: 20 })(document)
    },
    'a built-in runtime with a command': set(propAt('api', 'runtime'), 'nodejs20'),
    'a custom runtime without its layer': set(propAt('api', 'layers'), []),
    'a layer of another Node.js than the command asks for': set(propAt('api', 'layers'), [
      'acs:fc:cn-shanghai:official:layers/Nodejs22/versions/3',
    ]),
    'another port than the server listens to': set(propAt('api', 'customRuntimeConfig.port'), 8080),
    'an instance that is not told of its end': set(propAt('api', 'instanceLifecycleConfig'), {}),
    'a hook that takes longer than it may': set(propAt('api', 'instanceLifecycleConfig.preStop.timeout'), 91),
    'more requests at once than an instance takes': set(propAt('api', 'instanceConcurrency'), 201),
    'check items that share an instance': set(propAt('run-check', 'instanceConcurrency'), 2),
    'rounds of the timer that share an instance': set(propAt('schedule', 'instanceConcurrency'), 2),
    'a number as an environment variable': set(
      propAt('api', 'environmentVariables.PRECHECK_ITEM_SECONDS'),
      20,
    ),
    'a variable of another program': set(propAt('api', 'environmentVariables.FC_REGION'), 'x'),
    'a role that is no ARN': set(propAt('api', 'role'), 'precheck-api'),
    'a missing function': remove('resources.notify'),
    'an unknown function': set('resources.purge', {}),
    'another component': set('resources.api.component', 'fc'),
    'a function without its trigger': set(propAt('collect', 'triggers'), []),
    'a trigger of another type': set(propAt('schedule', 'triggers'), notifyTriggers),
    'an unknown key in an HTTP trigger': set(configAt('api', 'auth'), 'none'),
    'an authentication that there is not': set(configAt('api', 'authType'), 'bearer'),
    'a timer with five fields': set(configAt('schedule', 'cronExpression'), '*/5 * * * *'),
    'nonsense as a timer': set(configAt('schedule', 'cronExpression'), 'every five minutes'),
    'a key of a timer in the wrong case': rename(configAt('schedule', 'cronExpression'), 'CronExpression'),
    'the source of a queue trigger in the wrong case': rename(
      `${source}.sourceMNSParameters`,
      'SourceMNSParameters',
    ),
    'the name of a queue in the wrong case': rename(`${source}.sourceMNSParameters.QueueName`, 'queueName'),
    'a retry strategy in the wrong case': rename(
      collect('runOptions.retryStrategy.PushRetryStrategy'),
      'pushRetryStrategy',
    ),
    'the ARN of a dead-letter queue in the wrong case': rename(
      collect('runOptions.deadLetterQueue.Arn'),
      'arn',
    ),
    'an ARN of something else': set(
      collect('runOptions.deadLetterQueue.Arn'),
      'acs:mns:cn-shanghai:1:/topics/x',
    ),
    'an unknown run option': set(collect('runOptions.maximumTasks'), 3),
    'a concurrency, which Kafka alone has': set(collect('eventSinkConfig.deliveryOption.concurrency'), 3),
    'batches that are not waited for': set(collect('asyncInvocationType'), true),
    'check items that hold up one another': set(configAt('run-check', 'asyncInvocationType'), false),
    'failures that nobody is told of': remove(propAt('run-check', 'asyncInvokeConfig.destinationConfig')),
    'a destination that is no queue': set(
      propAt('notify', 'asyncInvokeConfig.destinationConfig.onFailure.destination'),
      'acs:mns:cn-hangzhou:1:/topics/failures',
    ),
    'dropping what failed for good': remove(collect('runOptions.deadLetterQueue')),
    'a batch for run-check': set(configAt('run-check', 'runOptions.batchWindow.CountBasedWindow'), 2),
    'a window longer than 15 s': set(collect('runOptions.batchWindow.TimeBasedWindow'), 16),
  }

  it.each(Object.entries(mistakes))('%s', (_, mistake) => {
    expect(ServerlessFile.safeParse(edited(mistake)).success).toBe(false)
  })

  it('nothing of the file as it is', () => {
    expect(ServerlessFile.safeParse(edited(() => undefined)).success).toBe(true)
  })

  it('nothing of a change that means no harm', () => {
    const changes = [
      set(propAt('api', 'memorySize'), 1024),
      set(configAt('schedule', 'cronExpression'), 'CRON_TZ=Asia/Shanghai 0 0 4 1 * *'),
      set(configAt('schedule', 'cronExpression'), '@every 5m'),
      set(configAt('api', 'authType'), 'function'),
    ]
    for (const change of changes) expect(ServerlessFile.safeParse(edited(change)).success).toBe(true)
  })
})

describe('s.yaml and the code', () => {
  it('name the same functions', () => {
    expect(names.toSorted()).toEqual(Object.keys(file.resources).toSorted())
    expect(readdirSync('functions').toSorted()).toEqual(names.toSorted())
  })

  it.each(resources)('agree on the entry of %s', (_, { props }) => {
    const [module, exported] = props.handler.split('.')
    expect(exported).toBe('handler')
    expect(existsSync(`${props.code}/${module}.mjs`)).toBe(true)
  })

  it.each(names)('give %s the settings that it reads, and all of them', (name) => {
    const { environmentVariables } = file.resources[name].props
    const isNeeded = (variable: string): boolean => variable !== 'PRECHECK_MNS_ENDPOINT'
    const declared = Object.keys(fcSettings[name].in.shape)
    expect(Object.keys(environmentVariables).filter(isNeeded).toSorted()).toEqual(
      declared.filter(isNeeded).toSorted(),
    )
    expect(() => readFcSettings<unknown>(fcSettings[name], environmentVariables)).not.toThrow()
  })

  it('agree on the addresses', () => {
    expect(readFcSettings(fcSettings.api, file.resources.api.props.environmentVariables)).toMatchObject({
      tablestore: { endpoint: 'https://backup-precheck.cn-shanghai.vpc.tablestore.aliyuncs.com' },
      kms: { endpoint: 'https://kms-vpc.cn-shanghai.aliyuncs.com' },
      queues: { checks: queueNames.checks, results: queueNames.results },
      limits: { deadlineMs: 60_000, itemMs: 20_000 },
    })
  })

  const consumers = [
    ['run-check', queueNames.checks],
    ['collect', queueNames.results],
    ['notify', queueNames.notifications],
  ] as const

  it.each(consumers)('let %s take from the queue %s, in its own region', (name, queue) => {
    const { eventSourceConfig, runOptions } = file.resources[name].props.triggers[0].triggerConfig
    expect(eventSourceConfig.eventSourceParameters.sourceMNSParameters).toMatchObject({
      RegionId: 'cn-shanghai',
      QueueName: queue,
    })
    expect(runOptions.deadLetterQueue?.Arn.split('/').at(-1)).toBe(deadLetterQueue(queue))
  })

  it('name the queues that are provisioned, and no others', () => {
    const inFile = [...text.matchAll(/(?<![\w-])precheck-[a-z-]+(?=\s|$)/gm)]
      .map(([name]) => name)
      .filter(
        (name) =>
          !resources.some(([, { props }]) => [props.functionName, props.role.split('/')[1]].includes(name)),
      )
    expect([...new Set(inFile)].toSorted()).toEqual(queueSchemas.map(({ name }) => name).toSorted())
  })

  /** What is handed over to the queue of asynchronous invocations is deleted at once. */
  const waitedFor = consumers.filter(([name]) =>
    file.resources[name].props.triggers.some(
      ({ triggerConfig }) => 'asyncInvocationType' in triggerConfig && !triggerConfig.asyncInvocationType,
    ),
  )

  it.each(waitedFor)('keep a message from others for longer than %s may take', (name, queue) => {
    const visible = queueSchemas.find((schema) => schema.name === queue)?.attributes.VisibilityTimeout
    expect(visible).toBeGreaterThan(file.resources[name].props.timeout)
  })

  it('leave a check item time for its limit and for handing over', () => {
    const { itemMs } = readFcSettings(fcSettings.api, file.resources.api.props.environmentVariables).limits
    expect(file.resources['run-check'].props.timeout).toBeGreaterThanOrEqual(itemMs / 1000 + 20)
    expect(file.resources.api.props.timeout).toBeGreaterThanOrEqual(60 + 5)
  })

  it('leave instances of the region to the API', () => {
    const reserved = resources.map(([, { props }]) => props.concurrencyConfig?.reservedConcurrency ?? 0)
    expect(reserved.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(220)
  })
})

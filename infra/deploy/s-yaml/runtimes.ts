import * as z from 'zod'

/** What functions run on, as the component fc3 hands it to Function Compute 3.0 ("Web functions", its manual). */

/** An official layer, and the folder of its Node.js: `acs:fc:{region}:official:layers/Nodejs24/versions/1`. */
const Layer = z.string().regex(/^acs:fc:[a-z0-9-]+:official:layers\/Nodejs(22|24)\/versions\/\d+$/)
const NodeInLayer = z.string().regex(/^\/opt\/nodejs(22|24)\/bin\/node$/)

const hasItsLayer = (props: { layers: [string]; customRuntimeConfig: { command: [string, string] } }) =>
  props.customRuntimeConfig.command[0].includes(/Nodejs\d+/.exec(props.layers[0])?.[0].toLowerCase() ?? '/')

/** Our bundle as a server. */
const CustomRuntime = z
  .object({
    // Those that official layers are made for.
    runtime: z.enum(['custom.debian11', 'custom.debian12']),
    layers: z.tuple([Layer]),
    customRuntimeConfig: z.strictObject({
      command: z.tuple([NodeInLayer, z.literal('index.mjs')]),
      /** What the server listens to where it is told nothing else. */
      port: z.literal(9000),
    }),
    instanceLifecycleConfig: z.strictObject({
      /** The handler means nothing there, but must be said. The manual allows 90 s. */
      preStop: z.strictObject({ handler: z.string().min(1), timeout: z.int().min(1).max(90) }),
    }),
    instanceConcurrency: z.int().min(1).max(200),
  })
  .refine(hasItsLayer, { message: 'the program is in no layer', path: ['customRuntimeConfig', 'command'] })

/** It serves one request per instance, and takes neither a command nor layers of custom runtimes. */
const BuiltInRuntime = z.object({
  // The newest one.
  runtime: z.literal('nodejs20'),
  layers: z.tuple([]),
  customRuntimeConfig: z.strictObject({}),
  instanceLifecycleConfig: z.strictObject({}),
  instanceConcurrency: z.literal(1),
})

/** What may be said of the runtime of a function. */
export const Runtime = z.union([CustomRuntime, BuiltInRuntime])

/** Every property that says something of it, whatever it says. */
export const runtimeProps = {
  runtime: z.string(),
  layers: z.array(z.string()),
  customRuntimeConfig: z.unknown(),
  instanceLifecycleConfig: z.unknown(),
  instanceConcurrency: z.int(),
}

/** One of the runtimes among the variables. */
export const RuntimeVariable = z.strictObject({
  name: z.string(),
  layers: z.array(z.string()),
  server: z.looseObject({}),
  hooks: z.looseObject({}),
  /** Requests that an instance serves at once where they may share one. */
  shared: z.int().min(1).max(200),
})

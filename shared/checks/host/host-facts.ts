import * as z from 'zod'

const Bytes = z.number().nonnegative()

/** Room on the volume of each folder, the one of the system first; what is null could not be read, and `cause` says why. */
export const VolumeFacts = z
  .array(
    z.strictObject({
      path: z.string(),
      /** Where the volume is mounted. */
      mount: z.string().nullable(),
      totalBytes: Bytes.nullable(),
      /** For anybody: without what file systems keep for root. */
      freeBytes: Bytes.nullable(),
      cause: z.string().nullable(),
    }),
  )
  .min(1)
export type VolumeFacts = Readonly<z.output<typeof VolumeFacts>>

/**
 * Services of the Cloud Backup client, as its manuals name them: units and processes of Linux ("Client O&M" of ECS file
 * backup; the older `hybridbackup` in "check the running status of a backup client"), display names of Windows.
 */
export const clientServices = {
  linux: ['hbrclient', 'hybridbackup'],
  windows: ['Alibaba Cloud Backup Service', 'Aliyun Hybrid Backup Service'],
} as const

const State = {
  running: z.boolean().nullable(),
  /** Whether it starts with the host. */
  automatic: z.boolean().nullable(),
}

/** The services of the client that the host has; null is what it does not say. */
export const ClientFacts = z.strictObject({
  services: z.array(
    z.strictObject({
      name: z.enum([...clientServices.linux, ...clientServices.windows]),
      ...State,
      version: z.string().nullable(),
    }),
  ),
})
export type ClientFacts = Readonly<z.output<typeof ClientFacts>>

/** Id of the VSS writer of SQL Server, the same in every language of Windows. */
export const sqlServerWriterId = '{a65faa63-5ea8-4ebc-9dbd-a0c4db26912a}'

/** The service SQL Writer, null if there is none, and what `vssadmin list writers` lists. */
export const WriterFacts = z.strictObject({
  service: z.strictObject(State).nullable(),
  /** Writers of anybody. */
  listed: z.int().nonnegative(),
  /** Those of SQL Server: state by its number, and the last line, in the language of Windows. */
  writers: z.array(z.strictObject({ state: z.int().nullable(), lastError: z.string() })),
})
export type WriterFacts = Readonly<z.output<typeof WriterFacts>>

/** Times in seconds since 1970 (UTC). `date`: what an endpoint said between the two looks at the clock of the host. */
export const ClockFacts = z
  .strictObject({
    before: z.int().nonnegative(),
    after: z.int().nonnegative(),
    date: z.int().nonnegative().nullable(),
    url: z.string().nullable(),
  })
  .refine(({ before, after }) => before <= after, 'the clock went back')
export type ClockFacts = Readonly<z.output<typeof ClockFacts>>

import { parseArgs } from 'node:util'
import * as z from 'zod'
import { RestoreRefused } from '../../../shared/flows/backup/restore-backup.ts'
import type { BackupStores } from '../../../shared/flows/backup/backup-stores.ts'
import { backupDocuments } from '../../../shared/runtime/backup-documents.ts'
import {
  TablestoreError,
  environmentCredentials,
  tablestoreClient,
  tablestoreDocuments,
  tablestoreInstances,
  tablestoreResults,
} from '../../../shared/runtime/operator.ts'
import { backUp, countsText, restoreFrom } from '../../cli/service/backup-restore.ts'
import { CommandFailed } from '../../cli/service/command-failed.ts'

const usage = `backup, restore: all data of the service in an account, to a file and back.

  npm run backup -- FILE               writes the tables to FILE, compressed if its name ends in .gz
  npm run restore -- FILE [--merge]    writes FILE to tables without data; with --merge what is there stays

The file is that of "precheck backup" and "precheck restore" on one machine.
Environment: as for npm run deploy.
Exit codes: 0 done, 1 failed, 3 invalid command.`

/** What became of the command, as its exit code. */
const exitCodes = { done: 0, failed: 1, usage: 3 } as const

const Environment = z.object({
  ALIBABA_CLOUD_ACCESS_KEY_ID: z.string().min(1),
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: z.string().min(1),
  ALIBABA_CLOUD_REGION_ID: z.string().regex(/^[a-z]{2}-[a-z0-9-]+$/),
  TABLESTORE_INSTANCE: z.string().regex(/^[A-Za-z][A-Za-z0-9-]{1,14}[A-Za-z0-9]$/),
  TABLESTORE_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
})

const Request = z.strictObject({
  positionals: z.tuple([z.enum(['backup', 'restore']), z.string().min(1)]),
  values: z.object({ merge: z.boolean().default(false) }),
})

const readRequest = (args: readonly string[]) => {
  try {
    const options = { merge: { type: 'boolean' } } as const
    const { positionals, values } = parseArgs({ args: [...args], options, allowPositionals: true })
    return Request.parse({ positionals, values })
  } catch {
    return null
  }
}

const storesOf = (environment: NodeJS.ProcessEnv): BackupStores | null => {
  const { data } = Environment.safeParse(environment)
  if (!data) return null
  const {
    TABLESTORE_INSTANCE: instanceName,
    ALIBABA_CLOUD_REGION_ID: region,
    TABLESTORE_ENDPOINT: own,
  } = data
  const endpoint = own ?? `https://${instanceName}.${region}.ots.aliyuncs.com`
  const client = tablestoreClient({
    endpoint,
    instanceName,
    credentials: environmentCredentials(environment),
  })
  return {
    ...backupDocuments(tablestoreDocuments(client)),
    instances: tablestoreInstances(client),
    results: tablestoreResults(client),
  }
}

/** Carries the command out and gives its exit code; `args` begin with `backup` or `restore`. */
export const backupCommand = async (
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
  print: (line: string) => void,
): Promise<number> => {
  const request = readRequest(args)
  const stores = storesOf(environment)
  if (!request || !stores) {
    print(usage)
    return exitCodes.usage
  }
  const [direction, file] = request.positionals
  try {
    const counts =
      direction === 'backup'
        ? await backUp(stores, file)
        : await restoreFrom(stores, file, request.values.merge)
    print(`${direction === 'backup' ? file : 'Restored'}: ${countsText(counts)}.`)
    return exitCodes.done
  } catch (fault) {
    const kinds = [RestoreRefused, CommandFailed, TablestoreError]
    if (!(fault instanceof Error) || !kinds.some((kind) => fault instanceof kind)) throw fault
    print(fault.message)
    return exitCodes.failed
  }
}

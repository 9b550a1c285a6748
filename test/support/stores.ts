import type { Database } from '../../shared/adapters/sqlite/database.ts'
import type { Writer } from '../../shared/adapters/sqlite/group-commit.ts'
import { sqliteDocuments } from '../../shared/adapters/sqlite/sqlite-documents.ts'
import { sqliteInstances } from '../../shared/adapters/sqlite/sqlite-instances.ts'
import { sqliteResults } from '../../shared/adapters/sqlite/sqlite-results.ts'
import type { TablestoreClient } from '../../shared/adapters/tablestore/tablestore-client.ts'
import { tablestoreDocuments } from '../../shared/adapters/tablestore/tablestore-documents.ts'
import { tablestoreInstances } from '../../shared/adapters/tablestore/tablestore-instances.ts'
import { tablestoreResults } from '../../shared/adapters/tablestore/tablestore-results.ts'
import type { Page } from '../../shared/model/page.ts'
import type { Stored } from '../../shared/ports/documents.ts'
import { backupRecordKind } from '../../shared/ports/backup-records.ts'
import { instanceMemoryKind } from '../../shared/ports/instance-memories.ts'
import { policyKind } from '../../shared/ports/policies.ts'
import { protectionKind } from '../../shared/ports/protections.ts'
import { replicaHistoryKind } from '../../shared/ports/replica-histories.ts'
import { dueStartKind, scheduleChangeKind } from '../../shared/ports/due-starts.ts'
import { hostSlotsKind } from '../../shared/ports/host-slots.ts'
import { sweepClockKind, sweepEntryKind, sweepKind } from '../../shared/ports/sweeps.ts'
import { tokenKind } from '../../shared/ports/tokens.ts'
import { deliveryKind, trafficKind, webhookKind } from '../../shared/webhooks/stores.ts'

/** A page with all of these documents, each written once. */
export const pageOf = <Document>(documents: readonly Document[]): Page<Stored<Document>> => ({
  items: documents.map((document) => ({ document, revision: 1 })),
  next: null,
})

type Documents = ReturnType<typeof sqliteDocuments>

const documentStores = (documents: Documents) => ({
  tokens: documents(tokenKind),
  policies: documents(policyKind),
  memories: documents(instanceMemoryKind),
  protections: documents(protectionKind),
  backupRecords: documents(backupRecordKind),
  replicaHistories: documents(replicaHistoryKind),
  sweeps: documents(sweepKind),
  sweepEntries: documents(sweepEntryKind),
  sweepClock: documents(sweepClockKind),
  hostSlots: documents(hostSlotsKind),
  dueStarts: documents(dueStartKind),
  scheduleChanges: documents(scheduleChangeKind),
  webhooks: documents(webhookKind),
  deliveries: documents(deliveryKind),
  traffics: documents(trafficKind),
})

/** Every store on an embedded database. */
export const embeddedStores = (database: Database, writer: Writer) => ({
  instances: sqliteInstances(database, writer),
  results: sqliteResults(database, writer),
  ...documentStores(sqliteDocuments(database, writer)),
})

/** Every store on Tablestore. */
export const cloudStores = (client: TablestoreClient) => ({
  instances: tablestoreInstances(client),
  results: tablestoreResults(client),
  ...documentStores(tablestoreDocuments(client)),
})

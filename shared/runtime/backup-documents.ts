import type { DocumentKey, DocumentKind, Documents } from '../ports/documents.ts'
import { backupRecordKind } from '../ports/backup-records.ts'
import { instanceMemoryKind } from '../ports/instance-memories.ts'
import { policyKind } from '../ports/policies.ts'
import { sweepClockKind, sweepEntryKind, sweepKind } from '../ports/sweeps.ts'
import { tokenKind } from '../ports/tokens.ts'
import { deliveryKind, webhookKind } from '../webhooks/stores.ts'

/** The kinds of documents that a backup holds beside instances and prechecks, on the documents of any store. */
export const backupDocuments = (
  documents: <Document extends object, Key extends DocumentKey>(
    kind: DocumentKind<Document, Key>,
  ) => Documents<Document, Key>,
) => ({
  tokens: documents(tokenKind),
  policies: documents(policyKind),
  memories: documents(instanceMemoryKind),
  backupRecords: documents(backupRecordKind),
  webhooks: documents(webhookKind),
  deliveries: documents(deliveryKind),
  sweeps: documents(sweepKind),
  sweepEntries: documents(sweepEntryKind),
  sweepClock: documents(sweepClockKind),
})

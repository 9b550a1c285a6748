/**
 * What the tools of an operator (`infra/deploy`) are made of: the clients of the account, and what they fail with. The
 * one door to them, so that the adapters stay behind the wiring.
 */
export { type CredentialsSource, environmentCredentials } from '../adapters/alibaba-cloud/credentials.ts'
export { type OpenApiFault, type OpenApiPath, callOpenApi } from '../adapters/alibaba-cloud/openapi.ts'
export { defaultRetryPolicy } from '../adapters/alibaba-cloud/retry.ts'
export { type FcMode, type FcSettings, fcInvoker } from '../adapters/fc/fc-invoker.ts'
export { type TableSchema, tableSchemas } from '../adapters/tablestore/tables.ts'
export { type TablestoreClient, tablestoreClient } from '../adapters/tablestore/tablestore-client.ts'
export { tablestoreDocuments } from '../adapters/tablestore/tablestore-documents.ts'
export { tablestoreInstances } from '../adapters/tablestore/tablestore-instances.ts'
export { tablestoreResults } from '../adapters/tablestore/tablestore-results.ts'
export { TablestoreError } from '../adapters/tablestore/tablestore-error.ts'

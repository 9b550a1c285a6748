import { acknowledgementRoutes } from './resources/acknowledgements.ts'
import { backupRoutes } from './resources/backups.ts'
import { changeRoutes } from './resources/changes.ts'
import { checkItemRoutes } from './resources/check-items.ts'
import { deadLetterRoutes } from './resources/dead-letters.ts'
import { fleetRoutes } from './resources/fleet.ts'
import { gateRoutes } from './resources/gates.ts'
import { healthRoutes } from './resources/health.ts'
import { instanceRoutes } from './resources/instances.ts'
import { metricRoutes } from './resources/metrics.ts'
import { nightRoutes } from './resources/nights.ts'
import { openApiRoutes } from './resources/openapi.ts'
import { policyRoutes } from './resources/policies.ts'
import { precheckRoutes } from './resources/prechecks.ts'
import { protectionRoutes } from './resources/protection.ts'
import { readinessRoutes } from './resources/readiness.ts'
import { remediationRoutes } from './resources/remediation.ts'
import { schemaRoutes } from './resources/schemas.ts'
import { seriesRoutes } from './resources/series.ts'
import { sessionRoutes } from './resources/session.ts'
import { sweepRoutes } from './resources/sweeps.ts'
import { tokenRoutes } from './resources/tokens.ts'
import { validationRoutes } from './resources/validation.ts'
import { webhookDeliveryRoutes } from './resources/webhook-deliveries.ts'
import { webhookRoutes } from './resources/webhooks.ts'
import type { Route } from './routing/route.ts'

const resources: readonly Route[] = [
  ...fleetRoutes,
  ...instanceRoutes,
  ...validationRoutes,
  ...precheckRoutes,
  ...changeRoutes,
  ...seriesRoutes,
  ...gateRoutes,
  ...backupRoutes,
  ...readinessRoutes,
  ...protectionRoutes,
  ...remediationRoutes,
  ...acknowledgementRoutes,
  ...policyRoutes,
  ...webhookRoutes,
  ...webhookDeliveryRoutes,
  ...sweepRoutes,
  ...nightRoutes,
  ...checkItemRoutes,
  ...deadLetterRoutes,
  ...tokenRoutes,
  ...sessionRoutes,
  ...healthRoutes,
  ...metricRoutes,
  ...schemaRoutes,
]

/** Every route of the API. The document describes itself too. */
export const routes: readonly Route[] = [...resources, ...openApiRoutes(resources)]

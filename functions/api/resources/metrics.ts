import * as z from 'zod'
import { readMeasured } from '../../../shared/flows/metrics.ts'
import { openMetricsOf } from '../readings/openmetrics.ts'
import { route } from '../routing/route.ts'

const processUse = (now: Date) => {
  const { user, system } = process.cpuUsage()
  return {
    cpuSeconds: (user + system) / 1_000_000,
    residentBytes: process.memoryUsage.rss(),
    startedAtSeconds: Math.round(now.getTime() / 1000 - process.uptime()),
  }
}

export const metricRoutes = [
  route({
    method: 'GET',
    path: '/metrics',
    operationId: 'getMetrics',
    summary:
      'How the fleet stands, as OpenMetrics: each instance up to 2,000 of them, else by engine, region and tag',
    scope: 'read',
    input: z.object({}),
    answers: {
      200: {
        description: 'The metrics.',
        schema: z.string(),
        type: 'application/openmetrics-text; version=1.0.0',
      },
    },
    problems: [],
    handle: async (deps) => ({ value: openMetricsOf(await readMeasured(deps), processUse(deps.now())) }),
    respond: (body) => ({ status: 200, body }),
  }),
]

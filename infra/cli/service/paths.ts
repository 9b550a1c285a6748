/** Where an instance is in the API. */
export const instancePath = (instanceId: string): string => `/v1/instances/${encodeURIComponent(instanceId)}`

/** Where a precheck is in the API. */
export const precheckPath = (precheckId: string): string => `/v1/prechecks/${encodeURIComponent(precheckId)}`

/** Where a webhook is in the API. */
export const webhookPath = (webhookId: string): string => `/v1/webhooks/${encodeURIComponent(webhookId)}`

/** A path with the parameters that are given. */
export const withQuery = (
  path: string,
  parameters: Readonly<Record<string, string | number | undefined>>,
): string => {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(parameters))
    if (value !== undefined) query.set(name, String(value))
  return query.size === 0 ? path : `${path}?${query.toString()}`
}

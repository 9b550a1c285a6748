/** Provisioning cannot go on. The message says what was refused and what to do about it, and holds no secret. */
export class ProvisionFailed extends Error {
  override readonly name = 'ProvisionFailed'
}

const advice = {
  keys: 'The keys were not accepted. Check ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET; temporary keys need ALIBABA_CLOUD_SECURITY_TOKEN and may have expired.',
  signature:
    'Tablestore rejected the request: the keys are wrong or have expired, or the instance does not allow this network (see "Network Management" in its console).',
  permission:
    'The owner of these keys does not have the permission. Attach the policy infra/deploy/policies/provision.json to that user or role.',
  unknownHost:
    'The address does not exist. Check ALIBABA_CLOUD_REGION_ID and TABLESTORE_INSTANCE: the instance must exist in this region.',
  network: 'There was no answer. Check the network, and whether a proxy or firewall blocks it.',
  later: 'The service is busy or failed. Run the command again later: completed changes are kept.',
  unknown: 'Look up the code in the manual of the service. Completed changes are kept.',
} as const

const causes: readonly (readonly [RegExp, keyof typeof advice])[] = [
  [/InvalidAccessKey|SignatureDoesNotMatch|SecurityToken|no-credentials|AccessIDAuthError/, 'keys'],
  [/OTSAuthFailed/, 'signature'],
  [/AccessDenied|NoPermission|Forbidden|OTSNoPermissionAccess/, 'permission'],
  [/ENOTFOUND|EAI_/, 'unknownHost'],
  [/ECONN|ETIMEDOUT|EHOST|ENET|EPIPE|Timeout|NetworkingError/, 'network'],
  [/Throttl|Busy|Unavailable|InternalError|InternalServerError|HTTP 5/, 'later'],
]

/**
 * The failure of one step, for example `GetQueueAttributes of precheck-checks`, by the code that the service or the
 * system gave.
 */
export const failureOf = (step: string, code: string, at: string): ProvisionFailed => {
  const cause = causes.find(([pattern]) => pattern.test(code))?.[1] ?? 'unknown'
  return new ProvisionFailed(`${step} failed at ${at}: ${code}\n${advice[cause]}`)
}

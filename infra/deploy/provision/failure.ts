/** Provisioning cannot go on. The message says what was refused and what to do about it, and holds no secret. */
export class ProvisionFailed extends Error {
  override readonly name = 'ProvisionFailed'
}

const advice = {
  keys: 'The keys were not taken. Check ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET; temporary keys need ALIBABA_CLOUD_SECURITY_TOKEN and may have ended.',
  signature:
    'Tablestore did not take the request: the keys are wrong or have ended, or the instance refuses the network that it came from (its "Network Management" in the console).',
  permission:
    'The owner of these keys may not do this. Attach the policy infra/deploy/policies/provision.json to that user or role.',
  unknownHost:
    'There is no such address. Check ALIBABA_CLOUD_REGION_ID and TABLESTORE_INSTANCE: the instance must exist in this region.',
  network: 'No answer came. Check the network, and whether a proxy or a firewall is in the way.',
  later: 'The service is busy or failed. Run the command again in a while: what is done already is kept.',
  unknown: 'Look the code up in the manual of the service. What is done already is kept.',
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

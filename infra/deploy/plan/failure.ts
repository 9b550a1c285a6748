/** Deploying cannot go on. The message says what was refused and what to do about it, and holds no secret. */
export class DeployFailed extends Error {
  override readonly name: string = 'DeployFailed'
}

/** The owner of the keys lacks a right. */
export class RightMissing extends DeployFailed {
  override readonly name = 'RightMissing'
  /** As policies name it: `ots:CreateTable`. */
  readonly action: string

  constructor(action: string, message: string) {
    super(message)
    this.action = action
  }
}

const advice = {
  keys: 'The keys were not accepted. Check ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET; temporary keys need ALIBABA_CLOUD_SECURITY_TOKEN and may have expired.',
  signature:
    'Tablestore rejected the request: the keys are wrong or have expired, or the instance does not allow this network (see "Network Management" in its console).',
  permission: 'The owner of these keys does not have the permission.',
  unknownHost: 'The address does not exist. Check ALIBABA_CLOUD_REGION_ID and TABLESTORE_INSTANCE.',
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

/** What was asked for, for example `mns`, `GetQueueAttributes` and `precheck-checks`. */
export interface Asked {
  /** As policies name the product. */
  readonly product: string
  readonly operation: string
  /** What it was about. */
  readonly of: string
}

/** The failure of one operation, by the code that the service or the system gave. */
export const failureOf = ({ product, operation, of }: Asked, code: string, at: string): DeployFailed => {
  const cause = causes.find(([pattern]) => pattern.test(code))?.[1] ?? 'unknown'
  const message = `${operation} of ${of} failed at ${at}: ${code}\n${advice[cause]}`
  return cause === 'permission'
    ? new RightMissing(`${product}:${operation}`, message)
    : new DeployFailed(message)
}

/** What a request to Alibaba Cloud is signed with. Temporary ones (STS) hold a `securityToken`. */
export interface Credentials {
  readonly accessKeyId: string
  readonly accessKeySecret: string
  readonly securityToken?: string
}

/**
 * Where credentials come from. Adapters ask before every request and keep nothing, so that a token is replaced as soon
 * as its source has a newer one: a source that is costly to ask keeps its answer itself.
 */
export type CredentialsSource = () => Promise<Credentials> | Credentials

const areSame = (one: Credentials, other: Credentials): boolean =>
  one.accessKeyId === other.accessKeyId && one.securityToken === other.securityToken

/** Makes a request with what its source gives now; when the service refuses it, once more if the source has newer ones, in case they ended on the way. */
export const withCredentials = async <Answer>(
  source: CredentialsSource,
  isRefusal: (fault: unknown) => boolean,
  request: (credentials: Credentials) => Promise<Answer>,
): Promise<Answer> => {
  const credentials = await source()
  try {
    return await request(credentials)
  } catch (fault) {
    if (!isRefusal(fault)) throw fault
    const newer = await source()
    if (areSame(credentials, newer)) throw fault
    return request(newer)
  }
}

/** The environment holds no credentials; the message names the variable. */
export class CredentialsMissing extends Error {
  override readonly name = 'CredentialsMissing'
}

const required = (environment: NodeJS.ProcessEnv, name: string): string => {
  const value = environment[name]
  if (!value) throw new CredentialsMissing(`The environment variable ${name} is not set.`)
  return value
}

/**
 * Credentials from the variables that Function Compute sets from the role of a function (manual, "Environment
 * variables"). Throws `CredentialsMissing`.
 */
export const environmentCredentials =
  (environment: NodeJS.ProcessEnv): CredentialsSource =>
  () => {
    const securityToken = environment['ALIBABA_CLOUD_SECURITY_TOKEN']
    return {
      accessKeyId: required(environment, 'ALIBABA_CLOUD_ACCESS_KEY_ID'),
      accessKeySecret: required(environment, 'ALIBABA_CLOUD_ACCESS_KEY_SECRET'),
      ...(securityToken && { securityToken }),
    }
  }

/** A key pair of Alibaba Cloud. `securityToken` comes with temporary keys of STS and is sent with every request. */
export interface Credentials {
  readonly accessKeyId: string
  readonly accessKeySecret: string
  readonly securityToken?: string
}

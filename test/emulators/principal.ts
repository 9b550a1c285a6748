/** Who calls: a RAM user, or the role behind temporary keys (then with a token of STS). */
export interface Principal {
  readonly name: string
  readonly accessKeyId: string
  readonly accessKeySecret: string
  readonly securityToken?: string
}

/** Whether RAM lets a principal do an action, such as `kms:GetSecretValue`, on a resource, `acs:…`. */
export type Authorize = (principal: Principal, action: string, resource: string) => boolean

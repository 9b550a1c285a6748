import { byHand } from '../../model/remediation.ts'
import { stepsFor } from '../framework/define-step.ts'

const step = stepsFor('network')

/** Every step that fixes a finding of the network. */
export const networkSteps = {
  /** "Network access", Cloud Backup limits: 100.64.0.0/10. */
  allowOutbound: step('ALLOW_OUTBOUND', {
    language: byHand,
    risk: 'online',
    needs: 'network-administrator',
    en: 'Allow outbound TCP 443 to 100.64.0.0/10 in the security group, the network ACL and the firewall of the host, and use the DNS servers of the VPC (100.100.2.136, 100.100.2.138).',
    zh: '在安全组、网络 ACL 和主机防火墙中放通到 100.64.0.0/10 的出方向 TCP 443，并使用 VPC 的 DNS 服务器（100.100.2.136、100.100.2.138）。',
  }),
  /** A certificate that is not trusted has nothing to do with ports: a proxy intercepts TLS, or the authority is unknown here. */
  trustTheEndpoint: step('TRUST_THE_ENDPOINT', {
    language: byHand,
    risk: 'online',
    needs: 'network-administrator',
    en: 'Find out which server answers: a proxy or firewall that intercepts TLS must let this endpoint through. If the endpoint is your own, set endpoints.ca in the registration to its certificate authority.',
    zh: '确认是哪台服务器在响应：拦截 TLS 的代理或防火墙需要放行该地址。如果该地址由您自己提供，请在注册信息中将 endpoints.ca 设为其证书颁发机构。',
  }),
} as const

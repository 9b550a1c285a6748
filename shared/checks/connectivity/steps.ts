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
  /** One that is none of Alibaba Cloud is elsewhere. */
  allowOutboundTo: step('ALLOW_OUTBOUND_TO', {
    language: byHand,
    risk: 'online',
    needs: 'network-administrator',
    en: 'Make sure that {host} is the right address, that the service behind it runs, and that the security group, the network ACL and the firewalls on the way allow outbound TCP {port} to it.',
    zh: '确认地址 {host} 无误、其后的服务正在运行，并在安全组、网络 ACL 和沿途防火墙中放通到该地址的出方向 TCP {port}。',
  }),
  /** A certificate that is not trusted has nothing to do with ports: a proxy intercepts TLS, or the authority is unknown here. */
  trustTheEndpoint: step('TRUST_THE_ENDPOINT', {
    language: byHand,
    risk: 'online',
    needs: 'network-administrator',
    en: 'Find out which server answers: a proxy or firewall that intercepts TLS must let this endpoint through. If the endpoint is your own, set endpoints.ca in the registration to its certificate authority.',
    zh: '确认是哪台服务器在响应：拦截 TLS 的代理或防火墙需要放行该地址。如果该地址由您自己提供，请在注册信息中将 endpoints.ca 设为其证书颁发机构。',
  }),
  /** The dates of a certificate are held against the clock of whoever looks. */
  renewCertificate: step('RENEW_CERTIFICATE', {
    language: byHand,
    risk: 'online',
    needs: 'network-administrator',
    en: 'Compare the clock of the machine that looked with the dates of the certificate. If the clock is right, have the certificate renewed; if it is the certificate of a proxy or firewall, have that let this endpoint through.',
    zh: '核对检查所在机器的时钟与证书的有效期。如果时钟无误，请更新证书；如果出示证书的是代理或防火墙，请让其放行该地址。',
  }),
  letThrough: step('LET_THROUGH', {
    language: byHand,
    risk: 'online',
    needs: 'network-administrator',
    en: 'Find out which server answers: a proxy, firewall or captive portal must let this endpoint through. If the endpoint is your own, correct its address in the registration or its certificate.',
    zh: '确认是哪台服务器在响应：代理、防火墙或认证门户需要放行该地址。如果该地址由您自己提供，请更正注册信息中的地址或其证书。',
  }),
} as const

/** What lets an endpoint be reached. */
export const reachFixes = [
  networkSteps.allowOutbound,
  networkSteps.allowOutboundTo,
  networkSteps.letThrough,
  networkSteps.renewCertificate,
  networkSteps.trustTheEndpoint,
] as const

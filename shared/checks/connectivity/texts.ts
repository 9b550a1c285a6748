import type { Text } from '../../model/message.ts'

/** Texts of both connectivity items. `{where}` is the address that was tried. */
export const reachTexts = {
  DNS_FAILED: {
    en: 'The host name {host} could not be resolved ({cause}, after {ms} ms).',
    zh: '无法解析域名 {host}（{cause}，{ms} 毫秒）。',
  },
  TCP_REFUSED: {
    en: '{host} ({where}) refused the connection ({cause}, after {ms} ms).',
    zh: '{host}（{where}）拒绝连接（{cause}，{ms} 毫秒）。',
  },
  TCP_TIMEOUT: {
    en: '{host} ({where}) did not answer within {ms} ms: a firewall or security group drops the packets, or there is no route.',
    zh: '{host}（{where}）在 {ms} 毫秒内无响应：数据包可能被防火墙或安全组丢弃，或没有路由。',
  },
  TCP_FAILED: {
    en: 'The connection to {host} ({where}) failed ({cause}, after {ms} ms).',
    zh: '无法连接 {host}（{where}）（{cause}，{ms} 毫秒）。',
  },
  TLS_FAILED: {
    en: 'The TLS handshake with {host} ({where}) failed ({cause}, after {ms} ms).',
    zh: '与 {host}（{where}）的 TLS 握手失败（{cause}，{ms} 毫秒）。',
  },
  CERTIFICATE_EXPIRED: {
    en: 'The certificate of {host} ({where}) has expired, or the clock of the machine that looked is ahead.',
    zh: '{host}（{where}）的证书已过期，或检查所在机器的时钟偏快。',
  },
  CERTIFICATE_NOT_YET_VALID: {
    en: 'The certificate of {host} ({where}) is not valid yet, or the clock of the machine that looked is behind.',
    zh: '{host}（{where}）的证书尚未生效，或检查所在机器的时钟偏慢。',
  },
  CERTIFICATE_OF_ANOTHER_NAME: {
    en: 'The server at {where} answers with the certificate of another name than {host}: a proxy, a captive portal or the wrong server.',
    zh: '{where} 出示的证书与域名 {host} 不符：可能是代理、认证门户或错误的服务器。',
  },
  CERTIFICATE_UNTRUSTED: {
    en: 'The certificate of {host} ({where}) is not trusted ({cause}): a proxy intercepts TLS, or its authority is unknown here.',
    zh: '{host}（{where}）的证书不受信任（{cause}）：可能有代理拦截 TLS，或此处不信任其证书颁发机构。',
  },
  NOT_TLS: {
    en: '{host} ({where}) answered without TLS: plain HTTP, a proxy, a captive portal or another service.',
    zh: '{host}（{where}）的应答不是 TLS：可能是明文 HTTP、代理、认证门户或其他服务。',
  },
  PROXY_ANSWERED: {
    en: 'A proxy or captive portal answered in place of {host} ({where}) and wants a login (HTTP {status}).',
    zh: '代理或认证门户代替 {host}（{where}）应答，并要求身份认证（HTTP {status}）。',
  },
  HTTP_FAILED: {
    en: '{host} ({where}) accepted the connection but gave no HTTP answer ({cause}, after {ms} ms).',
    zh: '{host}（{where}）接受了连接，但没有返回 HTTP 响应（{cause}，{ms} 毫秒）。',
  },
  SERVER_ERROR: {
    en: '{host} ({where}) is reached, and answered with an error of its own (HTTP {status}).',
    zh: '可以连接 {host}（{where}），但其返回了服务器错误（HTTP {status}）。',
  },
  SLOW_CONNECT: {
    en: 'Connecting to {host} ({where}) took {ms} ms; inside a region, more than 1000 ms is not normal.',
    zh: '连接 {host}（{where}）耗时 {ms} 毫秒；同地域内通常不超过 1000 毫秒。',
  },
} as const satisfies Record<string, Text>

/** A finding of a connectivity item. */
export type ReachCode = keyof typeof reachTexts

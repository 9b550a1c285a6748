import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Server, dataFolder, freePort, startServer } from './server.ts'

/** One virtual server: a certificate with its key (PEM; left out: plain HTTP), and directives for its location `/`. */
export interface Site {
  readonly certificate?: { readonly cert: string; readonly key: string }
  readonly location: string
}

/** nginx with a port for every site. */
export interface WebServer extends Pick<Server, 'stop'> {
  readonly ports: readonly number[]
}

const siteBlock = (data: string, { certificate, location }: Site, port: number, index: number): string => {
  const path = join(data, `site${index}`)
  if (certificate) {
    writeFileSync(`${path}.pem`, certificate.cert)
    writeFileSync(`${path}.key`, certificate.key)
  }
  const tls = certificate ? `ssl_certificate ${path}.pem; ssl_certificate_key ${path}.key;` : ''
  return `server { listen 127.0.0.1:${port}${certificate ? ' ssl' : ''}; ${tls} location / { ${location} } }`
}

const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']

const configurationOf = (data: string, blocks: readonly string[]): string =>
  [
    `daemon off; master_process off; pid ${data}/pid; error_log ${data}/error.log;`,
    'events {}',
    'http {',
    'access_log off;',
    ...temporary.map((name) => `${name}_temp_path ${data}/${name};`),
    ...blocks,
    '}',
  ].join('\n')

const path = '/usr/sbin/nginx'

export const hasNginx = existsSync(path)

/** Starts nginx (Debian: `nginx-light`) with these sites and waits until it answers. */
export const startNginx = async (folder: string, sites: readonly Site[]): Promise<WebServer> => {
  const { data, options } = dataFolder(folder, 'nginx')
  const ports = await Promise.all(sites.map(freePort))
  const blocks = sites.map((site, index) => siteBlock(data, site, ports[index] ?? 0, index))
  const configuration = join(data, 'nginx.conf')
  writeFileSync(configuration, configurationOf(data, blocks))
  const settings = ['-c', configuration, '-e', join(data, 'error.log')]
  const { stop } = await startServer(path, settings, ports[0] ?? 0, options)
  return { ports, stop }
}

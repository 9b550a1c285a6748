import { quoteShell } from '../../checks/framework/quote-shell.ts'
import { readLinuxAnswer } from './linux-answer.ts'
import { type Script, addressOf, certificatesIn, marker } from './script.ts'

/** What curl is to report, in this order; times are seconds from the start ("--write-out", curl manual). */
const report = [
  'http_code',
  'remote_ip',
  'time_namelookup',
  'time_connect',
  'time_appconnect',
  'time_starttransfer',
  'time_total',
]

/** Where distributions keep the public authorities: Debian; Red Hat, Alibaba Cloud Linux; SUSE; Alpine. */
const bundles =
  '/etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/ca-bundle.pem /etc/ssl/cert.pem'

/** curl replaces the public authorities by `--cacert`, so they go into the file first. */
export const trust = (certificates: readonly string[]): string[] => {
  if (certificates.length === 0) return []
  const pem = certificates.map((content) => {
    const lines = content.replaceAll(/.{64}/g, '$&\n').trimEnd()
    return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----`
  })
  return [
    `for bundle in ${bundles}; do`,
    '  if [ -r "$bundle" ]; then cat "$bundle"; break; fi',
    'done > "$folder/ca.pem"',
    `printf '%s\\n' ${quoteShell(pem.join('\n'))} >> "$folder/ca.pem"`,
    'set -- --cacert "$folder/ca.pem"',
  ]
}

/** Whole seconds: curl before 7.32 accepts no fraction. */
export const secondsOf = (limitMs: number): number => Math.max(1, Math.floor(limitMs / 1000))

/**
 * Asks as the HTTPS probe does: HEAD, no proxy, no redirect, no settings of the user (`-q`), no patterns in the URL. Of
 * what curl says it does, only the addresses that it tried and its complaints are passed on.
 */
const reachFunction = (limitMs: number): string[] => [
  'reach() {',
  '  index=$1 url=$2',
  '  shift 2',
  `  numbers=$(curl -q --silent --show-error --verbose --head --output /dev/null --globoff --noproxy '*' --proto '=https' \\`,
  `    --connect-timeout ${secondsOf(limitMs)} --max-time ${secondsOf(limitMs)} \\`,
  `    --write-out '${report.map((name) => `%{${name}}`).join('|')}' "$@" --url "$url" 2> "$folder/$index")`,
  '  code=$?',
  `  said=$(grep -E 'Trying |failed: |^curl: ' "$folder/$index" | tail -n 5 | head -c 800 | base64 | tr -d '\\n')`,
  `  printf '${marker} %s %s|%s|%s\\n' "$index" "$code" "$numbers" "$said"`,
  '}',
]

const write: Script['write'] = ({ urls, ca }, limitMs) => {
  const calls = urls.map((url, index) => `reach ${index} ${quoteShell(addressOf(url).href)} "$@" &`)
  return [
    '# Backup Precheck: does this instance reach the endpoints below? Reads nothing and changes nothing here.',
    // Numbers with a point, messages in English.
    'export LC_ALL=C',
    `command -v curl > /dev/null 2>&1 || { echo '${marker} no-curl'; exit 0; }`,
    'folder=$(mktemp -d) || exit 1',
    `trap 'rm -rf "$folder"' EXIT`,
    'set --',
    ...trust(certificatesIn(ca)),
    ...reachFunction(limitMs),
    ...calls,
    'wait',
    '',
  ].join('\n')
}

/** Linux: `sh` with curl. */
export const linuxScript: Script = { type: 'RunShellScript', write, read: readLinuxAnswer }

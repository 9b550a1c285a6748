import { quoteShell } from '../../checks/framework/quote-shell.ts'
import type { HostAsk } from '../../checks/framework/question.ts'
import {
  type ClientFacts,
  type ClockFacts,
  type VolumeFacts,
  clientServices,
} from '../../checks/host/host-facts.ts'
import { type HostScript, clockEndpoints, decode, hostMarker, secondsOfDate } from './host-script.ts'
import { secondsOf, trust } from './linux-script.ts'
import { addressOf, certificatesIn } from './script.ts'

type Clock = Extract<HostAsk, { readonly part: 'clock' }>

const systemVolume = '/'

/** A field of at most 1500 bytes: lines of 2 KB are written to a pipe whole, though several write at once (PIPE_BUF). */
const common = (seconds: number): string[] => [
  // Numbers with a point, messages in English.
  'export LC_ALL=C',
  `say() { printf '${hostMarker} %s %s %s\\n' "$1" "$2" "$(head -c 1500 | base64 | tr -d '\\n')"; }`,
  // A file system whose server is gone answers never.
  'limit=',
  `if command -v timeout > /dev/null 2>&1; then limit='timeout -s KILL ${seconds}'; fi`,
]

const volumeFunction = [
  'volume() {',
  '  said=$($limit df -P -k -- "$2" 2>&1)',
  '  code=$?',
  `  printf '%s\\n' "$said" | tail -n 3 | say "volume-$1" "$code"`,
  '}',
]

/** systemd says `LoadState=not-found` of a unit that there is not; without systemd, processes show what runs. */
const clientFunction = [
  'client() {',
  '  {',
  `    for unit in ${clientServices.linux.join(' ')}; do`,
  '      echo "Unit=$unit"',
  '      $limit systemctl show -p LoadState -p ActiveState -p UnitFileState "$unit.service"',
  '    done',
  `    $limit ps -e -o comm= | grep -x ${clientServices.linux.map((name) => `-e ${name}`).join(' ')} | sort -u | sed 's/^/Process=/'`,
  '  } 2> /dev/null | say client 0',
  '}',
]

const clockFunction = ({ urls, ca }: Clock, limitMs: number): string[] => {
  const seconds = secondsOf(limitMs / clockEndpoints)
  const addresses = urls.slice(0, clockEndpoints).map((url) => quoteShell(addressOf(url).href))
  return [
    'clock() {',
    '  folder=$(mktemp -d) || return',
    '  set --',
    ...trust(certificatesIn(ca)),
    '  index=0',
    `  for url in ${addresses.join(' ')}; do`,
    '    before=$(date +%s)',
    `    date=$(curl -q --silent --head --output /dev/null --dump-header - --globoff --noproxy '*' --proto '=https' \\`,
    `      --connect-timeout ${seconds} --max-time ${seconds} "$@" --url "$url" 2> /dev/null |`,
    `      tr -d '\\r' | sed -n 's/^[Dd][Aa][Tt][Ee]: *//p' | head -n 1)`,
    '    after=$(date +%s)',
    `    printf '%s\\n' "$before|$after|$date" | say "clock-$index" 0`,
    '    if [ -n "$date" ]; then break; fi',
    '    index=$((index + 1))',
    '  done',
    '  rm -rf "$folder"',
    '}',
  ]
}

const callsOf = (ask: HostAsk): string[] => {
  switch (ask.part) {
    case 'volumes':
      return [systemVolume, ...ask.paths].map((path, index) => `volume ${index} ${quoteShell(path)} &`)
    case 'client':
    case 'clock':
      return [`${ask.part} &`]
    case 'writers':
      return []
  }
}

const functionsOf = (ask: HostAsk, limitMs: number): string[] => {
  switch (ask.part) {
    case 'volumes':
      return volumeFunction
    case 'client':
      return clientFunction
    case 'clock':
      return clockFunction(ask, limitMs)
    case 'writers':
      return []
  }
}

const write: HostScript['write'] = ({ asks, limitMs }) =>
  [
    '# Backup Precheck: volumes, backup client and clock of this instance. Changes nothing here.',
    ...common(secondsOf(limitMs)),
    ...asks.flatMap((ask) => functionsOf(ask, limitMs)),
    ...asks.flatMap(callsOf),
    'wait',
    '',
  ].join('\n')

/** What was said by the name of who said it, after its exit code where that is not 0. */
type Fields = ReadonlyMap<string, string>

const fieldsIn = (output: string): Fields =>
  new Map(
    [...output.matchAll(new RegExp(`^${hostMarker} (\\S+) (\\d+) (\\S*)\\s*$`, 'gm'))].map(
      ([, name = '', code = '', field = '']) => [
        name,
        code === '0' ? decode(field) : `exit code ${code}: ${decode(field).replaceAll(/\s+/g, ' ')}`,
      ],
    ),
  )

/** Filesystem, blocks of 1024 bytes in all, used and available, capacity, mount point ("df", POSIX). */
const dfLine = /^(?!exit code).*\S\s+(\d+)\s+(\d+)\s+(-?\d+)\s+(?:\d+%|-)\s+(\/.*)$/m

const volumeOf = (path: string, said: string): VolumeFacts[number] => {
  const [line, , used, available, mount] = dfLine.exec(said) ?? []
  if (line === undefined || mount === undefined) {
    return { path, mount: null, totalBytes: null, freeBytes: null, cause: said.slice(0, 200) || 'no answer' }
  }
  // What file systems keep for root is in neither, as in the capacity of df itself; it is below 0 where root uses that.
  const freeBytes = Math.max(0, Number(available)) * 1024
  return { path, mount, totalBytes: Number(used) * 1024 + freeBytes, freeBytes, cause: null }
}

const volumesIn = (fields: Fields, paths: readonly string[]): VolumeFacts | null => {
  const volumes = [systemVolume, ...paths].map((path, index) => {
    const said = fields.get(`volume-${index}`)
    return volumeOf(path, said ?? '')
  })
  return fields.has('volume-0') ? volumes : null
}

const among =
  (yes: readonly string[], no: readonly string[]) =>
  (word: string | undefined): boolean | null => {
    if (word !== undefined && yes.includes(word)) return true
    return word !== undefined && no.includes(word) ? false : null
  }

/** "ActiveState" and "UnitFileState" of systemctl(1); others (`activating`, `static`, `generated`) leave it open. */
const isRunning = among(['active', 'reloading'], ['inactive', 'failed', 'deactivating'])
const isAutomatic = among(['enabled', 'enabled-runtime'], ['disabled', 'masked', 'masked-runtime'])

const clientIn = (said: string): ClientFacts => {
  const services = clientServices.linux.flatMap((name) => {
    const [, unit = ''] = said.split(`Unit=${name}\n`)
    const [own = ''] = unit.split(/^(?:Unit|Process)=/m)
    const valueOf = (key: string) => new RegExp(`^${key}=(.*)$`, 'm').exec(own)?.[1]
    const hasProcess = new RegExp(`^Process=${name}$`, 'm').test(said)
    const hasUnit = ['loaded', 'masked'].includes(valueOf('LoadState') ?? '')
    if (!hasUnit && !hasProcess) return []
    const running = hasProcess || isRunning(valueOf('ActiveState'))
    return [{ name, running, automatic: isAutomatic(valueOf('UnitFileState')), version: null }]
  })
  return { services }
}

const clockIn = (fields: Fields, { urls }: Clock): ClockFacts | null => {
  const looks = urls.slice(0, clockEndpoints).flatMap((url, index) => {
    const [before, after, date = ''] = fields.get(`clock-${index}`)?.split('|') ?? []
    if (before === undefined || after === undefined) return []
    return [{ before: Number(before), after: Number(after), date: secondsOfDate(date), url }]
  })
  return looks.find(({ date }) => date !== null) ?? looks.at(-1) ?? null
}

const answerOf = (fields: Fields, ask: HostAsk): unknown => {
  const said = fields.get('client')
  switch (ask.part) {
    case 'volumes':
      return volumesIn(fields, ask.paths)
    case 'client':
      return said === undefined ? null : clientIn(said)
    case 'clock':
      return clockIn(fields, ask)
    case 'writers':
      return null
  }
}

const read: HostScript['read'] = (output, asks) => {
  const fields = fieldsIn(output)
  return Object.fromEntries(
    asks.flatMap((ask) => {
      const answer = answerOf(fields, ask)
      return answer === null ? [] : [[ask.part, { answer }]]
    }),
  )
}

/** Linux: `sh` with the tools of every distribution. */
export const linuxHostScript: HostScript = { type: 'RunShellScript', write, read }

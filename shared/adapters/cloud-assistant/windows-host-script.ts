import * as z from 'zod'
import type { HostAsk } from '../../checks/framework/question.ts'
import {
  type ClientFacts,
  type ClockFacts,
  type VolumeFacts,
  type WriterFacts,
  clientServices,
  sqlServerWriterId,
} from '../../checks/host/host-facts.ts'
import type { ProbeOutcome } from '../../checks/judge.ts'
import { type HostScript, clockEndpoints, decode, hostMarker, secondsOfDate } from './host-script.ts'
import { addressOf, certificatesIn } from './script.ts'
import { listOf, probe } from './windows-script.ts'

type Volumes = Extract<HostAsk, { readonly part: 'volumes' }>
type Clock = Extract<HostAsk, { readonly part: 'clock' }>

/** Written for PowerShell 3 and .NET 4.5, as the probe. What fails in a part is said in its place, and the next goes on. */
const common = `
function Write-Part($part, $look) {
  try { $content = & $look } catch { $content = @{ fault = [string]$_.Exception.Message } }
  $json = ConvertTo-Json -Compress -Depth 4 $content
  '${hostMarker} ' + $part + ' ' + [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($json))
}
function Get-Seconds { [long][Math]::Floor(([DateTime]::UtcNow - (New-Object DateTime 1970, 1, 1)).TotalSeconds) }
function Get-Services($filter) {
  @(Get-CimInstance Win32_Service -Filter $filter | Select-Object -First 8)
}
`

const base64 = (text: string): string => Buffer.from(text).toString('base64')

/** Folders travel in Base64: PowerShell takes five characters for a quote, and the shell of the agent has an encoding of its own. */
const volumesPart = ({ paths }: Volumes): string => `
$folders = ${listOf(paths.map(base64))}
Write-Part 'volumes' {
  $found = @(foreach ($folder in $folders) {
    $path = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($folder))
    try { Test-Path -LiteralPath $path } catch { $false }
  })
  $known = @(Get-CimInstance Win32_Volume | Where-Object { $_.Name -and $_.Capacity } | Select-Object -First 64)
  $volumes = @(foreach ($volume in $known) {
    @{ name = $volume.Name; total = [double]$volume.Capacity; free = [double]$volume.FreeSpace }
  })
  @{ system = $env:SystemDrive + '\\'; found = $found; volumes = $volumes }
}
`

const serviceFilter = clientServices.windows.map((name) => `DisplayName='${name}'`).join(' OR ')

const clientPart = `
Write-Part 'client' {
  $services = @(foreach ($service in (Get-Services "${serviceFilter}")) {
    $version = $null
    if ($service.PathName -match '^"?(.+?\\.exe)') {
      $path = $Matches[1]
      try { $version = [Diagnostics.FileVersionInfo]::GetVersionInfo($path).FileVersion } catch { $version = $null }
    }
    @{ name = $service.DisplayName; state = $service.State; mode = $service.StartMode; version = $version }
  })
  @{ services = $services }
}
`

/** A 32-bit agent finds the tools of a 64-bit Windows under Sysnative. Of the list, the writer of SQL Server is passed on. */
const writersPart = `
Write-Part 'writers' {
  $folder = Join-Path $env:SystemRoot 'Sysnative'
  if (-not (Test-Path -LiteralPath $folder)) { $folder = Join-Path $env:SystemRoot 'System32' }
  $start = New-Object Diagnostics.ProcessStartInfo
  $start.FileName = Join-Path $folder 'vssadmin.exe'
  $start.Arguments = 'list writers'
  $start.UseShellExecute = $false
  $start.RedirectStandardOutput = $true
  $process = [Diagnostics.Process]::Start($start)
  $reading = $process.StandardOutput.ReadToEndAsync()
  if (-not $reading.Wait([int]($limitMs / 2))) { $process.Kill(); throw 'vssadmin list writers did not end in time' }
  $lines = @($reading.Result -split '\\r?\\n')
  $writers = @(for ($at = 0; $at -lt $lines.Count; $at++) {
    if ($lines[$at] -like '*${sqlServerWriterId}*') {
      [string]::Join([string][char]10, @($lines | Select-Object -Skip $at -First 4))
    }
  })
  $service = $null
  foreach ($each in (Get-Services "Name='SQLWriter'")) { $service = @{ state = $each.State; mode = $each.StartMode } }
  $ids = @($lines | Where-Object { $_ -match '\\{[0-9A-Fa-f-]{36}\\}' })
  @{ service = $service; ids = $ids.Count; writers = @($writers | Select-Object -First 4) }
}
`

const clockPart = ({ urls, ca }: Clock): string => `
$urls = ${listOf(urls.slice(0, clockEndpoints).map((url) => addressOf(url).href))}
$authorities = ${listOf(certificatesIn(ca))}
$probe = {${probe}}
Write-Part 'clock' {
  $looks = @(foreach ($url in $urls) {
    $before = Get-Seconds
    $report = & $probe 0 $url ([int]($limitMs / ${2 * clockEndpoints})) $authorities $true
    @{ before = $before; report = [string]$report; after = (Get-Seconds) }
  })
  @{ looks = $looks }
}
`

const partOf = (ask: HostAsk): string => {
  switch (ask.part) {
    case 'volumes':
      return volumesPart(ask)
    case 'client':
      return clientPart
    case 'writers':
      return writersPart
    case 'clock':
      return clockPart(ask)
  }
}

const write: HostScript['write'] = ({ asks, limitMs }) =>
  [
    '# Backup Precheck: volumes, backup client, VSS writer and clock of this instance. Changes nothing here.',
    "$ErrorActionPreference = 'Stop'",
    `$limitMs = ${Math.max(1, Math.floor(limitMs))}`,
    common,
    ...asks.map(partOf),
  ].join('\n')

const Fault = z.object({ fault: z.string() })

const VolumesReport = z.object({
  system: z.string(),
  found: z.array(z.boolean()),
  volumes: z.array(
    z.object({ name: z.string(), total: z.number().nonnegative(), free: z.number().nonnegative() }),
  ),
})
type VolumesReport = Readonly<z.output<typeof VolumesReport>>

/** As paths are compared on Windows: a drive or a mounted folder ends in a backslash. */
const folded = (path: string): string => `${path.replaceAll('/', '\\').replace(/\\+$/, '')}\\`.toLowerCase()

/** The volume that a folder is on: the longest name that its path begins with. */
const volumeOf = (path: string, exists: boolean, { volumes }: VolumesReport): VolumeFacts[number] => {
  const [volume] = volumes
    .filter(({ name }) => folded(path).startsWith(folded(name)))
    .toSorted((one, other) => other.name.length - one.name.length)
  if (!volume || !exists) {
    const cause = exists ? 'no volume has it' : 'no such folder'
    return { path, mount: null, totalBytes: null, freeBytes: null, cause }
  }
  return { path, mount: volume.name, totalBytes: volume.total, freeBytes: volume.free, cause: null }
}

const volumesOf = (report: VolumesReport, paths: readonly string[]): VolumeFacts => [
  volumeOf(report.system, true, report),
  ...paths.map((path, index) => volumeOf(path, report.found[index] ?? false, report)),
]

/** `State` and `StartMode` of Win32_Service, which are English everywhere. */
const Service = z
  .object({ state: z.string().nullable(), mode: z.string().nullable() })
  .transform(({ state, mode }) => ({
    running:
      state === 'Running' ||
      (state === 'Stopped' || state === 'Stop Pending' || state === 'Paused' ? false : null),
    automatic: mode === 'Auto' || (mode === 'Manual' || mode === 'Disabled' ? false : null),
  }))

const ClientReport = z
  .object({
    services: z.array(
      z.object({ name: z.enum(clientServices.windows), version: z.string().nullable() }).and(Service),
    ),
  })
  .transform(({ services }): ClientFacts => ({ services }))

/** From the id on: the id of the process, the state with its number, the last error. A blank line ends a writer. */
const writerOf = (said: string): WriterFacts['writers'][number] => {
  const [own = ''] = said.split(/\n\s*\n/)
  const lines = own.split('\n').slice(1)
  const at = lines.findIndex((line) => /\[\d+\]/.test(line))
  if (at === -1) return { state: null, lastError: '' }
  const state = Number(/\[(\d+)\]/.exec(lines[at] ?? '')?.[1])
  return { state, lastError: lines[at + 1]?.trim() ?? '' }
}

const WritersReport = z
  .object({ service: Service.nullable(), ids: z.int().nonnegative(), writers: z.array(z.string()) })
  .transform(({ service, ids, writers }): WriterFacts => ({
    service,
    listed: ids,
    writers: writers.map(writerOf),
  }))

const ClockReport = z.object({
  looks: z.array(z.object({ before: z.int(), after: z.int(), report: z.string() })).min(1),
})
const DateReport = z.object({ date: z.string().nullable() })

const parsedJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** The probe says what it found in Base64 too, after a mark of its own. */
const dateIn = (report: string): number | null => {
  const { data } = DateReport.safeParse(parsedJson(decode(report.split(' ').at(-1) ?? '')))
  return typeof data?.date === 'string' ? secondsOfDate(data.date) : null
}

const clockOf = (
  { looks }: z.output<typeof ClockReport>,
  urls: readonly string[],
): ClockFacts | undefined => {
  const facts = looks.map(({ before, after, report }, index) => ({
    before,
    after,
    date: dateIn(report),
    url: urls[index] ?? null,
  }))
  return facts.find(({ date }) => date !== null) ?? facts.at(-1)
}

const answerOf = (ask: HostAsk, report: unknown): unknown => {
  switch (ask.part) {
    case 'volumes': {
      const { data } = VolumesReport.safeParse(report)
      return data && volumesOf(data, ask.paths)
    }
    case 'client':
      return ClientReport.safeParse(report).data
    case 'writers':
      return WritersReport.safeParse(report).data
    case 'clock': {
      const { data } = ClockReport.safeParse(report)
      return data && clockOf(data, ask.urls)
    }
  }
}

const outcomeOf = (ask: HostAsk, said: string): ProbeOutcome | null => {
  const report = parsedJson(decode(said))
  const fault = Fault.safeParse(report).data?.fault
  if (fault !== undefined) {
    return { problem: { code: 'HOST_PART_UNANSWERED', params: { cause: fault.slice(0, 200) } } }
  }
  const answer = answerOf(ask, report)
  return answer === undefined ? null : { answer }
}

const read: HostScript['read'] = (output, asks) =>
  Object.fromEntries(
    asks.flatMap((ask) => {
      const [, said = ''] = new RegExp(`^${hostMarker} ${ask.part} (\\S+)\\s*$`, 'm').exec(output) ?? []
      const outcome = outcomeOf(ask, said)
      return outcome === null ? [] : [[ask.part, outcome]]
    }),
  )

/** Windows: PowerShell with CIM and the classes of .NET. */
export const windowsHostScript: HostScript = { type: 'RunPowerShellScript', write, read }

import * as z from 'zod'
import type { Reach } from '../../checks/framework/answer.ts'
import { type Script, addressOf, certificatesIn, marker } from './script.ts'

/** A text as a PowerShell literal. Its curly quotes end one too, but what is quoted here is ASCII. */
const quotePowerShell = (text: string): string => `'${text.replaceAll("'", "''")}'`

/** A list of literals. */
export const listOf = (texts: readonly string[]): string => `@(${texts.map(quotePowerShell).join(', ')})`

/**
 * Runs in a runspace for each URL: DNS, TCP, TLS and HTTP one after the other. Written for PowerShell 3 and .NET 4.5
 * (Windows Server 2012). TLS 1.2 is asked for by its number (3072), for the system's default may be older. The `Date`
 * of the answer is read for who asks for it.
 */
export const probe = `
  param($index, $url, $limitMs, $authorities, $wantsDate)
  $uri = New-Object System.Uri $url
  $name = $uri.DnsSafeHost
  $watch = [Diagnostics.Stopwatch]::StartNew()
  $reach = @{ index = $index; address = $null; dns = $null; connect = $null; tls = $null; http = $null
    status = $null; phase = 'dns'; cause = $null; date = $null }
  $from = 0
  $client = $null
  function Get-Rest { [Math]::Max(1, $limitMs - [int]$watch.ElapsedMilliseconds) }
  function Get-Lap { [Math]::Round($watch.Elapsed.TotalMilliseconds - $from, 1) }
  try {
    $lookup = [Net.Dns]::BeginGetHostAddresses($name, $null, $null)
    if (-not $lookup.AsyncWaitHandle.WaitOne((Get-Rest))) { throw (New-Object TimeoutException) }
    $addresses = [Net.Dns]::EndGetHostAddresses($lookup)
    $reach.dns = Get-Lap; $from = $watch.Elapsed.TotalMilliseconds; $reach.phase = 'connect'
    foreach ($address in $addresses) {
      $reach.address = $address.ToString()
      $client = New-Object Net.Sockets.TcpClient $address.AddressFamily
      $dial = $client.BeginConnect($address, $uri.Port, $null, $null)
      if (-not $dial.AsyncWaitHandle.WaitOne((Get-Rest))) { throw (New-Object TimeoutException) }
      try { $client.EndConnect($dial); break } catch { $client.Close(); if ($address -eq $addresses[-1]) { throw } }
    }
    $reach.connect = Get-Lap; $from = $watch.Elapsed.TotalMilliseconds; $reach.phase = 'tls'
    $stream = $client.GetStream()
    $stream.ReadTimeout = Get-Rest
    $stream.WriteTimeout = Get-Rest
    $trust = {
      param($caller, $certificate, $chain, $errors)
      if ($errors -eq [Net.Security.SslPolicyErrors]::None) { return $true }
      if ($errors -ne [Net.Security.SslPolicyErrors]::RemoteCertificateChainErrors) { return $false }
      $own = New-Object Security.Cryptography.X509Certificates.X509Chain
      $own.ChainPolicy.RevocationMode = 'NoCheck'
      $own.ChainPolicy.VerificationFlags = 'AllowUnknownCertificateAuthority'
      $trusted = foreach ($authority in $authorities) {
        New-Object Security.Cryptography.X509Certificates.X509Certificate2 (, [Convert]::FromBase64String($authority))
      }
      foreach ($authority in $trusted) { [void]$own.ChainPolicy.ExtraStore.Add($authority) }
      $shown = New-Object Security.Cryptography.X509Certificates.X509Certificate2 $certificate
      if (-not $own.Build($shown)) { return $false }
      $root = $own.ChainElements[$own.ChainElements.Count - 1].Certificate.Thumbprint
      return @($trusted | Where-Object { $_.Thumbprint -eq $root }).Count -gt 0
    }
    if ($authorities.Count -eq 0) { $tls = New-Object Net.Security.SslStream $stream, $false }
    else {
      $validation = [Net.Security.RemoteCertificateValidationCallback]$trust
      $tls = New-Object Net.Security.SslStream $stream, $false, $validation
    }
    $tls.AuthenticateAsClient($name, $null, [Security.Authentication.SslProtocols]3072, $false)
    $reach.tls = Get-Lap; $from = $watch.Elapsed.TotalMilliseconds; $reach.phase = 'http'
    $stream.ReadTimeout = Get-Rest
    $lines = @("HEAD $($uri.PathAndQuery) HTTP/1.1", "Host: $($uri.Authority)", 'User-Agent: backup-precheck', 'Connection: close', '', '')
    $request = [Text.Encoding]::ASCII.GetBytes([string]::Join([string][char]13 + [char]10, $lines))
    $tls.Write($request, 0, $request.Length)
    $reader = New-Object IO.StreamReader $tls, ([Text.Encoding]::ASCII)
    $answer = $reader.ReadLine()
    if ($answer -match '^HTTP/\\d(\\.\\d)? (\\d{3})') { $reach.status = [int]$Matches[2] } else { throw 'no HTTP' }
    $reach.http = Get-Lap
    for ($left = 64; $wantsDate -and $left -gt 0 -and $watch.ElapsedMilliseconds -lt $limitMs; $left--) {
      $field = $reader.ReadLine()
      if (-not $field) { break }
      if ($field -match '^Date: *(.{1,64})$') { $reach.date = $Matches[1]; break }
    }
  } catch {
    $fault = $_.Exception
    while ($fault.InnerException) { $fault = $fault.InnerException }
    $reach.cause = $fault.Message
    if ($fault -is [Net.Sockets.SocketException]) { $reach.cause = [string]$fault.SocketErrorCode }
    if ($fault -is [TimeoutException]) { $reach.cause = 'TimedOut' }
    $reach[$reach.phase] = Get-Lap
  } finally {
    if ($client) { $client.Close() }
  }
  $json = ConvertTo-Json -Compress $reach
  '${marker} ' + [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($json))
`

const write: Script['write'] = ({ urls, ca }, limitMs) =>
  [
    '# Backup Precheck: does this instance reach the endpoints below? Reads nothing and changes nothing here.',
    "$ErrorActionPreference = 'Stop'",
    `$urls = ${listOf(urls.map((url) => addressOf(url).href))}`,
    `$authorities = ${listOf(certificatesIn(ca))}`,
    `$limitMs = ${Math.max(1, Math.floor(limitMs))}`,
    `$probe = {${probe}}`,
    '$pool = [RunspaceFactory]::CreateRunspacePool(1, $urls.Count)',
    '$pool.Open()',
    '$runs = for ($index = 0; $index -lt $urls.Count; $index++) {',
    '  $shell = [PowerShell]::Create()',
    '  $shell.RunspacePool = $pool',
    '  [void]$shell.AddScript([string]$probe).AddArgument($index).AddArgument($urls[$index]).AddArgument($limitMs).AddArgument($authorities)',
    '  @{ Shell = $shell; Handle = $shell.BeginInvoke() }',
    '}',
    'foreach ($run in $runs) { $run.Shell.EndInvoke($run.Handle) }',
    '',
  ].join('\n')

const Milliseconds = z.number().nonnegative().nullable()
const ProbeReport = z.object({
  index: z.int().nonnegative(),
  address: z.string().nullable(),
  dns: Milliseconds,
  connect: Milliseconds,
  tls: Milliseconds,
  http: Milliseconds,
  status: z.int().nullable(),
  phase: z.enum(['dns', 'connect', 'tls', 'http']),
  cause: z.string().nullable(),
})
type ProbeReport = Readonly<z.infer<typeof ProbeReport>>

/** Names of .NET (`SocketError`). */
const kinds: Readonly<Record<string, NonNullable<Reach['failure']>['kind']>> = {
  ConnectionRefused: 'refused',
  TimedOut: 'timeout',
}

const toReach = (url: string, report: ProbeReport): Reach => {
  const { address, dns, connect, tls, http, status, phase, cause } = report
  return {
    url,
    address,
    phases: { dns, connect, tls, http },
    status,
    failure: cause === null ? null : { phase, kind: kinds[cause] ?? 'other', cause },
  }
}

const readFields = (fields: string): ProbeReport[] => {
  try {
    const parsed = ProbeReport.safeParse(JSON.parse(Buffer.from(fields, 'base64').toString()))
    return parsed.success ? [parsed.data] : []
  } catch {
    return []
  }
}

const read: Script['read'] = (output, urls) => {
  const report = [...output.matchAll(new RegExp(`^${marker} (\\S+)\\s*$`, 'gm'))].flatMap(([, fields = '']) =>
    readFields(fields),
  )
  const reaches = urls.flatMap((url, position) => {
    const own = report.find(({ index }) => index === position)
    return own && (own.status === null) !== (own.cause === null) ? [toReach(url, own)] : []
  })
  return reaches.length === urls.length ? reaches : null
}

/** Windows: PowerShell with the classes of .NET. */
export const windowsScript: Script = { type: 'RunPowerShellScript', write, read }

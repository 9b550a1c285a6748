import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import * as z from 'zod'
import { demoPassword } from '../demo/scenes.ts'
import { type HostProcess, startHostProcess } from '../support/processes.ts'
import { freePort } from '../support/servers/server.ts'
import { ask } from '../support/service.ts'
import { type StandIns, startStandIns } from '../support/stand-ins.ts'

/** Prometheus and its tools, as Debian has them. */
const programs = { prometheus: '/usr/bin/prometheus', promtool: '/usr/bin/promtool' }
const isInstalled = Object.values(programs).every((path) => existsSync(path))

const examples = 'docs/examples/metrics'
const example = (name: string): string => readFileSync(join(examples, name), 'utf8')

const promtool = (args: readonly string[], input = ''): string =>
  execFileSync(programs.promtool, [...args], { input, encoding: 'utf8' })

const Rules = z.object({
  groups: z.array(z.object({ name: z.string(), rules: z.array(z.looseObject({ alert: z.string() })) })),
})
const Dashboard = z.object({
  panels: z.array(z.object({ title: z.string(), targets: z.array(z.object({ expr: z.string() })) })),
})
const Found = z.object({
  data: z.object({ result: z.array(z.object({ metric: z.record(z.string(), z.string()) })) }),
})

describe.skipIf(!isInstalled)('the metrics, scraped by Prometheus (prometheus)', () => {
  let folder: string
  let standIns: StandIns
  let host: HostProcess
  let prometheus: ChildProcess
  let address: string

  const query = async (expr: string): Promise<z.infer<typeof Found>['data']['result']> => {
    const response = await fetch(`${address}/api/v1/query?query=${encodeURIComponent(expr)}`)
    expect([expr, response.status]).toEqual([expr, 200])
    return Found.parse(await response.json()).data.result
  }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'precheck-metrics-'))
    standIns = await startStandIns()
    host = await startHostProcess(join(folder, 'data'), { PRECHECK_SECRET_DEMO: demoPassword })
    for (const engine of ['oracle', 'sqlserver'] as const) {
      const body = standIns.definitionOf(engine, 'env:PRECHECK_SECRET_DEMO')
      await ask(host, 'PUT', `/v1/instances/${engine}`, { body })
      await ask(host, 'POST', `/v1/instances/${engine}/prechecks`, { headers: { prefer: 'wait=60' } })
    }
    const webhook = { url: 'https://hooks.example/events', events: ['precheck.failed'], enabled: false }
    await ask(host, 'POST', '/v1/webhooks', { body: webhook })
    const token = join(folder, 'token')
    writeFileSync(token, host.token)
    const rules = Rules.parse(parse(example('alerts.yaml')))
    // What has to last for so long is held against the clock by promtool.
    for (const { rules: all } of rules.groups) for (const rule of all) delete rule['for']
    writeFileSync(join(folder, 'alerts.yaml'), stringify(rules))
    const settings = parse(example('prometheus.yaml')) as { scrape_configs: [Record<string, unknown>] }
    Object.assign(settings.scrape_configs[0], {
      scrape_interval: '1s',
      scrape_timeout: '1s',
      authorization: { credentials_file: token },
      static_configs: [{ targets: [new URL(host.url).host] }],
    })
    writeFileSync(
      join(folder, 'prometheus.yaml'),
      stringify({ global: { evaluation_interval: '300ms' }, ...settings }),
    )
    const port = await freePort()
    address = `http://127.0.0.1:${port}`
    prometheus = spawn(
      programs.prometheus,
      [
        `--config.file=${join(folder, 'prometheus.yaml')}`,
        `--storage.tsdb.path=${join(folder, 'tsdb')}`,
        `--web.listen-address=127.0.0.1:${port}`,
      ],
      { stdio: 'ignore' },
    )
  })
  afterAll(async () => {
    const ended = once(prometheus, 'exit')
    prometheus.kill('SIGKILL')
    await ended
    await host.kill('SIGTERM')
    await standIns.close()
    rmSync(folder, { recursive: true, force: true })
  })

  it('are what promtool and the scraper take for metrics', async () => {
    const { status, headers, text } = await ask(host, 'GET', '/metrics')
    expect([status, headers.get('content-type')]).toEqual([
      200,
      'application/openmetrics-text; version=1.0.0; charset=utf-8',
    ])
    // It reads the format before OpenMetrics, in which the family of a counter has the name of its samples.
    const counters = /^(# (?:TYPE|HELP) (?:process_cpu_seconds|backup_precheck_webhook_deliveries)) /gm
    const older = text.replaceAll(counters, '$1_total ')
    expect(promtool(['check', 'metrics'], older)).toBe('')
    expect((await fetch(`${host.url}/metrics`)).status).toBe(401)
    const isUp = async () => {
      try {
        return (await query('up == 1')).length
      } catch {
        return 0
      }
    }
    await expect.poll(isUp).toBe(1)
  })

  it('make Prometheus tell of a backup that would fail, by the alerts of the guide', async () => {
    const firing = async () => {
      const found = await query('ALERTS{alertstate="firing"}')
      return found
        .map(({ metric }) => `${metric['alertname']} ${metric['instance_id'] ?? metric['engine']}`)
        .toSorted()
    }
    await expect
      .poll(firing)
      .toEqual(
        expect.arrayContaining([
          'BackupWouldFail oracle',
          'BackupWouldFail sqlserver',
          'BackupsWouldFail oracle',
        ]),
      )
    standIns.heal()
    await ask(host, 'POST', '/v1/instances/oracle/prechecks', { headers: { prefer: 'wait=60' } })
    // In one answer: a scrape that took too long leaves all of them silent.
    await expect
      .poll(async () => (await firing()).filter((alert) => alert.startsWith('BackupWouldFail ')))
      .toEqual(['BackupWouldFail sqlserver'])
  })

  it('are all that the dashboard asks for', async () => {
    const { panels } = Dashboard.parse(JSON.parse(example('dashboard.json')))
    for (const { title, targets } of panels) {
      for (const { expr } of targets) {
        await expect.poll(async () => (await query(expr)).length, { message: title }).toBeGreaterThan(0)
      }
    }
  })

  it('have alerts that come when they should, and settings that Prometheus takes', () => {
    cpSync(join(examples, 'alerts.yaml'), join(folder, 'guide', 'alerts.yaml'))
    cpSync(join(examples, 'prometheus.yaml'), join(folder, 'guide', 'prometheus.yaml'))
    promtool(['check', 'config', '--syntax-only', join(folder, 'guide', 'prometheus.yaml')])
    const instance = 'instance_id="a",engine="oracle",region="r"'
    const series = (name: string, values: string, labels = instance) => ({
      series: `backup_precheck_${name}{${labels}}`,
      values,
    })
    const quiet = (alertname: string, eval_time: string) => ({ alertname, eval_time, exp_alerts: [] })
    const fires = (alertname: string, severity: string, eval_time: string, about = instance) => {
      const labels = `alertname="${alertname}",alertstate="firing",${about}`
      const expr = `ALERTS{alertname="${alertname}",alertstate="firing"}`
      return {
        expr,
        eval_time,
        exp_samples: [{ labels: `ALERTS{${labels},severity="${severity}"}`, value: 1 }],
      }
    }
    const scene = {
      interval: '1m',
      input_series: [
        series('outcome', '0 2x2000'),
        series('last_result_timestamp_seconds', '0x2000'),
        // A minute longer with every minute.
        series('queue_oldest_age_seconds', '0+60x2000', 'queue="checks"'),
        series('webhook_deliveries_total', '0x5 1x2000', 'webhook_id="w",outcome="dead"'),
        series('webhook_deliveries_total', '0+1x2000', 'webhook_id="w",outcome="delivered"'),
      ],
      alert_rule_test: [
        quiet('BackupWouldFail', '5m'),
        quiet('BackupNotJudged', '9m'),
        quiet('BackupNotPrechecked', '26h'),
        quiet('BackupPrecheckStands', '15m'),
        quiet('BackupEventsLost', '5m'),
        quiet('BackupEventsLost', '2h'),
      ],
      promql_expr_test: [
        fires('BackupWouldFail', 'critical', '6m'),
        fires('BackupNotPrechecked', 'warning', '1561m'),
        fires('BackupPrecheckStands', 'critical', '16m', 'queue="checks"'),
        fires('BackupEventsLost', 'warning', '6m', 'webhook_id="w"'),
      ],
    }
    const tests = { rule_files: ['alerts.yaml'], evaluation_interval: '1m', tests: [scene] }
    writeFileSync(join(folder, 'guide', 'tests.yaml'), stringify(tests))
    expect(promtool(['check', 'rules', join(folder, 'guide', 'alerts.yaml')])).toContain(
      'SUCCESS: 8 rules found',
    )
    expect(promtool(['test', 'rules', join(folder, 'guide', 'tests.yaml')])).toContain('SUCCESS')
  })
})
